// Whoever is signed out reaches nothing but sign-in and enrollment; what every answer says to the browser.
import type { APIResponse } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { add, makeLink, openDesk, signOut, ZOE } from '../fixtures/desk.ts';
import type { Device } from '../fixtures/device.ts';

const PAGES = ['/', '/identities', '/identities/new', '/identities/binding-jobs', '/no/such/page'];
const TABS = ['', '/edit', '/passkeys', '/binding-jobs', '/groups', '/activity'];

/** The calls that need somebody signed in. */
const CALLS: Record<string, object> = {
  'identities/list': { request: { search: '', sort: 'name', descending: false }, live: false },
  'identities/summary': { live: false },
  'groups/list': { request: { search: '', after: null }, live: false },
  'sign-in/me': {},
  'passkeys/accepted': {},
  'binding-jobs/list': { identity: null, before: null, live: false },
};

async function expectSecurityHeaders(answer: APIResponse): Promise<void> {
  const headers = answer.headers();
  const policy = headers['content-security-policy'] ?? '';
  for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "style-src 'self'"]) {
    expect(policy, answer.url()).toContain(part);
  }
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toMatch(/'unsafe-eval'/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['cache-control']).toContain('no-store');
  expect(headers['x-request-id']).toBeTruthy();
}

test('a signed-out visitor is led to sign in from every page, and sees nothing of it', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const visitor = await device();
  for (const path of [...PAGES, ...TABS.map((tab) => `/identities/${id}${tab}`)]) {
    const answer = await visitor.context.request.get(path, { maxRedirects: 0 });
    expect(answer.status(), path).toBe(303);
    expect(answer.headers().location).toBe(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`);
    expect(await answer.text()).not.toContain(ZOE.name);
  }
  for (const [call, body] of Object.entries(CALLS)) {
    const answer = await visitor.call(call, body);
    expect(answer.status(), call).toBe(401);
    expect((await answer.json()).code).toBe('signed_out');
  }
  expect((await visitor.context.request.get('/live')).status()).toBe(401);
});

test('a session that ends while a page is open leads to sign in, and back', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/identities?sort=name');
  problems.allowStatus(401);
  keyroll.sql('DELETE FROM sessions');
  await page.getByRole('searchbox', { name: 'Search identities' }).fill('a');
  await page.waitForURL(/\/sign-in\?next=/);
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page).toHaveURL(/\/identities\?.*sort=name/);
});

test('every page has a strict policy of its own', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  const nonces = new Set<string>();
  const addresses = ['/identities', '/identities', `/identities/${id}`, '/no/such/page', link];
  for (const address of addresses) {
    const answer = await desk.context.request.get(address);
    await expectSecurityHeaders(answer);
    const nonce = /'nonce-([^']+)'/.exec(answer.headers()['content-security-policy']!)![1]!;
    expect(await answer.text()).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(addresses.length);
});

test('what is written into a page is text, whatever it looks like', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const form = {
    display_name: 'Zoë “&amp” Å',
    username: 'zoe',
    email: '',
    external_id: '<img src=x onerror=alert(1)>',
    traits: { department: '</script><script>alert(1)</script>', title: '{{7*7}}' },
  };
  const { id } = await desk.ask('identities/create', { form, groups: [] });
  desk.page.on('dialog', () => {
    throw new Error('a script ran');
  });
  await desk.open(`/identities/${id}`);
  for (const text of [form.external_id, form.traits.department, form.traits.title]) {
    await expect(desk.page.getByText(text, { exact: true })).toBeVisible();
  }
  await expect(desk.page.getByRole('heading', { level: 1, name: form.display_name })).toBeVisible();
});

test('another site can neither act in a signed-in browser nor frame a page', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const form = { display_name: 'Mallory', username: 'mallory', email: '', external_id: '', traits: {} };
  const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }];
  for (const headers of foreign) {
    const answer = await desk.context.request.post('/api/identities/create', { data: { form, groups: [] }, headers });
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
  }
  expect(await desk.ask('identities/summary', { live: false })).toMatchObject({ unenrolled: 0 });
});

test('the session cookie cannot be read by scripts nor sent along from other sites', async ({ keyroll, device }) => {
  const desk: Device = await device();
  await openDesk(desk, keyroll);
  const [session] = (await desk.context.cookies()).filter((cookie) => /session$/.test(cookie.name));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(await desk.page.evaluate(() => document.cookie)).not.toContain('session');
  expect(keyroll.sql('SELECT * FROM sessions')).not.toContain(session!.value);
  await signOut(desk);
  expect((await desk.context.cookies()).filter((cookie) => /session$/.test(cookie.name))).toEqual([]);
});
