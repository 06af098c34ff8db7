// What a page costs: bytes on the wire, and things that move while it loads.
import type { Page, Response } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { add, addMany, makeLink, openDesk, ZOE } from '../fixtures/desk.ts';
import { hydrated } from '../fixtures/device.ts';

/** The smallest Leptos application with a router and a server function: WebAssembly and script, brotli. */
const SMALLEST = 147_000;

/** Loads a page with an empty cache and says what came over the wire. */
async function weigh(page: Page, address: string): Promise<number> {
  const answers: Response[] = [];
  page.on('response', (answer) => answers.push(answer));
  await page.goto(address, { waitUntil: 'networkidle' });
  await hydrated(page);
  let all = 0;
  for (const answer of answers.filter((answer) => !answer.url().includes('/live'))) {
    const { responseBodySize } = await answer.request().sizes();
    const encoding = answer.headers()['content-encoding'] ?? 'as it is';
    console.log(`${String(responseBodySize).padStart(8)}  ${encoding.padEnd(9)} ${new URL(answer.url()).pathname.replace(/enroll\/.*/, 'enroll/…')}`);
    all += responseBodySize;
  }
  console.log(`${String(all).padStart(8)}  ${(all / SMALLEST).toFixed(2)} times the smallest application`);
  return all;
}

test('the enrollment page needs at most 1.1 times the bytes of the smallest application', async ({ keyroll, device }) => {
  const desk = await device();
  await openDesk(desk, keyroll);
  const { link } = await makeLink(desk, await add(desk, ZOE));
  const person = await device();
  expect(await weigh(person.page, link)).toBeLessThanOrEqual(SMALLEST * 1.1);
});

/** Loads a page whose program and font arrive late, and sums up what moved (Layout Instability API). */
async function shifted(page: Page, address: string): Promise<number> {
  await page.addInitScript(() => {
    const sum = { shifted: 0, moved: [] as string[] };
    Object.assign(window, { sum });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Element }[] })[]) {
        sum.shifted += entry.value;
        sum.moved.push(...entry.sources.map(({ node }) => node?.className ?? ''));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/_bg\.wasm$|\.woff2$/, async (route) => (await released, await route.continue()));
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  release();
  await hydrated(page);
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
  const { shifted, moved } = await page.evaluate(() => (window as unknown as { sum: { shifted: number; moved: string[] } }).sum);
  console.log(`${address.replace(/enroll\/.*/, 'enroll/…')}: ${shifted.toFixed(4)} ${moved.join(', ')}`);
  return shifted;
}

for (const width of [1280, 360]) {
  test(`nothing jumps while a page loads, ${width} px`, async ({ keyroll, device }) => {
    const desk = await device();
    await openDesk(desk, keyroll);
    await addMany(desk, 60);
    const id = await add(desk, ZOE);
    const { link } = await makeLink(desk, id);
    for (const address of ['/identities', `/identities/${id}`, `/identities/${id}/binding-jobs`, '/identities/binding-jobs', link, '/sign-in']) {
      const fresh = await device({ context: { viewport: { width, height: 740 } } });
      if (address.startsWith('/identities')) await fresh.context.addCookies(await desk.context.cookies());
      expect.soft(await shifted(fresh.page, address), address).toBeLessThanOrEqual(0.02);
    }
  });
}
