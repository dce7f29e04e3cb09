// The browser's half comes in parts: what a page does not need is not loaded, and one that cannot be had is no dead end.
import { existsSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { administrator, enter, type Person } from '../support/people.ts';
import type { Stint } from '../support/stint.ts';
import { expect, test } from '../support/test.ts';

test.skip(!existsSync('../site/pkg/parts.json'), 'only release bundles come in parts');

const OWN = /\/pkg\/[^/]+\/split_own\.wasm$/;

/** My roles, taken over by the browser, where the browser may complain. */
async function atHome(browser: Browser, stint: Stint, person: Person, before: (page: Page) => Promise<void> = async () => {}): Promise<Page> {
  const page = await browser.newPage({ baseURL: stint.url });
  await enter(page.context(), stint, person);
  await before(page);
  await page.goto('/');
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
  await page.evaluate(() => document.documentElement.setAttribute('data-same', ''));
  return page;
}

test('the part that a page is in is loaded when the page is asked for', async ({ browser, stint }) => {
  const marta = await administrator(stint);
  const loaded: string[] = [];
  const page = await atHome(browser, stint, marta, async (page) => {
    page.on('request', (request) => loaded.push(request.url()));
  });
  expect(loaded.filter((url) => /\/split_home\.wasm$/.test(url))).toHaveLength(1);
  expect(loaded.filter((url) => OWN.test(url))).toEqual([]);
  const sheet = () => loaded.filter((url) => /\/split_activate\.wasm$/.test(url)).length;
  await expect.poll(sheet, 'what is most often asked for next comes by itself').toBe(1);
  await page.locator('a[href="/requests"]').first().click();
  await expect(page).toHaveURL(/\/requests$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/requests/i);
  await expect(page.locator('html[data-same]'), 'without loading another document').toBeAttached();
  expect(loaded.filter((url) => OWN.test(url))).toHaveLength(1);
  await page.close();
});

test('a page whose part cannot be had is loaded whole', async ({ browser, stint }) => {
  const marta = await administrator(stint);
  const page = await atHome(browser, stint, marta, async (page) => {
    await page.route(OWN, (route) => route.abort());
  });
  await page.locator('a[href="/requests"]').first().click();
  await expect(page).toHaveURL(/\/requests$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/requests/i);
  await expect(page.locator('html[data-same]'), 'another document').not.toBeAttached();
  // Not taken over, and not loaded again and again.
  await page.evaluate(() => document.documentElement.setAttribute('data-same', ''));
  await page.waitForTimeout(1_000);
  await expect(page.locator('html[data-same]')).toBeAttached();
  await expect(page.locator('html[data-hydrated]')).not.toBeAttached();
  await page.close();
});

test('a page that was cut short on its way is left as it is', async ({ page, stint }) => {
  for (const share of [0.6, 0.9, 0.99]) {
    await page.route(`${stint.url}/sign-in`, async (route) => {
      const whole = await route.fetch();
      const text = await whole.text();
      await route.fulfill({ response: whole, body: text.slice(0, text.length * share) });
    }, { times: 1 });
    const half = page.waitForResponse(/split_before\.wasm$/);
    await page.goto('/sign-in');
    await half;
    await page.waitForTimeout(500);
    await expect(page.getByLabel('Sign-in name')).toBeVisible();
    await expect(page.locator('html[data-hydrated]')).not.toBeAttached();
  }
});
