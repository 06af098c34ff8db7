// Browser tests of the release build, each with a server and a database of its own.
//
// KEYROLL_BIN and KEYROLL_SITE name the program and the built site (scripts/test sets them). With
// KEYROLL_TEST_POSTGRES_URL what is marked @postgres runs on PostgreSQL, too.
import { defineConfig } from '@playwright/test';
import type { Options } from './fixtures/test.ts';
import { use } from './fixtures/chromium.ts';

export default defineConfig<Options>({
  testDir: "probe",
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use,
  projects: [
    { name: 'sqlite', use: { database: 'sqlite' } },
    ...(process.env.KEYROLL_TEST_POSTGRES_URL ? [{ name: 'postgres', grep: /@postgres/, use: { database: 'postgres' as const } }] : []),
  ],
});
