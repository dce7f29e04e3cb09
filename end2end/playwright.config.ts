// How the journeys run: against a `stint` of their own for each test, in Debian's Chromium, at two sizes.
import { defineConfig } from '@playwright/test';
import { chromium, desktop, phone } from './support/browser.ts';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  // A long form: make hostile PART=pages.
  testIgnore: process.env.STINT_CANARIES ? [] : /hostile\.spec\.ts$/,
  forbidOnly: !!process.env.CI,
  // A test that passes at the second try has found a fault, in Stint or in itself.
  retries: 0,
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['list'], ['json']] : [['list']],
  use: {
    ...chromium,
    screenshot: 'only-on-failure',
    trace: process.env.CI ? 'off' : 'retain-on-failure',
  },
  projects: [
    { name: 'desktop', use: desktop },
    // What is the same at every size is tested at one.
    { name: 'phone', use: phone, testIgnore: /(connection|health|hostile|notification|parts|recover|stranger)\.spec\.ts$/ },
  ],
});
