// The whole way with the keyboard alone, and the focus always to be seen.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { WANG, ZOE } from '../fixtures/desk.ts';
import { type Device, hydrated } from '../fixtures/device.ts';
import { heading, READY } from '../fixtures/enrollment.ts';
import { expectStep, jobs } from '../fixtures/jobs.ts';

/** Whether what has the focus shows it. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const ring = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement!);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  expect(ring, await page.evaluate(() => `no ring around ${document.activeElement!.outerHTML.slice(0, 200)}`)).toBe(true);
}

/** Presses Tab until the target has the focus; whatever lies between has shown it, too. */
async function tabTo(target: Locator, key = 'Tab'): Promise<void> {
  const page = target.page();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; !(await isThere()); presses += 1) {
    expect(presses, `${target} is not reached`).toBeLessThan(80);
    await page.keyboard.press(key);
    if (await page.evaluate(() => document.activeElement !== document.body)) await expectVisibleFocus(page);
  }
}

async function pressOn(target: Locator, key = 'Enter'): Promise<void> {
  await expect(target).toBeVisible();
  await tabTo(target);
  await target.page().keyboard.press(key);
}

async function enrollByKeyboard(device: Device, link: string): Promise<void> {
  await device.open(link);
  await pressOn(device.page.getByRole('button', { name: 'Create a passkey' }), 'Space');
  await expect(heading(device)).toHaveText(READY);
}

test('from the first link to a person’s passkey, and out and in again', async ({ keyroll, device }) => {
  test.setTimeout(120_000);
  const desk = await device();
  const { page } = desk;
  const { keyboard } = page;
  await enrollByKeyboard(desk, await keyroll.firstLink());
  await pressOn(page.getByRole('link', { name: 'Open Keyroll' }));
  await page.waitForURL('**/identities');
  await hydrated(page);

  await keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await keyboard.press('Enter');
  await pressOn(page.getByRole('link', { name: 'Add identity' }));
  await tabTo(page.getByLabel('Name', { exact: true }));
  await keyboard.type(ZOE.name);
  await keyboard.press('Tab');
  await keyboard.type(ZOE.username);
  await keyboard.press('Tab');
  await keyboard.type(ZOE.email!);
  await keyboard.press('Enter');

  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeFocused();
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Add a passkey for ${ZOE.name}` });
  await pressOn(dialog.getByRole('button', { name: 'Show the link and a QR code' }));
  await expect(dialog.getByRole('button', { name: 'Copy link' })).toBeFocused();
  const link = (await dialog.locator('code').textContent())!;
  await pressOn(dialog.getByRole('button', { name: 'Done' }));
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeFocused();

  await pressOn(page.getByRole('navigation', { name: 'Identity' }).getByRole('link', { name: 'Binding jobs' }));
  await pressOn(jobs(page, ZOE).getByRole('button', { name: 'Show details' }), 'Space');
  await expect(jobs(page, ZOE).getByText('Link handed out')).toBeVisible();
  await enrollByKeyboard(await device(), link);
  await expectStep(jobs(page, ZOE), 'Complete');
  await pressOn(jobs(page, ZOE).getByRole('link', { name: 'View passkey' }).first());
  await expect(page.getByRole('article', { name: 'Chrome on Linux' })).toBeFocused();
  await pressOn(page.getByRole('button', { name: 'Rename' }));
  await keyboard.press('Control+a');
  await keyboard.type('Zoës phone');
  await keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Rename Zoës phone' })).toBeFocused();

  await pressOn(page.getByRole('button', { name: 'account menu' }));
  await expect(page.getByRole('menuitem', { name: 'My passkeys' })).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused();
  await expectVisibleFocus(page);
  await keyboard.press('Enter');
  await page.waitForURL('**/sign-in');
  await hydrated(page);
  await tabTo(page.getByLabel('Username'));
  await keyboard.type('admin');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Identities' })).toBeVisible();
});

test('menus open, walk and close by key, and give the focus back', async ({ keyroll, device }) => {
  const desk = await device();
  const { page } = desk;
  const { keyboard } = page;
  await enrollByKeyboard(desk, await keyroll.firstLink());
  await desk.open('/identities');
  const status = page.getByRole('button', { name: 'Status' });
  await pressOn(status, 'Space');
  const item = (name: string) => page.getByRole('menuitemradio', { name });
  await expect(item('Any status')).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(item('Suspended')).toBeFocused();
  await keyboard.press('Home');
  await expect(item('Any status')).toBeFocused();
  await keyboard.press('End');
  await expect(item('Suspended')).toBeFocused();
  await keyboard.press('a');
  await expect(item('Any status')).toBeFocused();
  await keyboard.press('Escape');
  await expect(item('Any status')).toBeHidden();
  await expect(status).toBeFocused();
  await keyboard.press('Enter');
  await expect(item('Any status')).toBeFocused();
  await keyboard.press('End');
  await expect(item('Suspended')).toBeFocused();
  await keyboard.press('Enter');
  await expect(page).toHaveURL(/status=suspended/);
});

test('the palette finds people, pages and actions by a few keys', async ({ keyroll, device }) => {
  const desk = await device();
  const { page } = desk;
  const { keyboard } = page;
  await enrollByKeyboard(desk, await keyroll.firstLink());
  const form = (name: string, username: string) => ({ display_name: name, username, email: '', external_id: '', traits: {} });
  await desk.ask('identities/create', { form: form(WANG.name, WANG.username), groups: [] });
  await desk.open('/identities');
  const palette = page.getByRole('dialog', { name: 'Search people, pages and actions' });
  const marked = palette.getByRole('option', { selected: true });

  await keyboard.press('/');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await keyboard.type('王');
  await expect(marked).toContainText(WANG.name);
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: WANG.name })).toBeVisible();
  await expect(palette).toBeHidden();

  await keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(marked).toContainText('Binding jobs');
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  await expect(marked).toContainText('Sign out');
  await keyboard.press('Escape');
  await expect(palette).toBeHidden();

  // Faster than the browser tells that it was closed.
  await keyboard.press('/');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await palette.evaluate((dialog: HTMLDialogElement) => {
    dialog.close();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
    return new Promise((told) => dialog.addEventListener('close', told, { once: true }));
  });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await keyboard.type('add id');
  await expect(marked).toContainText('Add identity');
  await keyboard.press('Enter');
  await expect(page).toHaveURL('/identities/new');
  // In a field a slash is a slash.
  await page.getByLabel('Name', { exact: true }).focus();
  await keyboard.type('a/b');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('a/b');
  await expect(palette).toBeHidden();
});

test('Escape closes a dialog and gives the focus back to what opened it', async ({ keyroll, device }) => {
  const desk = await device();
  const { page } = desk;
  await enrollByKeyboard(desk, await keyroll.firstLink());
  const me = (await desk.ask('sign-in/me', {})).identity;
  await desk.open(`/identities/${me}/passkeys`);
  const rename = page.getByRole('button', { name: /^Rename/ });
  await pressOn(rename);
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(rename).toBeFocused();
});
