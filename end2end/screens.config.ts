// Not a test: runs screens.ts, which takes pictures of a running Stint. See scripts/screens.sh.
import { defineConfig } from '@playwright/test';
import { chromium } from './support/browser.ts';

export default defineConfig({
  testDir: '.',
  testMatch: 'screens.ts',
  outputDir: `${process.env.SCREENS_FOLDER}/.playwright`,
  timeout: 600_000,
  workers: 1,
  reporter: 'line',
  use: chromium,
});
