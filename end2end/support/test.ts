// What every journey imports: `test` with a server and a mail server of its own, and `expect`.
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { noteLive } from './live.ts';
import { enter, type Person } from './people.ts';
import { Stint, type Settings } from './stint.ts';

/** Opens another browser, with somebody in it or nobody. */
export type Open = (person?: Person, options?: BrowserContextOptions) => Promise<Page>;

type Fixtures = {
  stint: Stint;
  settings: Settings;
  open: Open;
  said: string[];
  quietBrowser: void;
};

export const test = base.extend<Fixtures>({
  /** Further settings of the server. */
  settings: [{}, { option: true }],

  stint: async ({ settings }, use, info) => {
    const stint = await Stint.start(settings);
    await use(stint);
    if (info.status !== info.expectedStatus) await info.attach('stint.log', { body: stint.log });
    await stint.stop();
  },
  baseURL: async ({ stint }, use) => use(stint.url),

  said: async ({}, use) => use([]),

  open: async ({ browser, stint, javaScriptEnabled, said }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (person, options) => {
      const page = await another(browser, { baseURL: stint.url, javaScriptEnabled, ...options });
      opened.push(page.context());
      if (person) await enter(page.context(), stint, person);
      listen(page, said);
      return page;
    });
    for (const context of opened) await context.close();
  },

  page: async ({ page }, use) => {
    await noteLive(page.context());
    await use(page);
  },

  // A panic in the WASM, markup that does not hydrate and a broken content policy show only in the console.
  quietBrowser: [
    async ({ page, said }, use) => {
      listen(page, said);
      await use();
      expect(said, 'the browser has nothing to complain about').toEqual([]);
    },
    { auto: true },
  ],
});

async function another(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  await noteLive(context);
  return context.newPage();
}

function listen(page: Page, said: string[]): void {
  // Where it broke: a panic says no more than that.
  page.on('pageerror', (error) => said.push(`at ${page.url()}: ${error.stack ?? error}`));
  page.on('console', (message) => {
    // Refusals are part of the journeys, and Chromium logs each answer above 399.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) said.push(message.text());
  });
}

/** Each rule of WCAG 2.2 AA that axe finds broken, and where; with `rules` it looks at these alone. */
export async function broken(page: Page, rules?: string[]): Promise<object[]> {
  // In the page itself: nothing of Stint is in a frame, and a page of its own for each look takes long.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  // What lies under a question cannot be reached, and is not judged through the veil over it.
  if (await page.locator('dialog[open]').count()) axe.include('dialog[open]');
  if (rules) axe.withRules(rules);
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  const { violations } = await axe.analyze();
  return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.target.join(' ')) }));
}

export async function expectAccessible(page: Page): Promise<void> {
  expect(await broken(page)).toEqual([]);
}

export { expectLive } from './live.ts';
export { expect };
