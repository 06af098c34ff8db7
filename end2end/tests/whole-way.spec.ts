// From an empty folder to three people with passkeys, before the administrator's eyes.
import { devices, type Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { addByHand, FATIMA, makeLink, openDesk, type Person, showLink, signOut, WANG, ZOE } from '../fixtures/desk.ts';
import { type Device, hydrated } from '../fixtures/device.ts';
import { heading, holdFinish, READY } from '../fixtures/enrollment.ts';
import { expectStep, jobs, openTab, SECOND } from '../fixtures/jobs.ts';

/** Each with a part of the name that finds them. */
const PEOPLE: [Person, string][] = [
  [ZOE, 'angst'],
  [WANG, '秀'],
  [FATIMA, 'حس'],
];

/** Low enough for the list of jobs to scroll. */
const LOW = { viewport: { width: 1280, height: 420 } };

/** Scrolls down, leaves the focus where it is, and remembers both on the page itself, which a reload would forget. */
async function leaveAsItIs(page: Page): Promise<void> {
  await page.mouse.wheel(0, 90);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(90);
  await page.evaluate(() => Object.assign(window, { before: { focus: document.activeElement, scroll: window.scrollY } }));
}

async function expectAsItWas(page: Page): Promise<void> {
  const same = await page.evaluate(() => {
    const { before } = window as unknown as { before?: { focus: Element | null; scroll: number } };
    return { loaded: !!before, focus: before?.focus === document.activeElement, scroll: before?.scroll === window.scrollY };
  });
  expect(same).toEqual({ loaded: true, focus: true, scroll: true });
}

/** The person's part, and what the administrator sees of it, step by step. */
async function watchEnrollment(person: Person, link: string, phone: Device, desk: Page, realm: Page): Promise<void> {
  const finish = await holdFinish(phone);
  const seen = async (step: 'Opened' | 'In progress' | 'Complete') => {
    await Promise.all([expectStep(jobs(desk, person).first(), step, SECOND), expectStep(jobs(realm, person).first(), step, SECOND)]);
  };
  await phone.open(link);
  await seen('Opened');

  await expect(heading(phone)).toHaveText(`Hello ${person.name}`);
  await phone.page.getByRole('button', { name: 'Create a passkey' }).click();
  await expect(heading(phone)).toHaveText('Almost done');
  await seen('In progress');

  finish.release();
  await expect(heading(phone)).toHaveText(READY);
  await seen('Complete');
  await expect(phone.page.getByText('You can close this page.')).toBeVisible();
}

test('three people enroll and the administrator’s open pages follow within a second @postgres', async ({ keyroll, device }) => {
  test.setTimeout(180_000);
  const desk = await device({ context: LOW });
  const { page } = desk;
  await desk.open(await keyroll.firstLink());
  await expect(heading(desk)).toHaveText('Hello admin');
  await openDesk(desk, keyroll);

  const realm = await desk.context.newPage();
  await realm.goto('/identities/binding-jobs');
  await hydrated(realm);

  for (const [person] of PEOPLE) {
    await addByHand(desk, person);
    await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeFocused();
    const id = page.url().split('/').at(-1)!;
    // Older links, so that there is something to scroll.
    for (let count = 0; count < 4; count += 1) await makeLink(desk, id);

    const { dialog, link } = await showLink(desk, person);
    await expect(dialog.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await openTab(page, 'Binding jobs');
    const job = jobs(page, person).first();
    await expectStep(job, 'Sent');
    await job.getByRole('button', { name: 'Show details' }).click();
    await expect(job.getByText('Link handed out')).toBeVisible();
    await leaveAsItIs(page);

    const phone = await device({ authenticator: { synced: true }, context: devices['Pixel 7'] });
    await watchEnrollment(person, link, phone, page, realm);

    await expectAsItWas(page);
    await expect(job.getByRole('button', { name: 'Hide details' })).toHaveAttribute('aria-expanded', 'true');
    for (const step of ['Link opened', 'Passkey creation started', 'Passkey created']) await expect(job.getByText(step)).toBeVisible();

    await job.getByRole('link', { name: 'View passkey' }).first().click();
    const passkey = page.getByRole('article', { name: 'Chrome on Android' });
    await expect(passkey).toBeFocused();
    await expect(passkey.getByText('Synced')).toBeVisible();
    await expect(page.getByText('Enrolled', { exact: true })).toBeVisible();
  }

  await page.getByRole('link', { name: 'Identities', exact: true }).first().click();
  for (const [person, part] of PEOPLE) {
    await page.getByRole('searchbox', { name: 'Search identities' }).fill(part);
    const found = page.getByRole('row').filter({ has: page.getByRole('link') }).filter({ hasNot: page.getByRole('columnheader') });
    await expect(found).toHaveCount(1);
    await expect(found).toContainText(person.name);
    await expect(found).toContainText('Enrolled');
    await expect(page.getByText('1 person', { exact: true })).toBeVisible();
  }

  const inside = page.getByRole('heading', { level: 1, name: 'Identities' });
  await signOut(desk);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(inside).toBeVisible();
  await signOut(desk);
  await page.getByLabel('Username').fill('admin');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(inside).toBeVisible();
  const other = await device({ suggestions: true });
  await desk.authenticator.shareWith(other.authenticator);
  await other.page.goto('/sign-in');
  await expect(other.page.getByRole('heading', { level: 1, name: 'Identities' })).toBeVisible();
});
