// A person who makes a passkey with the link in KEYROLL_LINK; tests of the API start it.
import { defineConfig } from '@playwright/test';
import { use } from '../fixtures/chromium.ts';

export default defineConfig({ testDir: '.', testMatch: 'enroll.spec.ts', outputDir: '../test-results/api', reporter: 'line', use: { ...use, trace: 'off' } });
