// Links that lead to no passkey: each says why, and what to do next.
import { expect, test } from '../fixtures/test.ts';
import { add, makeLink, openDesk, ZOE } from '../fixtures/desk.ts';
import type { Device } from '../fixtures/device.ts';
import { enroll, heading, USED } from '../fixtures/enrollment.ts';
import { expectStep, jobs } from '../fixtures/jobs.ts';
import type { Keyroll } from '../fixtures/keyroll.ts';

const ask = ({ page }: Device) => page.getByRole('button', { name: 'Ask for a new link' });

/** What only time could do. */
function age(keyroll: Keyroll, seconds: number): void {
  keyroll.sql(`UPDATE binding_jobs SET expires_at = expires_at - ${seconds}000000`);
}
const WEEK = 7 * 24 * 3600;

type End = { heading: string; text: string; status: number; step?: 'Expired' | 'Revoked' | 'Complete' };
type Way = End & { reach: (desk: Device, keyroll: Keyroll, link: { link: string; job: string }, device: () => Promise<Device>) => Promise<void> };

const ENDS: Record<string, Way> = {
  'has been used': {
    heading: USED,
    text: 'A passkey was created with it.',
    status: 410,
    step: 'Complete',
    reach: async (_desk, _keyroll, { link }, device) => enroll(await device(), link),
  },
  'was revoked': {
    heading: 'This link was withdrawn',
    text: 'You can ask for a new one.',
    status: 410,
    step: 'Revoked',
    reach: async (desk, _keyroll, { job }) => {
      await desk.ask('binding-jobs/revoke', { id: job });
    },
  },
  'has expired': {
    heading: 'This link has expired',
    text: 'Ask for a new one.',
    status: 410,
    step: 'Expired',
    reach: async (_desk, keyroll) => keyroll.restart(() => age(keyroll, WEEK)),
  },
};

for (const [end, way] of Object.entries(ENDS)) {
  test(`a link that ${end} says so, and asking for a new one reaches the administrator within a second`, async ({ keyroll, device, problems }) => {
    const desk = await device();
    await openDesk(desk, keyroll);
    const id = await add(desk, ZOE);
    const made = await makeLink(desk, id);
    problems.allowOffline();
    await desk.open(`/identities/${id}/binding-jobs`);
    await way.reach(desk, keyroll, made, device);
    await expectStep(jobs(desk.page, ZOE).first(), way.step!);

    const person = await device();
    problems.allowStatus(way.status);
    expect((await person.page.goto(made.link))!.status()).toBe(way.status);
    await expect(heading(person)).toHaveText(way.heading);
    await expect(person.page.getByRole('main')).toContainText(way.text);
    await expect(person.page.getByRole('button', { name: 'Create a passkey' })).toHaveCount(0);
    await ask(person).click();
    await expect(person.page.getByText('The administrators have been asked for a new link.')).toBeVisible();
    await expect(ask(person)).toHaveCount(0);
    const notice = jobs(desk.page, ZOE).first().getByText('A new link was asked for');
    await expect(notice).toBeVisible();

    await person.page.reload();
    await expect(person.page.getByText('The administrators have been asked for a new link.')).toBeVisible();

    await desk.page.getByRole('article').getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = desk.page.getByRole('dialog', { name: `Add a passkey for ${ZOE.name}` });
    await dialog.getByRole('button', { name: 'Show the link and a QR code' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(desk.page.getByText('A new link was asked for')).toHaveCount(0);
  });
}

test('a link of a suspended person says whom to turn to, and works again after reactivation', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  await desk.ask('identities/set-status', { id, status: 'suspended' });
  const person = await device();
  problems.allowStatus(403);
  expect((await person.page.goto(link))!.status()).toBe(403);
  await expect(heading(person)).toHaveText('No passkey can be added now');
  await expect(person.page.getByText('Your administrator can change that.')).toBeVisible();
  await expect(ask(person)).toHaveCount(0);
  await desk.ask('identities/set-status', { id, status: 'active' });
  await enroll(person, link);
});

test('a link that is not known, or was copied only in part, can be told to the administrators', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const person = await device();
  problems.allowStatus(404);
  for (const wrong of [`${keyroll.url}/enroll/nothing`, link.slice(0, -3), `${link}x`]) {
    expect((await person.page.goto(wrong))!.status()).toBe(404);
    await expect(heading(person)).toHaveText('This link is not known here');
    await expect(person.page.getByText('Check that it was copied whole.')).toBeVisible();
    await expect(ask(person)).toHaveCount(0);
  }
  await person.page.getByRole('button', { name: 'Tell the administrators' }).click();
  await expect(person.page.getByText('The administrators have been told that a link did not work.')).toBeVisible();
  await desk.open('/events');
  const told = desk.page.getByRole('list', { name: 'Events' }).getByRole('listitem');
  await expect(told.filter({ hasText: 'New link asked for: A link that is not known' })).toHaveCount(1);
});

test('the link of a person who was deleted is not known any more', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  await desk.ask('identities/delete', { id });
  const person = await device();
  problems.allowStatus(404);
  await person.page.goto(link);
  await expect(heading(person)).toHaveText('This link is not known here');
});

test('a link that ends while its page is open closes the page at the next step', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link, job } = await makeLink(desk, await add(desk, ZOE));
  const person = await device();
  await person.open(link);
  await desk.ask('binding-jobs/revoke', { id: job });
  problems.allowStatus(410);
  await person.page.getByRole('button', { name: 'Create a passkey' }).click();
  await expect(heading(person)).toHaveText('This link was withdrawn');
  await expect(ask(person)).toBeEnabled();
});

test('a link that is revoked on the list leads nowhere from then on', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  await desk.open(`/identities/${id}/binding-jobs`);
  await jobs(desk.page, ZOE).getByRole('button', { name: 'Revoke' }).click();
  const dialog = desk.page.getByRole('dialog', { name: `Revoke the link of ${ZOE.name}` });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expectStep(jobs(desk.page, ZOE), 'Sent');
  await jobs(desk.page, ZOE).getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByRole('button', { name: 'Revoke link' }).click();
  await expectStep(jobs(desk.page, ZOE), 'Revoked');
  const person = await device();
  problems.allowStatus(410);
  await person.page.goto(link);
  await expect(heading(person)).toHaveText('This link was withdrawn');
});

test('the dialog that handed a link out tells when the person has used it', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await desk.open(`/identities/${id}`);
  await desk.page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = desk.page.getByRole('dialog', { name: `Add a passkey for ${ZOE.name}` });
  await dialog.getByRole('button', { name: 'Show the link and a QR code' }).click();
  const link = (await dialog.locator('code').textContent())!;
  // It is shown nowhere else: Escape does not lose it.
  await desk.page.keyboard.press('Escape');
  await expect(dialog.locator('code')).toBeVisible();
  await enroll(await device(), link);
  await expect(dialog.getByText(`${ZOE.name} added a passkey: Chrome on Linux`)).toBeVisible();
  await expect(dialog.locator('code')).toHaveCount(0);
  await dialog.getByRole('link', { name: 'View passkey' }).click();
  await expect(dialog).toBeHidden();
  await expect(desk.page.getByRole('article', { name: 'Chrome on Linux' })).toBeVisible();
});

test('a link that is handed out twice in a row is two links, and each works', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const links = [(await makeLink(desk, id)).link, (await makeLink(desk, id)).link];
  expect(new Set(links).size).toBe(2);
  for (const link of links) await enroll(await device(), link);
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(2);
});

test('the page of an open link that expires while nobody looks is closed by the server', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  const person = await device();
  await person.open(link);
  problems.allowOffline();
  problems.allowStatus(410);
  await desk.open(`/identities/${id}/binding-jobs`);
  await keyroll.restart(() => age(keyroll, WEEK));
  await person.page.getByRole('button', { name: 'Create a passkey' }).click();
  await expect(heading(person)).toHaveText('This link has expired');
  await expectStep(jobs(desk.page, ZOE), 'Expired');
});
