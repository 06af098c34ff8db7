// Adding, finding and editing people.
import { expect, test } from '../fixtures/test.ts';
import { add, addMany, FATIMA, openDesk, WANG, ZOE } from '../fixtures/desk.ts';
import type { Device } from '../fixtures/device.ts';

/** One of the first three fields; further ones end in the same words. */
const field = ({ page }: Device, label: string) => page.getByRole('textbox', { name: new RegExp(`^${label}( optional)?$`) });
const note = (desk: Device, label: string) => desk.page.locator('.field').filter({ has: field(desk, label) });
const rows = ({ page }: Device) => page.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
const names = (desk: Device) => rows(desk).locator('a').allTextContents();
const search = ({ page }: Device) => page.getByRole('searchbox', { name: 'Search identities' });

test('a wrong field says so when it is left, and stops as soon as it is right', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await desk.open('/identities/new');
  const WRONG: [string, string, string, string][] = [
    ['Name', 'a<b', 'The name must not contain “<”.', 'ab'],
    ['Username', '', 'The username is missing.', 'z'],
    ['E-mail', 'zoe at example', 'This is not an e-mail address.', 'zoe@example.org'],
  ];
  for (const [label, wrong, words, right] of WRONG) {
    await field(desk, label).fill(wrong);
    await expect(note(desk, label)).not.toContainText(words);
    await field(desk, label).blur();
    await expect(note(desk, label)).toContainText(words);
    await expect(field(desk, label)).toHaveAttribute('aria-invalid', 'true');
    await expect(field(desk, label)).toHaveAccessibleDescription(new RegExp(words.slice(0, 12)));
    await field(desk, label).fill(right);
    await expect(note(desk, label)).not.toContainText(words);
  }
});

test('sending an incomplete form shows every error and leads to the first', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await desk.open('/identities/new');
  await field(desk, 'E-mail').fill('nobody');
  await desk.page.getByRole('button', { name: 'Add identity' }).click();
  await expect(field(desk, 'Name')).toBeFocused();
  await expect(note(desk, 'Name')).toContainText('The name is missing.');
  await expect(note(desk, 'Username')).toContainText('The username is missing.');
  await expect(field(desk, 'E-mail')).toHaveValue('nobody');
});

test('a username that is taken, in whatever spelling, is said beside the field, and nothing typed is lost', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await add(desk, ZOE);
  await desk.open('/identities/new');
  await field(desk, 'Name').fill('Another Zoë');
  await field(desk, 'Username').fill('ZOE');
  problems.allowStatus(422);
  await desk.page.getByRole('button', { name: 'Add identity' }).click();
  await expect(note(desk, 'Username')).toContainText('This username is taken.');
  await expect(field(desk, 'Username')).toBeFocused();
  await expect(field(desk, 'Name')).toHaveValue('Another Zoë');
  await field(desk, 'Username').fill('zoe.2');
  await expect(note(desk, 'Username')).not.toContainText('taken');
  await desk.page.getByRole('button', { name: 'Add identity' }).click();
  await expect(desk.page.getByRole('heading', { level: 1, name: 'Another Zoë' })).toBeVisible();
});

test('groups and further fields are filled in under “More”, and an error there unfolds it', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await desk.open('/identities/new');
  await field(desk, 'Name').fill(ZOE.name);
  await field(desk, 'Username').fill(ZOE.username);
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Administrators').check();
  await page.getByLabel('Department').fill('x'.repeat(101));
  await page.getByText('More', { exact: true }).click();
  await expect(page.getByLabel('Department')).toBeHidden();
  await page.getByRole('button', { name: 'Add identity' }).click();
  await expect(page.getByLabel('Department')).toBeFocused();
  await page.getByLabel('Department').fill('Geology');
  await page.getByRole('button', { name: 'Add identity' }).click();
  await expect(page.getByRole('heading', { level: 1, name: ZOE.name })).toBeVisible();
  await expect(page.getByText('Geology')).toBeVisible();
  await page.getByRole('navigation', { name: 'Identity' }).getByRole('link', { name: 'Groups 1' }).click();
  await expect(page.getByRole('cell', { name: /^Administrators/ })).toBeVisible();
});

test('an edit that was overtaken says what differs, and either side can be kept', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const id = await add(desk, ZOE);
  const other = await desk.context.newPage();
  const away = { page: other } as Device;
  const save = ({ page }: Device) => page.getByRole('button', { name: 'Save', exact: true });
  problems.allowStatus(409);

  for (const keep of ['mine', 'theirs']) {
    await desk.open(`/identities/${id}/edit`);
    await other.goto(`/identities/${id}/edit`);
    await field(desk, 'Name').fill(`Mine for ${keep}`);
    await field(away, 'Name').fill(`Theirs for ${keep}`);
    await save(away).click();
    await expect(other).toHaveURL(`/identities/${id}`);

    const conflict = desk.page.getByRole('region', { name: 'Changed meanwhile' });
    await expect(conflict).toContainText('Somebody else saved this entry meanwhile');
    await expect(conflict.getByRole('row').filter({ hasText: 'Name' })).toContainText(`Theirs for ${keep}`);
    await save(desk).click();
    await expect(conflict).toBeVisible();
    expect((await desk.ask('identities/get', { id, live: false })).display_name).toBe(`Theirs for ${keep}`);

    if (keep === 'mine') {
      await conflict.getByRole('button', { name: 'Save mine over it' }).click();
    } else {
      await conflict.getByRole('button', { name: 'Start from theirs' }).click();
      await expect(field(desk, 'Name')).toHaveValue('Theirs for theirs');
      await expect(conflict).toHaveCount(0);
      await field(desk, 'E-mail').fill('theirs@example.org');
      await save(desk).click();
    }
    await expect(desk.page).toHaveURL(`/identities/${id}`);
    const kept = keep === 'mine' ? 'Mine for mine' : 'Theirs for theirs';
    expect((await desk.ask('identities/get', { id, live: false })).display_name).toBe(kept);
  }
});

test('search, filters, order and page stand in the address: reload, back and a shared link show the same', async ({ keyroll, device }) => {
  test.setTimeout(120_000);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await addMany(desk, 120);
  await desk.open('/identities');
  await page.getByRole('link', { name: 'Name', exact: true }).click();
  await expect(page).toHaveURL(/sort=name/);
  await search(desk).fill('person');
  await expect(page).toHaveURL(/q=person/);
  await expect(page.getByText('120 people')).toBeVisible();
  await expect.poll(() => names(desk)).toHaveLength(50);
  const first = await names(desk);
  expect(first[0]).toBe('Person 001');

  await page.getByRole('link', { name: 'Next page' }).click();
  await expect.poll(async () => (await names(desk))[0]).toBe('Person 051');
  const second = await names(desk);
  const address = page.url();

  await page.reload();
  expect(await names(desk)).toEqual(second);
  await page.getByRole('link', { name: 'Person 060' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Person 060' })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect.poll(() => names(desk)).toEqual(second);
  await expect(search(desk)).toHaveValue('person');
  const shared = await desk.context.newPage();
  await shared.goto(address);
  expect(await names({ page: shared } as Device)).toEqual(second);

  await page.getByRole('link', { name: 'Next page' }).click();
  await expect.poll(() => names(desk)).toHaveLength(20);
  await expect(page.getByRole('link', { name: 'Next page' })).toBeDisabled();
  await page.getByRole('link', { name: 'Previous page' }).click();
  await expect.poll(() => names(desk)).toEqual(second);
  await page.getByRole('link', { name: 'Previous page' }).click();
  await expect.poll(() => names(desk)).toEqual(first);
  // Another search begins at its first page.
  await page.getByRole('link', { name: 'Next page' }).click();
  await search(desk).fill('person 11');
  await expect.poll(() => names(desk)).toHaveLength(11);
  await expect(page).not.toHaveURL(/after=/);
});

test('search finds any part of a name, in any script, without accents and in any case', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  for (const person of [ZOE, WANG, FATIMA]) await add(desk, person);
  await desk.open('/identities');
  const FOUND: [string, string[]][] = [
    ['ANGSTR', [ZOE.name]],
    ['oe', [ZOE.name]],
    ['英', [WANG.name]],
    ['اطم', [FATIMA.name]],
    ['example.org', [FATIMA.name, WANG.name, ZOE.name]],
    ['zoe ang', [ZOE.name]],
  ];
  for (const [text, found] of FOUND) {
    await search(desk).fill(text);
    await expect.poll(() => names(desk), text).toEqual(found);
  }
  await search(desk).fill('nobody has this');
  await expect(desk.page.getByRole('heading', { name: 'Nobody found' })).toBeVisible();
  await desk.page.getByRole('link', { name: 'Clear the search' }).click();
  await expect.poll(() => names(desk)).toHaveLength(4);
  await expect(search(desk)).toHaveValue('');
});

test('the summary and the filters narrow the list, and say so when nobody is left', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  const id = await add(desk, ZOE);
  await add(desk, WANG);
  await desk.ask('identities/set-status', { id, status: 'suspended' });
  await desk.open('/identities');
  const summary = page.getByRole('navigation', { name: 'Enrollment' });
  await summary.getByRole('link', { name: 'Not enrolled' }).click();
  await expect.poll(() => names(desk)).toEqual([WANG.name, ZOE.name]);
  await expect(summary.getByRole('link', { name: 'Not enrolled' })).toHaveAttribute('aria-current', 'true');
  await page.getByRole('button', { name: 'Status' }).click();
  await page.getByRole('menuitemradio', { name: 'Suspended' }).click();
  await expect.poll(() => names(desk)).toEqual([ZOE.name]);
  await expect(page.getByRole('button', { name: 'Status: Suspended' })).toBeVisible();
  await summary.getByRole('link', { name: /^Enrolled/ }).click();
  await expect(page.getByRole('heading', { name: 'Nobody fits these filters' })).toBeVisible();
  await page.getByRole('link', { name: 'Show everyone' }).click();
  await expect.poll(() => names(desk)).toHaveLength(3);
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('menuitemradio', { name: 'Administrators' }).click();
  await expect.poll(() => names(desk)).toEqual(['admin']);
  await page.getByRole('button', { name: 'Source' }).click();
  await page.getByRole('menuitemradio', { name: 'Added by hand' }).click();
  await expect(page.getByRole('heading', { name: 'Nobody fits these filters' })).toBeVisible();
});

test('the list follows what others do, and a whole row leads to its person', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  await desk.open('/identities');
  const id = await add(desk, ZOE);
  await expect(rows(desk).filter({ hasText: ZOE.name })).toBeVisible({ timeout: 1_000 });
  // The name's link lies over the whole row.
  const cell = (await rows(desk).getByText(ZOE.email!).boundingBox())!;
  await desk.page.mouse.click(cell.x + 5, cell.y + 5);
  await expect(desk.page).toHaveURL(`/identities/${id}`);
});

test('an address of nobody, of nothing and of another realm is not found, in the frame', async ({ keyroll, device, problems }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  // The oldest realm is the administrators' own: this one is younger.
  const other = '9000000000000000077';
  keyroll.sql(
    `INSERT INTO realms (id, tenant_id, display_name, classification, version, created_at, updated_at)
     SELECT ${other}, tenant_id, display_name, '', 1, created_at, updated_at FROM realms`,
  );
  const copied = 'traits, status, enrollment_status, source, passkey_count, group_count, sort_name, search_text, version, created_at, updated_at';
  keyroll.sql(
    `INSERT INTO identities (id, realm_id, display_name, username, username_key, ${copied})
     SELECT 4711, ${other}, 'Elsewhere', username, username_key, ${copied} FROM identities`,
  );
  problems.allowStatus(404);
  const { page } = desk;
  for (const id of ['0000000000001267', '7fffffffffffffff', 'nobody']) {
    for (const rest of ['', '/passkeys', '/binding-jobs', '/groups', '/activity', '/edit']) {
      const answer = await page.goto(`/identities/${id}${rest}`);
      expect(answer!.status(), `${id}${rest}`).toBe(404);
      await expect(page.getByText('This identity does not exist, or no longer does')).toBeVisible();
      await expect(page.getByText('Elsewhere')).toHaveCount(0);
      await expect(page.getByRole('link', { name: 'Identities', exact: true }).first()).toBeVisible();
    }
  }
  const nowhere = await page.goto('/no/such/page');
  expect(nowhere!.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'This page does not exist' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to identities' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Identities' })).toBeVisible();
});
