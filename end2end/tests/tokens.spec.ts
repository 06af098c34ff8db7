// What programs get in with: tokens and the application's secret, made, used and ended; and the command for a link.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { add, openDesk, type Person } from '../fixtures/desk.ts';
import { enroll } from '../fixtures/enrollment.ts';
import { expectStep, jobs } from '../fixtures/jobs.ts';

/** A name that would do harm where it is not taken as text. */
const OBRIEN: Person = { name: 'Niamh O\'Brien "Ní" & (Co)', username: "o'brien" };

/** Makes a token in the page, which shows it once. */
async function makeToken(page: Page, name: string, ...scopes: string[]): Promise<string> {
  await page.getByRole('button', { name: 'Create token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a token' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  for (const scope of scopes) await dialog.getByRole('checkbox', { name: scope }).check();
  await dialog.getByRole('button', { name: 'Create token' }).click();
  return secretOf(page, 'Your new token');
}

/** Reads the secret that is shown, and closes the dialog over it. */
async function secretOf(page: Page, title: string): Promise<string> {
  const shown = page.getByRole('dialog', { name: title });
  const secret = await shown.locator('.code-box__text').textContent();
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect(shown).toBeHidden();
  expect(await page.content()).not.toContain(secret!);
  return secret!;
}

function get(url: string, token: string): Promise<Response> {
  return fetch(url, { headers: { Authorization: `Bearer ${token}` } });
}

test('a token is made with what it may do, shown once, used, and revoked', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'API tokens' }).click();
  await expect(page.getByText('No token yet')).toBeVisible();

  await page.getByRole('button', { name: 'Create token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a token' });
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await expect(dialog.getByText('The token’s name is missing.')).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('Zürich import');
  await dialog.getByLabel(/^Addresses/).fill('everywhere');
  await dialog.getByLabel(/^Days/).fill('0');
  await dialog.getByRole('button', { name: 'Create token' }).click();
  await expect(dialog.locator('[data-error]')).toHaveCount(3);
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const token = await makeToken(page, 'Zürich import', 'May read people and their traits');
  const row = page.getByRole('row').filter({ hasText: 'Zürich import' });
  await expect(row).toContainText('identities:read');
  await expect(row).toContainText('Never');

  const { api } = await desk.ask('tokens/get', { live: false });
  expect((await get(`${api}/identities`, token)).status).toBe(200);
  expect((await get(`${api}/groups`, token)).status).toBe(403);
  await page.reload();
  await expect(row).not.toContainText('Never');
  expect(await page.content()).not.toContain(token);

  await row.getByRole('button', { name: 'Revoke Zürich import' }).click();
  await page.getByRole('dialog', { name: 'Revoke Zürich import' }).getByRole('button', { name: 'Revoke token' }).click();
  await expect(page.getByText('No token yet')).toBeVisible();
  expect((await get(`${api}/identities`, token)).status).toBe(401);
});

test('the application has tokens for its secret, until that is replaced or withdrawn', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/settings/tokens');
  const { api, client } = await desk.ask('tokens/get', { live: false });
  const grant = (secret: string) =>
    fetch(`${api}/applications/${client.id}/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${client.id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
  const makeSecret = async (verb: 'Create' | 'Replace'): Promise<string> => {
    await page.getByRole('button', { name: new RegExp(`^${verb} (a|the) secret$`) }).click();
    const dialog = page.getByRole('dialog', { name: `${verb} ${verb === 'Create' ? 'a' : 'the'} client secret` });
    await dialog.getByRole('checkbox', { name: 'May read groups and' }).check();
    await dialog.getByRole('button', { name: `${verb} secret` }).click();
    return secretOf(page, 'The new secret');
  };

  const first = await makeSecret('Create');
  await expect(page.getByText('Made by admin')).toBeVisible();
  const { access_token } = await (await grant(first)).json();
  expect((await get(`${api}/groups`, access_token)).status).toBe(200);
  expect((await get(`${api}/identities`, access_token)).status).toBe(403);

  const second = await makeSecret('Replace');
  expect((await grant(first)).status).toBe(401);
  expect((await get(`${api}/groups`, access_token)).status).toBe(401);
  expect((await grant(second)).status).toBe(200);

  await page.getByRole('button', { name: 'Withdraw the secret' }).click();
  await page.getByRole('dialog', { name: 'Withdraw the secret' }).getByRole('button', { name: 'Withdraw secret' }).click();
  await expect(page.getByText('There is none.')).toBeVisible();
  expect((await grant(second)).status).toBe(401);
});

test('the generated command, typed as it stands, prints a link that leads to a passkey', async ({ keyroll, device }) => {
  const desk = await device({ context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await openDesk(desk, keyroll);
  const { page } = desk;
  const id = await add(desk, OBRIEN);
  await desk.open('/settings/tokens');
  const token = await makeToken(page, 'Desk', 'May invite people');

  await desk.open(`/identities/${id}/binding-jobs`);
  await page.getByRole('button', { name: 'Add a passkey' }).first().click();
  const dialog = page.getByRole('dialog', { name: `Add a passkey for ${OBRIEN.name}` });
  await dialog.getByRole('button', { name: 'Generate a link with the API' }).click();
  await expect(dialog.getByRole('link', { name: 'API token' })).toHaveAttribute('href', '/settings/tokens');
  await dialog.getByRole('button', { name: 'Generate curl' }).click();
  const box = dialog.getByRole('region', { name: 'macOS and Linux' });
  await expect(box.locator('code')).toContainText(`/identities/${id}/credential-binding-jobs`);
  await expect(dialog.getByRole('region', { name: 'PowerShell' }).locator('code')).toContainText('$env:KEYROLL_TOKEN');
  await box.getByRole('button', { name: /^Copy/ }).click();
  await expect(box.getByRole('status')).toHaveText('Copied');
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toBe(await box.locator('code').textContent());
  expect(command).not.toContain(token);
  await dialog.getByRole('button', { name: 'Done' }).click();

  for (const shell of ['sh', 'bash']) {
    const { stdout } = await promisify(execFile)(shell, ['-c', command], { env: { ...process.env, KEYROLL_TOKEN: token } });
    const { credential_binding_link: link } = JSON.parse(stdout);
    await expectStep(jobs(page, OBRIEN).first(), 'Sent');
    await enroll(await device(), link);
    await expectStep(jobs(page, OBRIEN).first(), 'Complete');
  }
});

test('a person whom a program invited goes on to where it wants them', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, OBRIEN);
  const form = { name: 'Desk', scopes: ['credential-binding-jobs:create'], days: '1', everywhere: false, addresses: '' };
  const { secret } = await desk.ask('tokens/create', { form });
  const { api } = await desk.ask('tokens/get', { live: false });
  const made = await fetch(`${api}/identities/${id}/credential-binding-jobs`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ job: { delivery_method: 'RETURN', post_binding_redirect_uri: 'https://example.org/welcome?to=them' } }),
  });
  const person = await device();
  await person.page.route('https://example.org/**', (route) => route.fulfill({ body: 'Welcome' }));
  await enroll(person, (await made.json()).credential_binding_link);
  await expect(person.page.getByText('You can go on.')).toBeVisible();
  await person.page.getByRole('link', { name: 'Continue to example.org' }).click();
  await person.page.waitForURL('https://example.org/welcome?to=them');
});
