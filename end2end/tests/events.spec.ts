// The audit log as an administrator reads it.
import { expect, test } from '../fixtures/test.ts';
import { add, openDesk, WANG, ZOE } from '../fixtures/desk.ts';

test('what happens is seen at once, narrowed by the address, and written when it is refused @postgres', async ({ keyroll, device, problems }) => {
  problems.allowStatus(401);
  const desk = await device();
  await openDesk(desk, keyroll);
  const { page } = desk;
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Events' }).click();
  const events = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
  await expect(events.first()).toContainText('Signed in: admin');
  await expect(events.first()).toContainText('by rule 1 of the policy');
  await add(desk, ZOE);
  await expect(events.first()).toContainText(`Identity added: ${ZOE.name}`);
  await page.getByLabel('Type').selectOption({ label: 'Identity added' });
  await expect(page).toHaveURL(/\?type=identity\.created$/);
  await expect(events).toHaveCount(2);
  await add(desk, WANG);
  await expect(events).toHaveCount(3);
  await page.reload();
  await expect(events.first()).toContainText(WANG.name);

  const stranger = await device();
  await desk.authenticator.shareWith(stranger.authenticator);
  await stranger.open('/sign-in');
  await stranger.page.getByLabel('Username').fill('somebody.else');
  await stranger.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(stranger.page.getByText(/This passkey is not the one of the username/)).toBeVisible();
  await desk.open('/events?outcome=denied');
  await expect(events).toHaveCount(1);
  await expect(events.first()).toContainText('the passkey is not the one of the username that was typed');
});
