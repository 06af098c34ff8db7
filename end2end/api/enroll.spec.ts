// The link is one of the API's: it leads to the page of enrollment.
import { expect, test } from '@playwright/test';
import { Device } from '../fixtures/device.ts';
import { enroll } from '../fixtures/enrollment.ts';
import { Problems } from '../fixtures/problems.ts';

test('a passkey is made', async ({ browser }) => {
  const link = process.env.KEYROLL_LINK;
  if (!link) throw new Error('KEYROLL_LINK is not set');
  const problems = new Problems();
  const device = await Device.make(browser, new URL(link).origin, problems);
  await enroll(device, link);
  expect(problems.unexpected).toEqual([]);
});
