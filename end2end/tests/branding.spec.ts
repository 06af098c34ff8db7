// Branding: the draft with its preview, and what people see once it is published.
import type { FrameLocator, Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { add, makeLink, openDesk, signOut, ZOE } from '../fixtures/desk.ts';

/** What was drawn last: it waits behind the one before until it has loaded. */
const drawn = (page: Page, title: string): FrameLocator => page.getByTitle(title).last().contentFrame();

test('the draft is previewed as it is typed, published, and seen by whoever comes @postgres', async ({ keyroll, device, problems }) => {
  // What does not hold is refused as it is typed; a page that reads again while its session ends is refused, too.
  problems.allowStatus(401, 422);
  problems.allowSandbox();
  const desk = await device();
  const { page } = desk;
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  await desk.open('/settings/branding');
  await expect(page.getByText('Nothing was published yet')).toBeVisible();
  await page.getByLabel('Organization').fill('Beispiel & Söhne');
  await page.getByLabel('Support address').fill('help');
  await expect(page.getByText('Write an address that begins with https://')).toBeVisible();
  await page.getByLabel('Support address').fill('https://help.example.org/keys');
  await page.getByLabel('Subject').fill('Welcome to {{ organization }}, {{ name }}');
  await expect(page.getByText('Welcome to Beispiel & Söhne, Ana Example')).toBeVisible();
  await page.getByLabel('Text').fill('Hello {{ name }}\n\n{{ lnk }}');
  await expect(page.getByText('Line 3: this variable is not known.')).toBeVisible();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('Draft saved')).toHaveCount(0);
  await page.getByLabel('Text').fill('Hello {{ name }}\n\n{{ link }}');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('This is a draft: nothing of it is in force yet.')).toBeVisible();
  await expect(drawn(page, 'The invitation in a mail program').getByText('Hello Ana Example')).toBeVisible();
  await expect(drawn(page, 'The enrollment page').getByText('Beispiel & Söhne').first()).toBeVisible();

  const person = await device();
  await person.open(link);
  await expect(person.page.getByText('Beispiel & Söhne')).toHaveCount(0);
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('published by admin')).toBeVisible();
  await person.open(link);
  await expect(person.page.getByText('Beispiel & Söhne').first()).toBeVisible();
  await expect(person.page.getByRole('link', { name: 'Get help' })).toHaveAttribute('href', 'https://help.example.org/keys');

  await desk.ask('binding-jobs/invite', { identity: id });
  await desk.open('/settings/mail');
  await page.getByRole('button', { name: /^Open mail/ }).click();
  await expect(page.getByRole('dialog', { name: `Welcome to Beispiel & Söhne, ${ZOE.name}` })).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await signOut(desk);
  await expect(page.getByText('Beispiel & Söhne')).toBeVisible();
});

const drawing = (color: string): { name: string; mimeType: string; buffer: Buffer } => ({
  name: 'logo.svg',
  mimeType: 'image/svg+xml',
  buffer: Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" onload="alert(1)"><rect width="120" height="40" rx="8" fill="${color}"/></svg>`,
  ),
});

test('pictures and colors are chosen, checked, and seen by whoever comes', async ({ keyroll, device, problems }) => {
  problems.allowStatus(401, 422);
  problems.allowSandbox();
  const desk = await device();
  const { page } = desk;
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  await desk.open('/settings/branding');
  const logo = page.locator('#field-logo');
  await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(page.getByText('This is neither a PNG nor an SVG.')).toBeVisible();
  await logo.setInputFiles(drawing('#b3261e'));
  await page.locator('#field-logo_dark').setInputFiles(drawing('#ffb4ab'));
  await expect(page.locator('.picture-field__ground img')).toHaveCount(2);
  await expect(page.locator('.picture-field__ground[data-ground="dark"]')).toBeVisible();
  await page.locator('#field-button').fill('#777777');
  await page.locator('#field-button_text').fill('#ffffff');
  await expect(page.getByText('Hard to read on this button: the contrast is 4.4 to 1')).toBeVisible();
  await page.locator('#field-button').fill('#b3261e');
  await expect(page.getByText(/The contrast is 6\.\d to 1/)).toBeVisible();
  const shown = drawn(page, 'The enrollment page');
  await expect(shown.getByRole('button', { name: 'Create a passkey' })).toHaveCSS('background-color', 'rgb(179, 38, 30)');
  await expect(drawn(page, 'The invitation in a mail program').locator('img')).toHaveAttribute('src', /^data:image\/png/);
  // What was drawn before is gone, and the way back leads to the page before, not through what was drawn.
  await expect(page.locator('iframe')).toHaveCount(2);
  await page.getByRole('button', { name: 'Send me a test' }).click();
  await expect(page.getByText(/no e-mail address/)).toBeVisible();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('published by admin')).toBeVisible();

  const person = await device();
  await person.open(link);
  const picture = person.page.locator('.doorway__logo:visible');
  await expect(picture).toHaveCount(1);
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(person.page.getByRole('button', { name: 'Create a passkey' })).toHaveCSS('background-color', 'rgb(179, 38, 30)');
  await signOut(desk);
  await expect(page.locator('.doorway__logo:visible')).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCSS('background-color', 'rgb(179, 38, 30)');
});
