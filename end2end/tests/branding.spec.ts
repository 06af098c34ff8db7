// Branding: the draft with its preview, and what people see once it is published.
import { expect, test } from '../fixtures/test.ts';
import { add, makeLink, openDesk, signOut, ZOE } from '../fixtures/desk.ts';

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
  await expect(page.frameLocator('iframe').getByText('Hello Ana Example')).toBeVisible();

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
