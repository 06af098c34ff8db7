// The policy as an administrator works on it: draft, order, publishing with its effect known, versions, the simulator.
import type { Page, Route } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { add, makeLink, openDesk, WANG, ZOE } from '../fixtures/desk.ts';
import { enroll } from '../fixtures/enrollment.ts';

const rules = (page: Page) => page.getByRole('list').filter({ has: page.locator('.rule') }).getByRole('listitem').filter({ has: page.locator('.rule__number') });

/** Adds a rule that denies everybody, with words. */
async function addClosing(page: Page, message: string): Promise<void> {
  await page.getByRole('button', { name: 'Add rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a rule' });
  await dialog.getByLabel('Then').selectOption('deny');
  await dialog.getByRole('textbox', { name: /^Message/ }).fill(message);
  await dialog.getByRole('button', { name: 'Keep in draft' }).click();
  await expect(dialog).toBeHidden();
}

async function beginDraft(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Edit rules' }).click();
  await expect(page.getByText('This is a draft: nothing of it is in force yet.')).toBeVisible();
}

test('a draft is written, put in order by keys, published, and seen by whoever looks @postgres', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/policy');
  await expect(rules(page)).toHaveCount(1);
  await expect(rules(page).first()).toContainText('Administrators');
  const onlooker = await desk.context.newPage();
  await onlooker.goto('/policy');
  await beginDraft(page);
  await expect(onlooker.getByText('This is a draft: nothing of it is in force yet.')).toBeVisible();

  await addClosing(page, 'Ask the front desk.');
  await expect(rules(page)).toHaveCount(2);
  await expect(rules(onlooker)).toHaveCount(2);
  const up = page.getByRole('button', { name: 'Move up: Rule 2' });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(rules(page).first()).toContainText('Ask the front desk.');
  // At the top the rule's focus is on what moves it back.
  await expect(page.getByRole('button', { name: 'Move down: Rule 1' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rules(page).last()).toContainText('Ask the front desk.');

  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish the draft' });
  await expect(dialog.getByText('Nobody would gain access')).toBeVisible();
  await expect(dialog.getByText('Nobody would lose access')).toBeVisible();
  await expect(dialog.locator('[data-change=entered]')).toContainText('Ask the front desk.');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/^Version 2, published by admin/)).toBeVisible();
  await expect(onlooker.getByText(/^Version 2, published by admin/)).toBeVisible();
});

test('what would lock every administrator out is refused where it is tried', async ({ keyroll, device, problems }) => {
  problems.allowStatus(409);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/policy');
  await beginDraft(page);
  await page.getByRole('button', { name: 'Remove: Rule 1' }).click();
  await expect(rules(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish the draft' });
  await expect(dialog.getByText('1 person would lose access')).toBeVisible();
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog.getByText(/nobody could sign in as a full administrator/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard draft' }).click();
  await expect(page.getByText(/^Version 1/)).toBeVisible();
});

test('of two who change the draft the second is told, and loses nothing that is saved', async ({ keyroll, device, problems }) => {
  problems.allowStatus(409);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/policy');
  await beginDraft(page);
  await page.getByRole('button', { name: 'Add rule' }).click();
  const { draft } = await desk.ask('policy/get', { live: false });
  const closed = { application: null, groups: [], status: null, passkey: null, authenticators: [], decision: 'deny', message: 'First.' };
  const first = async (route: Route) => {
    await desk.ask('policy/save-draft', { version: draft.version, rules: [...draft.rules, closed] });
    await route.continue();
  };
  await page.route('**/api/policy/save-draft', first, { times: 1 });
  const dialog = page.getByRole('dialog', { name: 'Add a rule' });
  await dialog.getByRole('button', { name: 'Keep in draft' }).click();
  await expect(dialog.getByText(/Somebody else saved/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(rules(page).last()).toContainText('First.');
});

test('the simulator says what the door would say, and the door says it', async ({ keyroll, device, problems }) => {
  // The door's refusal; and once the draft is published, a page that still asks about it.
  problems.allowStatus(403, 404);
  const desk = await device();
  await openDesk(desk, keyroll);
  const zoe = await add(desk, ZOE);
  const phone = await device({ authenticator: { synced: true } });
  await enroll(phone, (await makeLink(desk, zoe)).link);
  await add(desk, WANG);
  const { page } = desk;
  await desk.open('/policy');
  await beginDraft(page);
  await addClosing(page, 'Ask the front desk.');
  await desk.open('/policy/simulator');
  await page.getByRole('searchbox', { name: 'Search people' }).fill('zo');
  await page.getByRole('list', { name: 'People found' }).getByRole('link', { name: /Zoë/ }).click();
  await expect(page.getByText('No rule matches.')).toBeVisible();
  await expect(page.getByText('Rule 1 does not match: the person is in none of its groups.')).toBeVisible();
  await page.getByLabel('Rules').selectOption('draft');
  await expect(page.getByText('Rule 2 decides.')).toBeVisible();
  await expect(page).toHaveURL(/person=.*rules=draft/);
  await page.reload();
  await expect(page.getByText('Rule 2 decides.')).toBeVisible();

  const { draft } = await desk.ask('policy/get', { live: false });
  await desk.ask('policy/publish', { version: draft.version });
  await phone.open('/sign-in');
  await phone.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(phone.page.getByText('Ask the front desk.')).toBeVisible();
});

test('an earlier version is compared with what is in force, and restored as a draft', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/policy');
  await beginDraft(page);
  await addClosing(page, 'Ask the front desk.');
  const { draft } = await desk.ask('policy/get', { live: false });
  await desk.ask('policy/publish', { version: draft.version });
  await desk.open('/policy/versions');
  const first = page.getByRole('article', { name: 'version 1', exact: true });
  await first.getByRole('button', { name: 'Show details of version 1' }).click();
  await expect(first.locator('[data-change=entered]')).toContainText('Ask the front desk.');
  await first.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('dialog', { name: 'Restore version 1' }).getByRole('button', { name: 'Make it the draft' }).click();
  await page.waitForURL('**/policy');
  await expect(page.getByText('This is a draft: nothing of it is in force yet.')).toBeVisible();
  await expect(rules(page)).toHaveCount(1);
});

test('a rule is dragged to its place', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/policy');
  await beginDraft(page);
  await addClosing(page, 'Ask the front desk.');
  await rules(page).last().dragTo(rules(page).first());
  await expect(rules(page).first()).toContainText('Ask the front desk.');
});
