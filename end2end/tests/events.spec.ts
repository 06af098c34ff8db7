// The audit log as an administrator reads it.
import { readFile } from 'node:fs/promises';
import { expect, test } from '../fixtures/test.ts';
import { add, openDesk, WANG, ZOE } from '../fixtures/desk.ts';

test('what happens is seen at once, narrowed by the address, and written when it is refused @postgres', async ({ keyroll, device, problems }) => {
  problems.allowStatus(401);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Events' }).click();
  const events = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
  await expect(events.first()).toContainText('Signed in: admin');
  await expect(events.first()).toContainText('by rule 1 of the policy');
  await add(desk, ZOE);
  await expect(events.first()).toContainText(`Identity added: ${ZOE.name}`);
  await page.getByLabel('Type').selectOption({ label: 'Identity added' });
  await expect(page).toHaveURL(/\?type=identity\.created$/);
  await expect(events).toHaveCount(2);
  await add(desk, WANG);
  await expect(events).toHaveCount(3);
  await page.reload();
  await expect(events.first()).toContainText(WANG.name);

  const stranger = await device();
  await desk.authenticator.shareWith(stranger.authenticator);
  await stranger.open('/sign-in');
  await stranger.page.getByLabel('Username').fill('somebody.else');
  await stranger.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(stranger.page.getByText(/This passkey is not the one of the username/)).toBeVisible();
  await desk.open('/events?outcome=denied');
  await expect(events).toHaveCount(1);
  await expect(events.first()).toContainText('the passkey is not the one of the username that was typed');
});

test('a line unfolds to all that is known, stays so while others arrive, and leads on', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { page } = desk;
  await desk.open('/events');
  const events = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
  await page.getByRole('searchbox', { name: 'Search events' }).fill('ångström added');
  await expect(page).toHaveURL(/\?q=%C3%A5ngstr%C3%B6m%20added$/);
  await expect(events).toHaveCount(1);
  const line = events.filter({ hasText: `Identity added: ${ZOE.name}` });
  await line.getByText('Details').click();
  const known = (term: string) => line.locator('div', { has: page.locator('dt', { hasText: new RegExp(`^${term}$`) }) }).last().locator('dd');
  await expect(known('Type')).toHaveText('identity.created');
  await expect(known('By')).toContainText('admin');
  await expect(line.getByRole('link', { name: ZOE.name, exact: true })).toHaveAttribute('href', `/identities/${id}`);

  const { id: twin } = await desk.ask('identities/create', {
    form: { display_name: 'Åse Ångström', username: 'ase', email: '', external_id: '', traits: {} },
    groups: [],
  });
  await expect(events).toHaveCount(2);
  await expect(known('Type')).toBeVisible();
  // The newer reading brings the seal of what is shown.
  await expect(known('Line of the log')).toHaveText(/^\d+$/);
  await expect(known('Seal')).toHaveText(/^[0-9a-f]{64}$/);

  await line.getByRole('link', { name: `Show all events of ${ZOE.name}` }).click();
  await expect(page).toHaveURL(`${keyroll.url}/events?target=identity%3A${id}`);
  await expect(events).toHaveCount(1);
  await page.getByRole('link', { name: 'Events about everything' }).click();
  await expect(page).toHaveURL(`${keyroll.url}/events`);
  await expect(events.filter({ hasText: 'Åse Ångström' })).toHaveCount(1);
  expect(twin).toBeTruthy();

  await page.getByLabel('From', { exact: true }).fill('2999-01-01');
  await expect(page.getByText('Nothing of this kind has happened')).toBeVisible();
  await expect(page).toHaveURL(/\?from=2999-01-01$/);
});

test('the log is carried away as the page shows it, and that is an event', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await add(desk, ZOE);
  const { page } = desk;
  await desk.open('/events?type=identity.created');
  for (const [format, name] of [['CSV', 'events.csv'], ['JSON Lines', 'events.jsonl']]) {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: format, exact: true }).click()]);
    expect(download.suggestedFilename()).toBe(name);
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toContain(ZOE.name);
    expect(text).not.toContain('sign_in.allowed');
  }
  await desk.open('/events');
  const events = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
  await expect(events.filter({ hasText: 'Events exported' })).toHaveCount(2);
});

test('a group has its own activity', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const group = await desk.ask('groups/create', { form: { display_name: 'Geology', description: '' } });
  const { page } = desk;
  await desk.open(`/groups/${group.id}`);
  await page.getByRole('navigation', { name: 'Group' }).getByRole('link', { name: 'Activity' }).click();
  const activity = page.getByRole('main').getByRole('list', { name: 'Activity' }).getByRole('listitem');
  await expect(activity).toHaveCount(1);
  await desk.ask('groups/add-members', { id: group.id, people: [id] });
  await expect(activity).toHaveCount(2);
  await expect(activity.first()).toContainText('Added to group');
  await page.reload();
  await expect(activity).toHaveCount(2);
});
