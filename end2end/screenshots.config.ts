// Pictures of every page instead of tests; see screenshots.mjs.
import { defineConfig } from '@playwright/test';
import { use } from './fixtures/chromium.ts';

export default defineConfig({ testDir: 'screenshots', workers: 2, fullyParallel: true, timeout: 300_000, reporter: 'list', use: { ...use, trace: 'off' } });
