// Groups: made, filled by the one and by the many, edited, and deleted with what that means.
import { expect, test } from '../fixtures/test.ts';
import { add, addMany, openDesk, ZOE } from '../fixtures/desk.ts';
import { hydrated } from '../fixtures/device.ts';

test('a group is made, filled, seen by whoever looks, and emptied again @postgres', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await add(desk, ZOE);
  const { page } = desk;
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Groups' }).click();
  await page.getByRole('link', { name: 'Add group' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Geology');
  await page.getByRole('textbox', { name: /^Description/ }).fill('Rocks and such');
  await page.getByRole('button', { name: 'Add group' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Geology' })).toBeVisible();
  await expect(page.getByText('Nobody is in this group yet')).toBeVisible();
  const onlooker = await desk.context.newPage();
  await onlooker.goto(page.url());
  await hydrated(onlooker);

  await page.getByRole('button', { name: 'Add people' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add people to the group' });
  await dialog.getByRole('searchbox').fill('zo');
  await dialog.getByLabel('Zoë Ångström (zoe)').check();
  await dialog.getByRole('button', { name: 'Add 1 person' }).click();
  await expect(dialog).toBeHidden();
  for (const window of [page, onlooker]) {
    await expect(window.getByRole('link', { name: ZOE.name })).toBeVisible();
    await expect(window.getByText('Rocks and such · 1 person')).toBeVisible();
  }
  await page.getByRole('checkbox', { name: `Choose ${ZOE.name}` }).check();
  await page.getByRole('button', { name: 'Remove from group' }).click();
  for (const window of [page, onlooker]) await expect(window.getByText('Nobody is in this group yet')).toBeVisible();
});

test('everyone who is found is added, paged through, and searched', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await addMany(desk, 70);
  const group = await desk.ask('groups/create', { form: { display_name: 'Everybody', description: '' } });
  const { page } = desk;
  await desk.open(`/groups/${group.id}`);
  await page.getByRole('button', { name: 'Add people' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add people to the group' });
  await dialog.getByRole('searchbox').fill('person');
  await dialog.getByRole('button', { name: 'Add all 70 people' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('70 people').first()).toBeVisible();
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(page.getByRole('link', { name: 'Person 070' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search members' }).fill('012');
  await expect(page.getByRole('link', { name: 'Person 012' })).toBeVisible();
  await expect(page).toHaveURL(/\?q=012$/);
  await page.getByRole('searchbox', { name: 'Search members' }).fill('');
  await page.getByRole('checkbox', { name: 'Choose everyone on this page' }).check();
  await page.getByRole('button', { name: 'Remove from group' }).click();
  await expect(page.getByText('20 people').first()).toBeVisible();
});

test('an edit that somebody else outran is not saved over theirs, and a taken name is said at its field', async ({ keyroll, device, problems }) => {
  problems.allowStatus(409, 422);
  const desk = await device();
  await openDesk(desk, keyroll);
  const group = await desk.ask('groups/create', { form: { display_name: 'Geology', description: '' } });
  const { page } = desk;
  await desk.open(`/groups/${group.id}/edit`);
  await page.getByLabel('Name', { exact: true }).fill('administrators');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('A group of this name exists already. Choose another name.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The group’s name is missing.')).toBeVisible();
  await desk.ask('groups/update', { id: group.id, version: group.version, form: { display_name: 'Rocks', description: '' } });
  await page.getByLabel('Name', { exact: true }).fill('Stones');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/Somebody else saved/)).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Stones');
  expect((await desk.ask('groups/get', { id: group.id, live: false })).display_name).toBe('Rocks');
});

test('a group that the door needs stays, and one with members goes only with their memberships', async ({ keyroll, device, problems }) => {
  problems.allowStatus(409);
  const desk = await device();
  await openDesk(desk, keyroll);
  const zoe = await add(desk, ZOE);
  const { page } = desk;
  await desk.open('/groups');
  await page.getByRole('main').getByRole('link', { name: 'Administrators' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Administrators' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete group' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Administrators' });
  await dialog.getByRole('button', { name: 'Delete group and memberships' }).click();
  await expect(dialog.getByText(/The command line needs this group/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('checkbox', { name: 'Choose admin' }).check();
  await page.getByRole('button', { name: 'Remove from group' }).click();
  await expect(page.getByText(/nobody could sign in as a full administrator/)).toBeVisible();

  const group = await desk.ask('groups/create', { form: { display_name: 'Geology', description: '' } });
  await desk.open(`/groups/${group.id}`);
  await page.getByRole('button', { name: 'Delete group' }).click();
  const second = page.getByRole('dialog', { name: 'Delete Geology' });
  await expect(second.getByText('It has no members.')).toBeVisible();
  // Whoever joins meanwhile is counted.
  await desk.ask('groups/add-members', { id: group.id, people: [zoe] });
  await expect(second.getByText('1 person would no longer be in it')).toBeVisible();
  await second.getByRole('button', { name: 'Delete group and memberships' }).click();
  await page.waitForURL('**/groups');
  await expect(page.getByRole('link', { name: 'Geology' })).toHaveCount(0);
  expect((await desk.ask('identities/get', { id: zoe, live: false })).groups).toBe(0);
});

test('groups are searched by any part of their name, and the address holds it', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  for (const name of ['Bérlin', 'Bremen', '東京']) await desk.ask('groups/create', { form: { display_name: name, description: '' } });
  const { page } = desk;
  await desk.open('/groups');
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('REM');
  await expect(page.getByRole('link', { name: 'Bremen' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Bérlin' })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('link', { name: 'Bremen' })).toBeVisible();
  await hydrated(page);
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('berl');
  await expect(page.getByRole('link', { name: 'Bérlin' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('京');
  await expect(page.getByRole('link', { name: '東京' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search groups' }).fill('nowhere');
  await expect(page.getByText('No group’s name holds “nowhere”')).toBeVisible();
});

test('people chosen on the list are put into a group, and a person leaves it on their own page', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await addMany(desk, 5);
  const { id } = await desk.ask('groups/create', { form: { display_name: 'Geology', description: '' } });
  const { page } = desk;
  await desk.open('/identities?q=person&sort=name');
  await page.getByRole('checkbox', { name: 'Choose Person 001' }).check();
  await page.getByRole('checkbox', { name: 'Choose Person 003' }).click({ modifiers: ['Shift'] });
  await expect(page.getByText('3 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Add to group' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add 3 people to a group' });
  await dialog.getByLabel('Group').selectOption({ label: 'Geology' });
  await dialog.getByRole('button', { name: 'Add to group' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: '3 people added to Geology' })).toHaveCount(1);
  await expect(page.getByText('3 selected')).toBeHidden();
  await expect(page.getByRole('row', { name: /Person 002/ })).toContainText('Geology');

  await page.getByRole('link', { name: 'Person 002' }).click();
  await page.getByRole('navigation', { name: 'Identity' }).getByRole('link', { name: 'Groups' }).click();
  await page.getByRole('button', { name: 'Remove from Geology' }).click();
  await expect(page.getByText('In no group')).toBeVisible();
  // Escape closes the dialog, and nothing has happened.
  await page.getByRole('button', { name: 'Add to group' }).click();
  const joining = page.getByRole('dialog', { name: 'Add 1 person to a group' });
  await page.keyboard.press('Escape');
  await expect(joining).toBeHidden();
  await page.getByRole('button', { name: 'Add to group' }).click();
  await joining.getByLabel('Group').selectOption({ label: 'Geology' });
  await joining.getByRole('button', { name: 'Add to group' }).click();
  await expect(page.getByRole('link', { name: 'Geology' })).toBeVisible();
  const members = await desk.ask('groups/get', { id, live: false });
  expect(members.members).toBe(3);
});
