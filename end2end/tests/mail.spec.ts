// Invitations by mail, as an administrator sends them and as a mail server takes them.
import { expect, test } from '../fixtures/test.ts';
import { add, FATIMA, makeLink, openDesk, WANG, ZOE } from '../fixtures/desk.ts';
import { enroll, heading } from '../fixtures/enrollment.ts';
import { expectStep, jobs } from '../fixtures/jobs.ts';
import { linkIn, MailServer } from '../fixtures/mail-server.ts';
import type { Device } from '../fixtures/device.ts';

const mails = ({ page }: Device, name: string) => page.getByRole('article', { name: `mail to ${name}` });

test('an invitation is sent from the dialog, lies in the outbox, and its link works', async ({ keyroll, device }) => {
  const desk = await device();
  const { page } = desk;
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await desk.open(`/identities/${id}/binding-jobs`);
  await page.getByRole('button', { name: 'Add a passkey' }).first().click();
  const dialog = page.getByRole('dialog', { name: `Add a passkey for ${ZOE.name}` });
  await dialog.getByRole('button', { name: 'Send an email to the user' }).click();
  await expect(dialog).toContainText(`goes to ${ZOE.email}`);
  await dialog.getByRole('button', { name: 'Back' }).click();
  await dialog.getByRole('button', { name: 'Send an email to the user' }).click();
  await dialog.getByRole('button', { name: 'Proceed & send email' }).click();
  await expect(page.getByText(`Invitation to ${ZOE.email} is on its way`).first()).toBeVisible();
  await expect(dialog).toBeHidden();
  const job = jobs(page, ZOE).first();
  await expect(job).toContainText(`E-mail to ${ZOE.email}: sent`);

  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Mail' }).click();
  await expect(page.getByText('No mail server is set: mails become files in')).toBeVisible();
  await expect(mails(desk, ZOE.name)).toContainText('Sent');
  await mails(desk, ZOE.name).getByRole('button', { name: 'Open mail' }).click();
  const mail = page.getByRole('dialog', { name: 'Create your passkey for Keyroll' });
  await expect(mail).toContainText(`Hello ${ZOE.name},`);
  const link = (await mail.getByRole('link', { name: 'Open the link' }).getAttribute('href'))!;
  await mail.getByRole('button', { name: 'Done' }).click();

  // A robot looks first: nothing has happened.
  await fetch(link);
  await desk.open(`/identities/${id}/binding-jobs`);
  await expectStep(job, 'Sent');
  await enroll(await device(), link);
  await expectStep(job, 'Complete');
  expect(keyroll.log).not.toContain(link.split('/').at(-1));
});

test('somebody without an address cannot be written to, and the dialog says where to add one', async ({ keyroll, device }) => {
  const desk = await device();
  const { page } = desk;
  await openDesk(desk, keyroll);
  const id = await add(desk, { ...WANG, email: '' });
  await desk.open(`/identities/${id}`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog', { name: `Add a passkey for ${WANG.name}` });
  await expect(dialog).toContainText('There is no e-mail address on file.');
  await expect(dialog.getByRole('button', { name: 'Send an email to the user' })).toBeDisabled();
  await dialog.getByRole('link', { name: 'Add one' }).click();
  await expect(page).toHaveURL(`/identities/${id}/edit`);
});

test('those who are chosen and a whole group are invited, and the others counted @postgres', async ({ keyroll, device }) => {
  const desk = await device();
  const { page } = desk;
  await openDesk(desk, keyroll);
  const people = [await add(desk, ZOE), await add(desk, { ...WANG, email: '' }), await add(desk, FATIMA)];
  await desk.open('/identities');
  for (const person of [ZOE, WANG]) await page.getByRole('checkbox', { name: `Choose ${person.name}` }).check();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const chosen = page.getByRole('dialog', { name: 'Invite 2 people' });
  await chosen.getByRole('button', { name: 'Send invitations' }).click();
  await expect(chosen.getByRole('status')).toContainText('1 invited');
  await expect(chosen.getByRole('status')).toContainText('1 have no e-mail address');
  await chosen.getByRole('button', { name: 'Done' }).click();

  const group = await desk.ask('groups/create', { form: { display_name: 'Staff', description: '' } });
  await desk.ask('groups/add-members', { id: group.id, people });
  await desk.open(`/groups/${group.id}`);
  await page.getByRole('button', { name: 'Invite members' }).click();
  const whole = page.getByRole('dialog', { name: 'Invite 3 people' });
  await whole.getByRole('button', { name: 'Send invitations' }).click();
  await expect(whole.getByRole('status')).toContainText('1 invited');
  await expect(whole.getByRole('status')).toContainText('1 have a mail that is still open');
  await whole.getByRole('button', { name: 'Done' }).click();
  await desk.open('/settings/mail?show=sent');
  await expect(page.getByRole('article')).toHaveCount(2);
});

test('a mail server that refuses is quoted, and what it refused is sent again @postgres', async ({ keyroll, device, problems }) => {
  const server = await MailServer.start();
  problems.allowOffline();
  keyroll.more = server.settings;
  await keyroll.restart();
  const desk = await device();
  const { page } = desk;
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  await desk.open('/settings/mail');
  await page.getByRole('button', { name: 'Check the server' }).click();
  await expect(page.getByText('answers; not encrypted')).toBeVisible();

  server.refusal = { code: 550, words: '5.1.1 No such person here' };
  await desk.ask('binding-jobs/invite', { identity: id });
  await expect(mails(desk, ZOE.name)).toContainText('Refused');
  await expect(mails(desk, ZOE.name)).toContainText('550');
  await expect(mails(desk, ZOE.name)).toContainText('No such person here');
  await desk.open(`/identities/${id}/binding-jobs`);
  await expect(jobs(page, ZOE)).toContainText('Not sent');
  await expect(jobs(page, ZOE)).toContainText('The mail server refused the mail.');

  server.refusal = undefined;
  await desk.open('/settings/mail?show=failed');
  await mails(desk, ZOE.name).getByRole('button', { name: 'Send again' }).click();
  await expect.poll(() => server.mails.length).toBe(1);
  expect(server.mails[0]!.to).toBe(ZOE.email);
  await enroll(await device(), linkIn(server.mails[0]!.text));
  await desk.open(`/identities/${id}/binding-jobs`);
  await expectStep(jobs(page, ZOE).first(), 'Complete');
  await server.stop();
});

test('a request for a new link is granted with a click, and resending takes the old link back', async ({ keyroll, device, problems }) => {
  const server = await MailServer.start();
  problems.allowOffline();
  keyroll.more = server.settings;
  await keyroll.restart();
  const desk = await device();
  const { page } = desk;
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link, job } = await makeLink(desk, id);
  await desk.ask('binding-jobs/revoke', { id: job });
  const person = await device();
  problems.allowStatus(410);
  await person.page.goto(link);
  await person.page.getByRole('button', { name: 'Ask for a new link' }).click();
  await desk.open(`/identities/${id}/binding-jobs`);
  await page.getByRole('button', { name: 'Send a new link' }).click();
  await expect(page.getByText('A new link was asked for')).toHaveCount(0);
  await expect.poll(() => server.mails.length).toBe(1);

  await jobs(page, ZOE).first().getByRole('button', { name: 'Resend' }).click();
  await expect.poll(() => server.mails.length).toBe(2);
  const [old, fresh] = server.mails.map((mail) => linkIn(mail.text));
  await person.page.goto(old!);
  await expect(heading(person)).toHaveText('This link was withdrawn');
  await enroll(person, fresh!);
  await server.stop();
});
