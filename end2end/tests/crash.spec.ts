// The server is killed outright between any two steps and started again: nothing lost, nothing doubled.
import type { Route } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { add, makeLink, openDesk, WANG, ZOE } from '../fixtures/desk.ts';
import { type Device, hydrated } from '../fixtures/device.ts';
import { beginEnrollment, heading, holdFinish, READY } from '../fixtures/enrollment.ts';
import { expectStep, jobs } from '../fixtures/jobs.ts';
import type { Keyroll } from '../fixtures/keyroll.ts';

/** The server does what it is asked, once, and dies before its answer arrives. */
async function loseAnswer({ page }: Device, keyroll: Keyroll, call: string): Promise<void> {
  const lose = async (route: Route) => {
    const answer = await route.fetch();
    expect(answer.ok()).toBe(true);
    await keyroll.kill();
    await route.abort('connectionreset');
  };
  await page.route(`**/api/${call}`, lose, { times: 1 });
}

const passkeys = (desk: Device, identity: string) => desk.ask('passkeys/list', { identity, live: false });
const people = (desk: Device) => desk.ask('identities/summary', { live: false });

test('between any two steps of an enrollment, seen from both sides @postgres', async ({ keyroll, device, problems }) => {
  test.setTimeout(120_000);
  problems.allowOffline();
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await desk.open(`/identities/${id}/binding-jobs`);
  const { link } = await makeLink(desk, id);
  const job = jobs(desk.page, ZOE);
  await expectStep(job, 'Sent');
  await job.getByRole('button', { name: 'Show details' }).click();

  await keyroll.restart();
  const person = await device();
  await person.open(link);
  await expectStep(job, 'Opened');

  await keyroll.restart();
  const finish = await holdFinish(person);
  await person.page.getByRole('button', { name: 'Create a passkey' }).click();
  await finish.held;
  await expectStep(job, 'In progress');

  await keyroll.restart();
  finish.release();
  await expect(heading(person)).toHaveText(READY);
  await expectStep(job, 'Complete');

  await keyroll.restart();
  await expect(job.getByRole('button', { name: 'Hide details' })).toBeVisible();
  await expect(job.getByText('Passkey created', { exact: true })).toBeVisible();
  expect(await passkeys(desk, id)).toHaveLength(1);
  expect(keyroll.sql("SELECT count(*) FROM binding_job_steps JOIN binding_jobs ON binding_jobs.id = job_id WHERE binding_jobs.state = 'COMPLETE'")).toBe('8');
  const told = keyroll.sql(`SELECT kind FROM events WHERE kind LIKE 'binding_job.%' OR kind = 'passkey.created' ORDER BY id`).split('\n');
  const once = ['binding_job.created', 'binding_job.opened', 'binding_job.delivered', 'binding_job.completed', 'passkey.created'];
  // The administrator's own enrollment, and the person's.
  expect(told.sort()).toEqual([...once, ...once].sort());
});

test('right after the passkey was stored, before anybody heard of it', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  problems.allowStatus(410);
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await desk.open(`/identities/${id}/binding-jobs`);
  const { link } = await makeLink(desk, id);
  const person = await device();
  await loseAnswer(person, keyroll, 'enrollment/finish');
  await beginEnrollment(person, link);
  await expect(heading(person)).toHaveText('Your passkey is not stored yet');
  const made = await person.authenticator.credentialId();
  await keyroll.start();
  await person.page.getByRole('button', { name: 'Store my passkey' }).click();
  await expect(heading(person)).toHaveText(READY);
  await expectStep(jobs(desk.page, ZOE), 'Complete');
  expect(await passkeys(desk, id)).toHaveLength(1);
  expect(await person.authenticator.credentialId()).toBe(made);
});

test('before the creation options arrived', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const person = await device();
  await loseAnswer(person, keyroll, 'enrollment/begin');
  await beginEnrollment(person, (await makeLink(desk, id)).link);
  await expect(heading(person)).toHaveText('Keyroll cannot be reached');
  await keyroll.start();
  await person.page.getByRole('button', { name: 'Try again' }).click();
  await expect(heading(person)).toHaveText(READY);
  expect(await passkeys(desk, id)).toHaveLength(1);
});

test('what happened while the page heard nothing is caught up on', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  const desk = await device();
  await openDesk(desk, keyroll);
  const list = await desk.context.newPage();
  await list.goto('/identities');
  await hydrated(list);
  await desk.open('/identities/binding-jobs');
  await keyroll.kill();
  await expect(desk.page.getByText('Reconnecting')).toBeVisible();
  await keyroll.invite('second');
  await keyroll.start();
  await expectStep(jobs(desk.page, { name: 'second', username: 'second' }), 'Sent');
  await expect(desk.page.getByText('Reconnecting')).toHaveCount(0);
  await expect(list.getByRole('row').filter({ hasText: 'second' })).toContainText('Pending');
});

test('a session that ended while the server was away leads to sign in, and back', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  problems.allowStatus(401);
  const desk = await device();
  await openDesk(desk, keyroll);
  await desk.open('/identities/binding-jobs');
  await keyroll.restart(() => void keyroll.sql('DELETE FROM sessions'));
  await desk.page.waitForURL('**/sign-in?next=*');
  await hydrated(desk.page);
  await desk.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(desk.page.getByRole('heading', { level: 1, name: 'Binding jobs' })).toBeVisible();
});

test('an identity that could not be sent is still in the form, and is added once', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/identities/new');
  await page.getByLabel('Name', { exact: true }).fill(ZOE.name);
  await page.getByLabel('Username').fill(ZOE.username);
  await keyroll.kill();
  await page.getByRole('button', { name: 'Add identity' }).click();
  await expect(page.getByRole('alert')).toContainText('Keyroll cannot be reached');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(ZOE.name);
  await keyroll.start();
  await page.getByRole('button', { name: 'Add identity' }).click();
  await expect(page.getByRole('heading', { level: 1, name: ZOE.name })).toBeVisible();
  expect(await people(desk)).toMatchObject({ enrolled: 1, unenrolled: 1 });
});

test('an identity whose answer was lost is not added twice', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  problems.allowStatus(422);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/identities/new');
  await page.getByLabel('Name', { exact: true }).fill(ZOE.name);
  await page.getByLabel('Username').fill(ZOE.username);
  await loseAnswer(desk, keyroll, 'identities/create');
  await page.getByRole('button', { name: 'Add identity' }).click();
  await expect(page.getByRole('alert')).toContainText('Keyroll cannot be reached');
  await keyroll.start();
  await page.getByRole('button', { name: 'Add identity' }).click();
  await expect(page.getByText('This username is taken.')).toBeVisible();
  expect(await people(desk)).toMatchObject({ unenrolled: 1 });
});

test('an edit whose answer was lost is saved once, and saving again leads on', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  problems.allowStatus(409);
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { page } = desk;
  await desk.open(`/identities/${id}/edit`);
  await page.getByLabel('Name', { exact: true }).fill('Zoë Å.');
  await loseAnswer(desk, keyroll, 'identities/update');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('form').getByRole('alert')).toContainText('Keyroll cannot be reached');
  await keyroll.start();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(`/identities/${id}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Zoë Å.' })).toBeVisible();
  expect(keyroll.sql("SELECT count(*) FROM events WHERE kind = 'identity.updated' AND detail LIKE '%display_name%'")).toBe('1');
});

test('a link that could not be made is made once the server is back', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  const id = await add(desk, ZOE);
  await desk.open(`/identities/${id}`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await keyroll.kill();
  const dialog = page.getByRole('dialog', { name: `Add a passkey for ${ZOE.name}` });
  await dialog.getByRole('button', { name: 'Show the link and a QR code' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Keyroll cannot be reached');
  await keyroll.start();
  await dialog.getByRole('button', { name: 'Show the link and a QR code' }).click();
  await expect(dialog.locator('code')).toHaveText(/\/enroll\//);
  expect((await desk.ask('binding-jobs/list', { identity: id, before: null, live: false })).jobs).toHaveLength(1);
});

test('a page that is asked for while the server is away can be asked for again', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, WANG);
  await desk.open('/identities');
  await keyroll.kill();
  await desk.page.getByRole('link', { name: WANG.name }).click();
  await expect(desk.page.getByRole('alert').first()).toContainText('Keyroll cannot be reached');
  await keyroll.start();
  await desk.page.getByRole('button', { name: 'Try again' }).first().click();
  await expect(desk.page.getByRole('heading', { level: 1, name: WANG.name })).toBeVisible();
  await expect(desk.page).toHaveURL(`/identities/${id}`);
});

test('deleting whose answer was lost is done once, and the page says that the person is gone', async ({ keyroll, device, problems }) => {
  problems.allowOffline();
  problems.allowStatus(404);
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await desk.open(`/identities/${id}`);
  await desk.page.getByRole('button', { name: 'More actions' }).click();
  await desk.page.getByRole('menuitem', { name: 'Delete identity' }).click();
  const dialog = desk.page.getByRole('dialog', { name: `Delete ${ZOE.name}` });
  await loseAnswer(desk, keyroll, 'identities/delete');
  await dialog.getByRole('button', { name: 'Delete identity' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Keyroll cannot be reached');
  await keyroll.start();
  await dialog.getByRole('button', { name: 'Delete identity' }).click();
  await expect(dialog.getByRole('alert')).toContainText('does not exist, or no longer does');
  expect(await people(desk)).toMatchObject({ enrolled: 1, unenrolled: 0 });
});
