// Takes a picture of every page and of everything that opens on one, light and dark, wide and narrow.
//   KEYROLL_BIN=… KEYROLL_SITE=… node screenshots.mjs FOLDER
import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node screenshots.mjs FOLDER');
  process.exit(2);
}
const { status } = spawnSync('npx', ['--no-install', 'playwright', 'test', '--config', 'screenshots.config.ts'], {
  cwd: dirname(fileURLToPath(import.meta.url)),
  env: { ...process.env, KEYROLL_SCREENSHOTS: resolve(folder) },
  stdio: 'inherit',
});
process.exit(status ?? 1);
