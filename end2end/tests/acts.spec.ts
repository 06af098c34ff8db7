// Suspending, reactivating, deleting; renaming and revoking passkeys.
import { expect, test } from '../fixtures/test.ts';
import { add, choose, enter, makeLink, openDesk, ZOE } from '../fixtures/desk.ts';
import type { Device } from '../fixtures/device.ts';
import { enroll } from '../fixtures/enrollment.ts';
import { openTab } from '../fixtures/jobs.ts';
import type { Keyroll } from '../fixtures/keyroll.ts';

/** A second administrator on a device of their own, signed in. */
async function colleague(keyroll: Keyroll, device: () => Promise<Device>): Promise<{ other: Device; id: string }> {
  const other = await device();
  await enter(other, await keyroll.invite('second'));
  return { other, id: (await other.ask('sign-in/me', {})).identity };
}

test('suspending signs a person out at once, and reactivating lets them in again', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { other, id } = await colleague(keyroll, device);
  const { page } = desk;
  await desk.open(`/identities/${id}`);
  await choose(desk, 'Suspend identity');
  const question = page.getByRole('dialog', { name: 'Suspend second' });
  await expect(question).toContainText('signed out everywhere');
  await question.getByRole('button', { name: 'Suspend identity' }).click();
  await expect(other.page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('Suspended', { exact: true })).toBeVisible();
  problems.allowStatus(403);
  await other.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(other.page.getByRole('alert')).toContainText('not allowed in here');

  await page.getByRole('button', { name: 'Add a passkey' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a passkey for second' });
  problems.allowStatus(409);
  await dialog.getByRole('button', { name: 'Show the link and a QR code' }).click();
  await expect(dialog.getByRole('alert')).toContainText('This identity is suspended');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await choose(desk, 'Reactivate identity');
  await page.getByRole('dialog', { name: 'Reactivate second' }).getByRole('button', { name: 'Reactivate identity' }).click();
  await expect(page.getByText('Active', { exact: true })).toBeVisible();
  await other.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(other.page.getByRole('heading', { level: 1, name: 'second' }).or(other.page.getByRole('heading', { level: 1, name: 'Identities' }))).toBeVisible();
});

test('deleting says what goes with it, and carries it out', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { other, id } = await colleague(keyroll, device);
  const { link } = await makeLink(desk, id);
  const { page } = desk;
  await desk.open(`/identities/${id}`);
  await choose(desk, 'Delete identity');
  const question = page.getByRole('dialog', { name: 'Delete second' });
  await expect(question).toContainText('1 passkey, 1 group membership and any link that is still open');
  await expect(question).toContainText('This cannot be taken back.');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'second' })).toBeVisible();
  await choose(desk, 'Delete identity');
  await question.getByRole('button', { name: 'Delete identity' }).click();
  await expect(page).toHaveURL('/identities');
  await expect(page.getByText('second deleted').first()).toBeVisible();
  await expect(page.getByText('1 person', { exact: true })).toBeVisible();
  await expect(other.page).toHaveURL(/\/sign-in/);
  problems.allowStatus(401, 404);
  await other.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(other.page.getByRole('alert')).toContainText('does not open Keyroll');
  expect((await desk.context.request.get(link)).status()).toBe(404);
  expect((await desk.call('identities/get', { id, live: false })).status()).toBe(404);
});

test('nobody can suspend or delete themselves, or revoke the passkey that they need', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  const id = (await desk.ask('sign-in/me', {})).identity;
  problems.allowStatus(409);
  await desk.open(`/identities/${id}`);
  for (const [item, title] of [
    ['Suspend identity', 'Suspend admin'],
    ['Delete identity', 'Delete admin'],
  ] as const) {
    await choose(desk, item);
    const question = page.getByRole('dialog', { name: title });
    await question.getByRole('button', { name: item }).click();
    await expect(question.getByRole('alert')).toContainText('Another administrator can.');
    await question.getByRole('button', { name: 'Cancel' }).click();
  }
  await openTab(page, 'Passkeys');
  await page.getByRole('button', { name: 'Revoke' }).click();
  const question = page.getByRole('dialog', { name: 'Revoke' });
  await question.getByRole('button', { name: 'Revoke passkey' }).click();
  await expect(question.getByRole('alert')).toContainText('This is your last passkey');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('article')).toHaveCount(1);
});

test('a passkey is renamed, with its errors beside the field', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await enroll(await device(), (await makeLink(desk, id)).link);
  const { page } = desk;
  await desk.open(`/identities/${id}/passkeys`);
  await page.getByRole('button', { name: 'Rename Chrome on Linux' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename Chrome on Linux' });
  const name = dialog.getByLabel('Name');
  await expect(name).toBeFocused();
  await expect(name).toHaveValue('Chrome on Linux');
  await name.fill('');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog).toContainText('The passkey’s name is missing.');
  await name.fill('Zoës laptop');
  await name.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('article').getByText('Zoës laptop').first()).toBeVisible();
  await expect(page.getByText('Device-bound')).toBeVisible();
  await openTab(page, 'Activity');
  await expect(page.getByText('Chrome on Linux → Zoës laptop')).toBeVisible();
});

test('revoking a passkey ends the session that was made with it, and keeps it listed with its reason', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { other, id } = await colleague(keyroll, device);
  const { page } = desk;
  await desk.open(`/identities/${id}/passkeys`);
  await page.getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke' });
  await expect(dialog).toContainText('sessions that were begun with it end');
  await dialog.getByLabel('Reason').fill('Phone lost; see ticket #7');
  await dialog.getByRole('button', { name: 'Revoke passkey' }).click();
  await expect(other.page).toHaveURL(/\/sign-in/);
  const past = page.getByRole('region', { name: 'Revoked' });
  await expect(past.getByRole('article')).toContainText('Phone lost; see ticket #7');
  await expect(page.getByRole('heading', { name: 'No passkey' })).toBeVisible();
  await expect(page.getByText('Not enrolled', { exact: true })).toBeVisible();
  await expect(past.getByRole('button', { name: /Rename|Revoke/ })).toHaveCount(0);
});

test('what happened to a person is told with who did it', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  const id = await add(desk, ZOE);
  await desk.open(`/identities/${id}/activity`);
  await expect(page.getByText('Identity added', { exact: true })).toBeVisible();
  await enroll(await device(), (await makeLink(desk, id)).link);
  for (const words of ['Link handed out', 'Link opened', 'Passkey creation started', 'Enrollment completed', 'Passkey created: Chrome on Linux']) {
    await expect(page.getByText(words, { exact: true })).toBeVisible();
  }
  await expect(page.getByRole('listitem').filter({ hasText: 'Link handed out' })).toContainText('By admin');
  await expect(page.getByRole('listitem').filter({ hasText: 'Link opened' })).toContainText('By Link holder');
});
