// The door of the console.
import { expect, test } from '../fixtures/test.ts';
import { add, enter, makeLink, openDesk, signOut, ZOE } from '../fixtures/desk.ts';
import type { Device } from '../fixtures/device.ts';
import { enroll } from '../fixtures/enrollment.ts';

const button = ({ page }: Device) => page.getByRole('button', { name: 'Sign in with a passkey' });
const username = ({ page }: Device) => page.getByLabel('Username');
const inside = (device: Device) => expect(device.page.getByRole('heading', { level: 1, name: 'Identities' })).toBeVisible();

test('a passkey alone signs in, without a username', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await signOut(desk);
  await button(desk).click();
  await inside(desk);
});

test('a username and its passkey sign in, whatever the case of the letters', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await signOut(desk);
  await username(desk).fill('  ADMIN ');
  await username(desk).press('Enter');
  await inside(desk);
});

test('the username box suggests the passkey, and choosing it signs in', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const suggesting = await device({ suggestions: true });
  await desk.authenticator.shareWith(suggesting.authenticator);
  await suggesting.page.goto('/sign-in');
  await inside(suggesting);
});

test('the browser is told that the box takes passkeys', async ({ device }) => {
  const desk = await device();
  await desk.open('/sign-in');
  await expect(username(desk)).toHaveAttribute('autocomplete', 'username webauthn');
});

test('a page that was asked for before signing in is shown afterwards', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await signOut(desk);
  await desk.open(`/identities/${id}/passkeys?x=1`);
  await expect(desk.page).toHaveURL(/\/sign-in\?next=/);
  await button(desk).click();
  await expect(desk.page).toHaveURL(`/identities/${id}/passkeys?x=1`);
  await expect(desk.page.getByRole('heading', { level: 1, name: ZOE.name })).toBeVisible();
});

for (const next of ['//example.org/', '/\\example.org', 'https://example.org/', 'javascript:alert(1)']) {
  test(`signing in never leads to another site: ${next}`, async ({ keyroll, device }) => {
    const desk = await device();
    await openDesk(desk, keyroll);
    await signOut(desk);
    await desk.open(`/sign-in?next=${encodeURIComponent(next)}`);
    await button(desk).click();
    await inside(desk);
    expect(new URL(desk.page.url()).origin).toBe(keyroll.url);
  });
}

test('whoever is signed in already does not see the sign-in page', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await desk.open('/sign-in?next=%2Fidentities%2Fnew');
  await expect(desk.page).toHaveURL('/identities/new');
});

test('signing out ends the session for good, in every tab', async ({ keyroll, device, problems }) => {
  // A tab that was about to listen hears it from the refusal.
  problems.allowStatus(401);
  const desk = await device();
  await openDesk(desk, keyroll);
  const cookies = await desk.context.cookies();
  const tab = await desk.context.newPage();
  await tab.goto('/identities');
  await signOut(desk);
  await expect(tab).toHaveURL(/\/sign-in/);
  await desk.context.addCookies(cookies);
  await desk.open('/identities');
  await expect(desk.page).toHaveURL(/\/sign-in/);
});

test('a user who is not verified gets a quiet word, and is not in', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await signOut(desk);
  await desk.authenticator.setUserVerified(false);
  await button(desk).click();
  await expect(desk.page.getByRole('status').filter({ hasText: 'No passkey was used.' })).toBeVisible();
  await desk.authenticator.setUserVerified(true);
  await button(desk).click();
  await inside(desk);
});

const LIES = { 'a bogus signature': { isBogusSignature: true }, 'user verification missing': { isBadUV: true }, 'user presence missing': { isBadUP: true } };
for (const [lie, bits] of Object.entries(LIES)) {
  test(`an answer with ${lie} is refused, and an honest one is taken afterwards`, async ({ keyroll, device, problems }) => {
    const desk = await device();
    await openDesk(desk, keyroll);
    await signOut(desk);
    await desk.authenticator.lie(bits);
    problems.allowStatus(422);
    await button(desk).click();
    await expect(desk.page.getByRole('alert')).toContainText('answer could not be accepted');
    await desk.open('/identities');
    await expect(desk.page).toHaveURL(/\/sign-in/);
    await desk.authenticator.lie({});
    await button(desk).click();
    await inside(desk);
  });
}

test('an answer that is sent again opens no second session', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await signOut(desk);
  const sent = desk.page.waitForRequest('**/api/sign-in/finish');
  await button(desk).click();
  await inside(desk);
  const replayed = await desk.call('sign-in/finish', (await sent).postDataJSON());
  expect(replayed.status()).toBe(409);
  expect((await replayed.json()).code).toBe('ceremony_over');
  expect(replayed.headers()['set-cookie']).toBeUndefined();
});

test('a right passkey with another username is refused in the same words as with an unknown one', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await add(desk, ZOE);
  await signOut(desk);
  problems.allowStatus(401);
  for (const name of [ZOE.username, 'nobody.at.all']) {
    await username(desk).fill(name);
    await button(desk).click();
    await expect(desk.page.getByRole('alert')).toContainText('not the one of the username above');
    await expect(username(desk)).toHaveValue(name);
  }
});

test('a person whom the policy does not let in is told so', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const phone = await device();
  await enroll(phone, link);
  await phone.open('/sign-in');
  problems.allowStatus(403);
  await button(phone).click();
  await expect(phone.page.getByRole('alert')).toContainText('you are not allowed in here');
});

test('a passkey that was revoked or never made here opens nothing', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const other = await device();
  await enter(other, await keyroll.invite('second'));
  const me = await other.ask('sign-in/me', {});
  const [passkey] = await desk.ask('passkeys/list', { identity: me.identity, live: false });
  await desk.ask('passkeys/revoke', { id: passkey.id, reason: '' });
  await expect(other.page).toHaveURL(/\/sign-in/);
  problems.allowStatus(401);
  await button(other).click();
  await expect(other.page.getByRole('alert')).toContainText('does not open Keyroll, or no longer does');
});

const REFUSALS = {
  NotAllowedError: 'No passkey was used.',
  NotSupportedError: 'This browser cannot use your passkey.',
  SecurityError: 'This address does not match the one that your organization set up.',
  UnknownError: 'Your browser could not use a passkey.',
};
for (const [name, words] of Object.entries(REFUSALS)) {
  test(`the browser's ${name} is put into words, and another try works`, async ({ keyroll, device }) => {
    const desk = await device();
    await openDesk(desk, keyroll);
    const refusing = await device({ refuses: name });
    await desk.authenticator.shareWith(refusing.authenticator);
    await refusing.open('/sign-in');
    await button(refusing).click();
    await expect(refusing.page.getByText(words)).toBeVisible();
    await button(refusing).click();
    await inside(refusing);
  });
}

test('signing in while the server is away says so, and works once it is back', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await signOut(desk);
  problems.allowOffline();
  await keyroll.kill();
  await button(desk).click();
  await expect(desk.page.getByRole('alert')).toContainText('Keyroll cannot be reached');
  await keyroll.start();
  await button(desk).click();
  await inside(desk);
});

test('a browser without passkeys is told which ones have them', async ({ device }) => {
  const old = await device({ authenticator: false });
  await old.context.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await old.open('/sign-in');
  await expect(old.page.getByText('This browser cannot use passkeys.')).toBeVisible();
  await expect(button(old)).toBeDisabled();
});
