// Pictures of a running Stint, in two sizes and two themes, for looking at. Called by scripts/screens.sh.
import { test, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { desktop, phone } from './support/browser.ts';

const { SCREENS_URL: baseURL, SCREENS_FOLDER: folder, SCREENS_PATHS: paths, SCREENS_NAME: name } = process.env;

test('pictures', async ({ browser }) => {
  // A code is good once, so there is one sign-in, and its cookies serve all four.
  const storageState = name ? await signIn(browser, name) : undefined;
  for (const [device, size] of Object.entries({ desktop, phone })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const options: BrowserContextOptions = { ...size, baseURL, colorScheme, storageState, reducedMotion: 'reduce' };
      const context = await browser.newContext(options);
      const page = await context.newPage();
      for (const path of paths!.split(' ')) {
        await page.goto(path);
        await settled(page);
        const slug = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home';
        await page.screenshot({
          path: `${folder}/${slug}-${device}-${colorScheme}.png`,
          fullPage: !process.env.SCREENS_VIEWPORT,
          animations: 'disabled',
        });
      }
      await context.close();
    }
  }
});

async function signIn(browser: Browser, name: string) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('input[autocomplete~="username"]').fill(name);
  await page.locator('input[autocomplete~="current-password"]').fill(process.env.SCREENS_PASSWORD!);
  await page.locator('input[autocomplete~="current-password"]').press('Enter');
  const code = page.locator('input[autocomplete~="one-time-code"]');
  await code.fill(process.env.SCREENS_CODE!);
  await code.press('Enter', { timeout: 1_000 }).catch(() => {}); // The sixth digit may have sent the form already.
  await code.waitFor({ state: 'detached' });
  const state = await context.storageState();
  await context.close();
  return state;
}

async function settled(page: Page): Promise<void> {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached', timeout: 5_000 }).catch(() => {});
  await page.evaluate(() => document.fonts.ready);
}
