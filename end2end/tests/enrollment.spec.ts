// The enrollment page: what goes right, and what the browser or the person makes of it otherwise.
import { expect, test } from '../fixtures/test.ts';
import { add, makeLink, openDesk, ZOE } from '../fixtures/desk.ts';
import { beginEnrollment, enroll, heading, hold, holdFinish, READY, USED } from '../fixtures/enrollment.ts';
import { expectStep, jobs } from '../fixtures/jobs.ts';

const again = 'Try again';
const phone = 'Use your phone';

/** design.md's table: what the browser says, what the page says, what can be done next. */
const REFUSALS: Record<string, { heading: string; text: string; buttons: string[]; help?: string }> = {
  NotAllowedError: { heading: 'No passkey was created', text: 'Nothing has changed.', buttons: [again, 'Use another device'] },
  InvalidStateError: { heading: 'You are set', text: 'This device already has a passkey for you.', buttons: ['Done'] },
  ConstraintError: {
    heading: 'This device needs a screen lock first',
    text: 'Set one up',
    buttons: [again, phone],
    help: 'How to set one up',
  },
  NotSupportedError: {
    heading: 'This browser cannot create the passkey',
    text: 'the kind that is needed',
    buttons: [phone],
    help: 'Which browsers can',
  },
  SecurityError: { heading: 'This address does not match', text: 'Tell your administrator', buttons: [] },
  AbortError: { heading: 'Hello Zoë Ångström', text: 'without a password', buttons: ['Create a passkey'] },
  UnknownError: { heading: 'No passkey was created', text: 'UnknownError', buttons: [again] },
};

for (const [name, expected] of Object.entries(REFUSALS)) {
  test(`the browser's ${name} has its own words and its own next step`, async ({ keyroll, device }) => {
    const desk = await device();
    await openDesk(desk, keyroll);
    const { link } = await makeLink(desk, await add(desk, ZOE));
    const person = await device({ refuses: name });
    await beginEnrollment(person, link);
    await expect(heading(person)).toHaveText(expected.heading);
    await expect(person.page.getByRole('main')).toContainText(expected.text);
    for (const button of expected.buttons) await expect(person.page.getByRole('button', { name: button, exact: true })).toBeEnabled();
    if (expected.help) {
      await person.page.getByText(expected.help).click();
      await expect(person.page.getByRole('group').getByRole('listitem').first()).toBeVisible();
    }
    const next = person.page.getByRole('button', { name: /Try again|Create a passkey/ });
    if (expected.buttons.includes(again) || name === 'AbortError') {
      await next.click();
      await expect(heading(person)).toHaveText(READY);
    } else if (name !== 'NotSupportedError') {
      await expect(next).toHaveCount(0);
    }
  });
}

test('the password manager learns which passkeys work and what their owner is called', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const person = await device();
  await person.page.addInitScript(() => {
    const told: Record<string, unknown> = {};
    for (const name of ['signalAllAcceptedCredentials', 'signalCurrentUserDetails']) {
      Object.assign(PublicKeyCredential, { [name]: async (what: unknown) => void (told[name] = what) });
    }
    Object.assign(window, { told });
  });
  await enroll(person, (await makeLink(desk, id)).link);
  const told = () => person.page.evaluate(() => (window as unknown as { told: Record<string, Record<string, unknown>> }).told);
  await expect.poll(async () => Object.keys(await told())).toEqual(['signalAllAcceptedCredentials', 'signalCurrentUserDetails']);
  const { signalAllAcceptedCredentials: accepted, signalCurrentUserDetails: details } = await told();
  expect(accepted).toMatchObject({ rpId: 'localhost', allAcceptedCredentialIds: [expect.any(String)] });
  expect(details).toMatchObject({ rpId: 'localhost', userId: accepted!.userId, name: 'zoe', displayName: ZOE.name });
});

test('a person who is not verified creates nothing, and can try again', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const person = await device();
  await person.authenticator.setUserVerified(false);
  await beginEnrollment(person, link);
  await expect(heading(person)).toHaveText('No passkey was created');
  await person.authenticator.setUserVerified(true);
  await person.page.getByRole('button', { name: again }).click();
  await expect(heading(person)).toHaveText(READY);
});

for (const [lie, bits] of Object.entries({ verified: { isBadUV: true }, present: { isBadUP: true } })) {
  test(`an answer that does not say that the user was ${lie} is refused`, async ({ keyroll, device, problems }) => {
    const desk = await device();
    await openDesk(desk, keyroll);
    const id = await add(desk, ZOE);
    const { link } = await makeLink(desk, id);
    const person = await device();
    await person.authenticator.lie(bits);
    problems.allowStatus(422);
    await beginEnrollment(person, link);
    await expect(heading(person)).toHaveText('That did not work');
    await expect(person.page.getByRole('main')).toContainText(/answer could not be accepted.*\(Request \S+\)/);
    expect(await desk.ask('passkeys/list', { identity: id, live: false })).toEqual([]);
    await person.authenticator.lie({});
    await person.page.getByRole('button', { name: again }).click();
    await expect(heading(person)).toHaveText(READY);
  });
}

test('a device that has a passkey already is recognized, and the link stays open', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const person = await device();
  await enroll(person, (await makeLink(desk, id)).link);
  const { link } = await makeLink(desk, id);
  await beginEnrollment(person, link);
  await expect(heading(person)).toHaveText('You are set');
  await person.page.getByRole('button', { name: 'Done' }).click();
  await expect(person.page.getByText('You can close this page.')).toBeVisible();
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(1);

  const second = await device();
  await enroll(second, link);
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(2);
});

test('an answer that is sent again changes nothing', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const person = await device();
  const sent = person.page.waitForRequest('**/api/enrollment/finish');
  await enroll(person, (await makeLink(desk, id)).link);
  const replayed = await person.call('enrollment/finish', (await sent).postDataJSON());
  expect(replayed.status()).toBe(410);
  const { link } = await makeLink(desk, id);
  const elsewhere = await person.call('enrollment/finish', { ...(await sent).postDataJSON(), token: link.split('/').at(-1) });
  expect(elsewhere.status()).toBe(409);
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(1);
});

test('an answer that is sent twice at once is taken once', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  const person = await device();
  const statuses: number[] = [];
  await person.page.route('**/api/enrollment/finish', async (route) => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => person.call('enrollment/finish', route.request().postDataJSON())));
    statuses.push(...answers.map((answer) => answer.status()));
    await route.fulfill({ response: answers.find((answer) => answer.ok())! });
  });
  problems.allowStatus(409, 410);
  await enroll(person, link);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.every((status) => [200, 409, 410].includes(status))).toBe(true);
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(1);
});

test('of two tabs that finish one link at once, one wins and the other says that the link has been used', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  const tabs = [await device(), await device()] as const;
  const finishes = await Promise.all(tabs.map(holdFinish));
  for (const tab of tabs) await beginEnrollment(tab, link);
  await Promise.all(finishes.map((finish) => finish.held));
  problems.allowStatus(410);
  for (const finish of finishes) finish.release();
  for (const tab of tabs) await expect(heading(tab)).toHaveText(new RegExp(`${READY}|${USED}`));
  const ends = await Promise.all(tabs.map((tab) => heading(tab).textContent()));
  expect(ends.sort()).toEqual([USED, READY].sort());
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(1);
});

test('a robot that only looks, a hundred times, has no effect', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const { link } = await makeLink(desk, id);
  await desk.open(`/identities/${id}/binding-jobs`);
  const robot = await device({ authenticator: false });
  for (let count = 0; count < 50; count += 1) {
    expect((await robot.context.request.get(link)).status()).toBe(200);
    expect((await robot.context.request.head(link)).status()).toBe(200);
  }
  const preview = await device({ authenticator: false, context: { javaScriptEnabled: false } });
  await preview.page.goto(link);
  await expect(heading(preview)).toHaveText('Hello Zoë Ångström');
  await desk.page.getByRole('button', { name: 'Refresh list' }).click();
  await expectStep(jobs(desk.page, ZOE).first(), 'Sent');
  await enroll(await device(), link);
  await expectStep(jobs(desk.page, ZOE).first(), 'Complete');
});

test('offline before the prompt: the page says so, and goes on once it is online', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const person = await device();
  await person.open(link);
  problems.allowOffline();
  await person.context.setOffline(true);
  await person.page.getByRole('button', { name: 'Create a passkey' }).click();
  await expect(heading(person)).toHaveText('Keyroll cannot be reached');
  await person.context.setOffline(false);
  await person.page.getByRole('button', { name: again }).click();
  await expect(heading(person)).toHaveText(READY);
});

test('offline after the prompt: the passkey is kept and stored once it is online, without a second prompt', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const person = await device();
  const finish = await holdFinish(person);
  await beginEnrollment(person, (await makeLink(desk, id)).link);
  await finish.held;
  const made = await person.authenticator.credentialId();
  problems.allowOffline();
  await person.context.setOffline(true);
  finish.release();
  await expect(heading(person)).toHaveText('Your passkey is not stored yet');
  await person.context.setOffline(false);
  await person.page.getByRole('button', { name: 'Store my passkey' }).click();
  await expect(heading(person)).toHaveText(READY);
  expect(await person.authenticator.credentialId()).toBe(made);
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(1);
});

test('a ceremony that is over is begun anew by itself, once', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const person = await device();
  const begin = await hold(person, 'enrollment/finish');
  await beginEnrollment(person, (await makeLink(desk, id)).link);
  await begin.held;
  keyroll.sql('DELETE FROM ceremonies');
  problems.allowStatus(409);
  begin.release();
  await expect(heading(person)).toHaveText(READY);
  expect(await desk.ask('passkeys/list', { identity: id, live: false })).toHaveLength(1);
});

test('a browser without passkeys, and an address that browsers do not trust, say what would work', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const old = await device({ authenticator: false });
  await old.context.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await old.open(link);
  await expect(heading(old)).toHaveText('This browser cannot create passkeys');
  const plain = await device({ authenticator: false });
  await plain.context.addInitScript(() => {
    Reflect.deleteProperty(window, 'PublicKeyCredential');
    Object.defineProperty(window, 'isSecureContext', { value: false });
  });
  await plain.open(link);
  await expect(heading(plain)).toHaveText('This address is not secure');
});

test('a computer that can hold no passkey offers the phone from the beginning', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const computer = await device({ authenticator: { transport: 'usb' } });
  await computer.context.addInitScript(() => {
    PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = () => Promise.resolve(false);
  });
  await computer.open(link);
  await computer.page.getByRole('button', { name: phone }).click();
  await expect(heading(computer)).toHaveText(READY);
});

test('the page can be read before, and without, any script', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const reader = await device({ authenticator: false, context: { javaScriptEnabled: false } });
  await reader.page.goto(link);
  await expect(heading(reader)).toHaveText('Hello Zoë Ångström');
  await expect(reader.page.getByText('A passkey lets you sign in')).toBeVisible();
  await expect(reader.page.getByText('Link for zoe')).toBeVisible();
  const needed = reader.page.locator('noscript p');
  await expect(needed).toHaveText('Creating a passkey needs JavaScript, which is switched off in this browser.');
  await expect(needed).toBeVisible();
  await expect(reader.page.getByRole('button', { name: 'Create a passkey' })).toBeDisabled();
});

test('the link stands in the address and nowhere else', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const token = link.split('/').at(-1)!;
  const page = await desk.context.request.get(link);
  expect(await page.text()).not.toContain(token);
  expect(page.headers()['referrer-policy']).toBe('no-referrer');
  await enroll(await device(), link);
  expect(keyroll.logged).not.toContain(token);
});
