// What every journey imports: `test` with a server and a mail server of its own, and `expect`.
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { Stint } from './stint.ts';

type Fixtures = {
  stint: Stint;
  quietBrowser: void;
};

export const test = base.extend<Fixtures>({
  stint: async ({}, use, info) => {
    const stint = await Stint.start();
    await use(stint);
    if (info.status !== info.expectedStatus) await info.attach('stint.log', { body: stint.log });
    await stint.stop();
  },
  baseURL: async ({ stint }, use) => use(stint.url),

  // A panic in the WASM, markup that does not hydrate and a broken content policy show only in the console.
  quietBrowser: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on('pageerror', (error) => said.push(String(error)));
      page.on('console', (message) => {
        // Refusals are part of the journeys, and Chromium logs each answer above 399.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) said.push(message.text());
      });
      await use();
      expect(said, 'the browser has nothing to complain about').toEqual([]);
    },
    { auto: true },
  ],
});

/** Fails with each rule of WCAG 2.2 AA that axe finds broken, and where. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.target.join(' ')) }));
  expect(found).toEqual([]);
}

export { expect };
