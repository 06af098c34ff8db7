// Who may do what: roles, sessions, and the passkey that is asked for once more.
import { expect, test } from '../fixtures/test.ts';
import { add, choose, makeLink, openDesk, WANG, ZOE } from '../fixtures/desk.ts';
import { enroll } from '../fixtures/enrollment.ts';

test('the page says who can enter and why, warns of a single passkey, and ends sessions @postgres', async ({ keyroll, device, problems }) => {
  problems.allowStatus(401);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/settings/administrators');
  await expect(page.getByText('There is one full administrator, with one passkey.')).toBeVisible();
  const me = page.getByRole('article', { name: 'admin' });
  await expect(me).toContainText('Full administrator by membership of Administrators. Rule 1 of the policy lets them in.');

  const elsewhere = await device();
  await desk.authenticator.shareWith(elsewhere.authenticator);
  await elsewhere.open('/sign-in');
  await elsewhere.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await elsewhere.page.waitForURL('**/identities');
  await page.getByRole('button', { name: 'Show details of admin' }).click();
  const sessions = me.getByRole('listitem').filter({ hasText: 'last seen' });
  await expect(sessions).toHaveCount(2);
  await sessions.filter({ hasNotText: 'This one' }).getByRole('button', { name: /^End/ }).click();
  await expect(sessions).toHaveCount(1);
  await elsewhere.page.waitForURL(/\/sign-in\?next=/);
});

test('helpdesk sees and does what the role allows, and nothing else', async ({ keyroll, device, problems }) => {
  problems.allowStatus(403);
  const desk = await device();
  await openDesk(desk, keyroll);
  const [administrators] = await desk.ask('groups/all', {});
  const zoe = await add(desk, ZOE);
  const wang = await add(desk, WANG);
  keyroll.sql(`INSERT INTO groups (id, realm_id, display_name, name_key, description, member_count, version, created_at, updated_at) VALUES (77, (SELECT id FROM realms), 'Helpdesk', 'helpdesk', '', 1, 1, 1, 1);
    INSERT INTO group_members VALUES (77, ${BigInt(`0x${zoe}`)}, 1)`);
  const { page } = desk;
  await desk.open('/settings/administrators');
  await page.getByRole('button', { name: 'Change groups of Helpdesk' }).click();
  const dialog = page.getByRole('dialog', { name: 'Groups with the role Helpdesk' });
  await dialog.getByLabel('Helpdesk').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row', { name: /^Helpdesk/ })).toContainText('Reads people and events');
  const rule = (group: string) => ({ application: 'console', groups: [group], status: null, passkey: null, authenticators: [], decision: 'allow', message: null });
  await desk.ask('policy/save-draft', { version: 0, rules: [rule(administrators.id), rule('000000000000004d')] });
  await desk.ask('policy/publish', { version: 1 });

  const helper = await device();
  await enroll(helper, (await makeLink(desk, zoe)).link);
  await helper.page.getByRole('link', { name: 'Open Keyroll' }).click();
  await helper.page.waitForURL('**/identities');
  const nav = helper.page.getByRole('navigation', { name: 'Console' });
  await expect(nav.getByRole('link', { name: 'Identities' })).toBeVisible();
  await expect(nav.getByRole('link', { name: 'Policy' })).toHaveCount(0);
  await expect(nav.getByRole('link', { name: 'Administrators' })).toHaveCount(0);
  await expect(helper.page.getByRole('link', { name: 'Add identity' })).toHaveCount(0);
  await helper.open(`/identities/${wang}`);
  await expect(helper.page.getByRole('button', { name: 'Add a passkey' }).first()).toBeVisible();
  await expect(helper.page.getByRole('link', { name: 'Edit identity' })).toHaveCount(0);
  await expect(helper.page.getByRole('button', { name: 'More actions' })).toHaveCount(0);
  for (const [call, body] of [['policy/get', { live: false }], ['identities/delete', { id: wang }], ['administrators/list', { live: false }]] as const) {
    expect((await helper.call(call, body)).status(), call).toBe(403);
  }
});

test('a destructive act asks for the passkey again when it was used long ago', async ({ keyroll, device, problems }) => {
  problems.allowStatus(403);
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { page } = desk;
  await desk.open(`/identities/${id}`);
  keyroll.sql('UPDATE sessions SET verified_at = 0');
  await desk.authenticator.setUserVerified(false);
  await choose(desk, 'Delete identity');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Delete identity' }).click();
  await expect(dialog.getByText('This needs your passkey once more. Nothing has changed; try again and confirm.')).toBeVisible({ timeout: 30_000 });
  expect((await desk.ask('identities/get', { id, live: false })).id).toBe(id);
  await desk.authenticator.setUserVerified(true);
  await dialog.getByRole('button', { name: 'Delete identity' }).click();
  await page.waitForURL('**/identities');
  await expect(page.locator('.toast__text', { hasText: 'Zoë Ångström deleted' })).toBeVisible();
});
