// Realms: made, entered, worked in, left, and deleted; another window that shows the realm from before follows.
import { expect, test } from '../fixtures/test.ts';
import { add, openDesk, ZOE } from '../fixtures/desk.ts';
import { hydrated } from '../fixtures/device.ts';

test('a realm is made, entered, filled, left, emptied and deleted @postgres', async ({ keyroll, device, problems }) => {
  problems.allowStatus(404, 409);
  const desk = await device();
  await openDesk(desk, keyroll);
  await add(desk, ZOE);
  const { page } = desk;
  const menu = page.getByRole('button', { name: 'realm menu' });
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Realms' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Realms' })).toBeVisible();
  await page.getByRole('button', { name: 'Create realm' }).click();
  const form = page.getByRole('dialog', { name: 'Create a realm' });
  await form.getByRole('button', { name: 'Create realm' }).click();
  await expect(form.getByText('The realm’s name is missing.')).toBeVisible();
  await form.getByLabel('Name').fill('Zürich');
  await form.getByLabel(/^Classification/).fill('workforce');
  await form.getByRole('button', { name: 'Create realm' }).click();
  await expect(form).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: 'Zürich' });
  await expect(row).toContainText('workforce');

  const onlooker = await desk.context.newPage();
  await onlooker.goto(`${keyroll.url}/groups`);
  await hydrated(onlooker);

  await row.getByRole('button', { name: 'Enter Zürich' }).click();
  await page.waitForURL('**/identities');
  await hydrated(page);
  await expect(menu).toContainText('Zürich');
  await expect(page.getByRole('link', { name: ZOE.name })).toHaveCount(0);
  // The other window showed the realm from before.
  await onlooker.waitForURL('**/identities');
  await expect(onlooker.getByRole('button', { name: 'realm menu' })).toContainText('Zürich');
  await onlooker.close();

  const bo = await add(desk, { name: 'Bo Berg', username: 'bo' });
  await desk.open('/identities');
  await expect(page.getByRole('link', { name: 'Bo Berg' })).toBeVisible();
  await page.getByRole('button', { name: 'account menu' }).click();
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'My passkeys' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await desk.open('/events');
  await expect(page.getByText('Realm entered: Zürich', { exact: true })).toBeVisible();

  await menu.click();
  await page.getByRole('menuitemradio', { name: 'Keyroll' }).click();
  await expect(menu).toContainText('Keyroll');
  await expect(page.getByRole('link', { name: ZOE.name })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Bo Berg' })).toHaveCount(0);

  await desk.open('/settings/realms');
  await row.getByRole('button', { name: 'Delete Zürich' }).click();
  const asking = page.getByRole('dialog', { name: 'Delete Zürich' });
  await asking.getByRole('button', { name: 'Delete realm' }).click();
  await expect(asking.getByText('This realm has 1 identity and 0 groups, so it has not been deleted.')).toBeVisible();
  await asking.getByRole('button', { name: 'Cancel' }).click();
  await row.getByRole('button', { name: 'Enter Zürich' }).click();
  await page.waitForURL('**/identities');
  await hydrated(page);
  await desk.ask('identities/delete', { id: bo });
  await desk.open('/settings/realms');
  await page.getByRole('row').filter({ hasText: 'Zürich' }).getByRole('button', { name: 'Delete Zürich' }).click();
  await asking.getByRole('button', { name: 'Delete realm' }).click();
  // Whoever is in it is back in their own.
  await page.waitForURL('**/identities');
  await hydrated(page);
  await expect(menu).toContainText('Keyroll');
  await desk.open('/settings/realms');
  await expect(page.getByRole('row')).toHaveCount(2);
});

test('the tenant is renamed, and an edit that somebody outran is not saved', async ({ keyroll, device, problems }) => {
  problems.allowStatus(409);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/settings/realms');
  await page.getByRole('button', { name: 'Rename tenant' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename the tenant' });
  await dialog.getByLabel('Name').fill('Example');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/^Example [0-9a-f]{16}$/)).toBeVisible();

  await page.getByRole('button', { name: 'Edit Keyroll' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit Keyroll' });
  const { realms } = await desk.ask('realms/list', { after: null, live: false });
  await desk.ask('realms/update', { id: realms[0].id, version: 1, form: { display_name: 'Bern', classification: '' } });
  await edit.getByLabel('Name').fill('Basel');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit.getByText(/Somebody else saved/)).toBeVisible();
  await edit.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Bern' })).toBeVisible();
});
