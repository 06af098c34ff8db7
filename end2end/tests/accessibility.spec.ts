// No violation of what axe can see, on any page and in anything that opens, in both themes, wide and narrow.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import { openDesk } from '../fixtures/desk.ts';
import { hydrated } from '../fixtures/device.ts';
import { DOORWAYS, DRAWER, OVERLAYS, PLACES, visit, walkThroughEnrollment } from '../fixtures/places.ts';
import { setScene } from '../fixtures/scene.ts';

// What is wrong is in the words; a trace of so many pages would cost more than it tells.
test.use({ trace: 'off' });

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

/** What is wrong, short enough to read. */
async function violations(page: Page): Promise<string[]> {
  await settled(page);
  // The one frame is the preview of branding, in which no script runs, axe's neither; the enrollment page is looked at itself.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

/** Even the shortest change of colours has a middle, in which a button that becomes ready is hard to read. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.getAnimations().some((animation) => animation instanceof CSSTransition));
}

async function expectAccessible(page: Page, name: string): Promise<void> {
  expect.soft(await violations(page), name).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  // A change of width settles over some frames.
  const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.configure({ soft: true }).poll(beyond, { message: `${name} is wider than the screen`, timeout: 2_000 }).toBeLessThanOrEqual(0);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [WIDE, NARROW]) {
    const context = { colorScheme, viewport, reducedMotion: 'reduce' as const };
    test(`axe finds nothing, ${colorScheme}, ${viewport.width} px`, async ({ keyroll, device, problems }) => {
      test.setTimeout(360_000);
      problems.allowOffline();
      problems.allowStatus(403, 404, 410, 422);
      problems.allowSandbox();
      const desk = await device({ context });
      const scene = await setScene(keyroll, desk, device);
      for (const place of [...PLACES, ...OVERLAYS, ...(viewport === NARROW ? [DRAWER] : [])]) {
        await visit(desk, place, scene);
        await expectAccessible(desk.page, place.name);
      }
      const stranger = await device({ context });
      for (const place of DOORWAYS) {
        await visit(stranger, place, scene);
        await expectAccessible(stranger.page, place.name);
      }
      await walkThroughEnrollment(stranger, scene.links.open, (name) => expectAccessible(stranger.page, name));
    });
  }
}

test('nothing is wider than the screen, from 320 px on, with and without script', async ({ keyroll, device, problems }) => {
  test.setTimeout(360_000);
  problems.allowOffline();
  problems.allowStatus(403, 404, 410, 422);
  problems.allowSandbox();
  const widths = [320, 360, 720, 1024, 1280];
  const context = { reducedMotion: 'reduce' as const };
  const desk = await device({ context });
  const scene = await setScene(keyroll, desk, device);
  const stranger = await device({ context });
  const atEveryWidth = async (page: Page, name: string) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 640 });
      await expectNoSidewaysScroll(page, `${name}, ${width} px,`);
    }
  };
  for (const place of [...PLACES, ...OVERLAYS, DRAWER]) {
    await desk.page.setViewportSize({ width: 320, height: 640 });
    await visit(desk, place, scene);
    await atEveryWidth(desk.page, place.name);
  }
  for (const place of DOORWAYS) {
    await visit(stranger, place, scene);
    await atEveryWidth(stranger.page, place.name);
  }
  await walkThroughEnrollment(stranger, scene.links.open, (name) => atEveryWidth(stranger.page, name));

  const storageState = await desk.context.storageState();
  const plain = await device({ authenticator: false, context: { javaScriptEnabled: false, storageState } });
  for (const place of [...PLACES, ...DOORWAYS].filter(({ then }) => !then)) {
    await plain.page.goto(place.at(scene));
    await atEveryWidth(plain.page, `${place.name}, without script`);
  }
});

test('the theme switch outranks the system, holds in both, and is remembered', async ({ keyroll, device }) => {
  const desk = await device({ context: { colorScheme: 'light', reducedMotion: 'reduce' } });
  await openDesk(desk, keyroll);
  const { page } = desk;
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  const theme = page.getByRole('button', { name: /^Theme/ });
  await theme.click();
  await expect(theme).toHaveAccessibleName('Theme: light');
  await theme.click();
  await expect(theme).toHaveAccessibleName('Theme: dark');
  await expect.poll(ground).not.toBe(light);
  await settled(page);
  const dark = await ground();
  await expectAccessible(page, 'identities, dark by choice');
  await page.reload();
  expect(await ground()).toBe(dark);
  await hydrated(page);
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await page.emulateMedia({ colorScheme: 'dark' });
  await theme.click();
  await theme.click();
  await expect(theme).toHaveAccessibleName('Theme: light');
  await expect.poll(ground).toBe(light);
  await expectAccessible(page, 'identities, light by choice');
});
