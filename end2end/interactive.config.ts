// Not a test: runs interactive.ts, which measures pages on a slow phone. See scripts/bench.sh.
import { defineConfig } from '@playwright/test';
import { chromium, phone } from './support/browser.ts';

export default defineConfig({
  testDir: '.',
  testMatch: 'interactive.ts',
  outputDir: 'test-results/interactive',
  timeout: 900_000,
  workers: 1,
  reporter: 'line',
  use: { ...chromium, ...phone },
});
