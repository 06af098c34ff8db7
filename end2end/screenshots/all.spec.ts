// The pictures.
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test } from '../fixtures/test.ts';
import { DOORWAYS, DRAWER, OVERLAYS, PLACES, visit, walkThroughEnrollment } from '../fixtures/places.ts';
import { setScene } from '../fixtures/scene.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`${colorScheme}, ${viewport.width} px`, async ({ keyroll, device, problems }) => {
      problems.allowOffline();
      problems.allowStatus(403, 404, 410, 422);
      problems.allowSandbox();
      const context = { colorScheme, viewport, reducedMotion: 'reduce' as const };
      const picture = async (page: Page, name: string, fullPage: boolean) => {
        const file = `${name.replaceAll(/\W+/g, '-')}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path: join(process.env.KEYROLL_SCREENSHOTS!, file), fullPage });
      };
      const desk = await device({ context });
      const scene = await setScene(keyroll, desk, device);
      for (const place of PLACES) {
        await visit(desk, place, scene);
        await picture(desk.page, place.name, true);
      }
      for (const place of [...OVERLAYS, ...(viewport.width < 900 ? [DRAWER] : [])]) {
        await visit(desk, place, scene);
        await picture(desk.page, `open ${place.name}`, false);
      }
      const stranger = await device({ context });
      for (const place of DOORWAYS) {
        await visit(stranger, place, scene);
        await picture(stranger.page, place.name, true);
      }
      await walkThroughEnrollment(stranger, scene.links.open, (name) => picture(stranger.page, name, true));
    });
  }
}
