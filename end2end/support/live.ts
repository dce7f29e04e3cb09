// Whether the browser's half of a page has taken over.
import type { BrowserContext, Page } from '@playwright/test';

/** Lets the pages of this context remember that their stream of live events is open. */
export async function noteLive(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const Plain = window.EventSource;
    window.EventSource = class extends Plain {
      constructor(address: string | URL, options?: EventSourceInit) {
        super(address, options);
        this.addEventListener('open', () => Object.assign(window, { stintHears: true }));
      }
    };
  });
}

/** Waits until the browser's half has taken over and hears what happens elsewhere. */
export async function expectLive(page: Page): Promise<void> {
  await page.waitForFunction(() => 'stintHears' in window, undefined, { timeout: 20_000 });
}
