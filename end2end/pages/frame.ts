// What is around every page: navigation, strips, confirmations, questions.
import type { Locator, Page } from '@playwright/test';

export class Frame {
  constructor(readonly page: Page) {}

  get heading() {
    return this.page.getByRole('heading', { level: 1 });
  }

  get main() {
    return this.page.getByRole('main');
  }

  /** A short confirmation of what was done a moment ago. */
  get toast() {
    return this.page.locator('.toast');
  }

  /** A full-width note with these words. */
  strip(words: string | RegExp) {
    return this.page.locator('.strip').filter({ hasText: words });
  }

  /** A part of the page by its heading. */
  section(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  /** A line of a table by its first cell. */
  row(name: string | RegExp): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name }) });
  }

  /** What is known by this term: "Reason". */
  fact(term: string): Locator {
    return this.page.locator('.facts > div, dl > div').filter({ has: this.page.getByText(term, { exact: true }) }).locator('dd');
  }

  /** The sheet or question that lies over the page. */
  get over() {
    return this.page.locator('dialog[open]');
  }

  button(name: string | RegExp) {
    return this.page.getByRole('button', { name });
  }

  /** The small field for a code, typed in place. */
  get code() {
    return this.page.getByRole('textbox', { name: /code from your/i });
  }

  /** Every entry of the navigation, on phones under More too. */
  async entries(): Promise<string[]> {
    const more = this.page.getByRole('button', { name: 'More', exact: true });
    const sheet = this.page.getByRole('dialog', { name: 'More', exact: true });
    if ((await more.isVisible()) && !(await sheet.isVisible())) await more.click();
    const labels = this.page.locator('nav[aria-label="Main"] .nav-label, .tabbar .nav-label, #more .nav-label');
    const seen = [];
    for (const label of await labels.all()) if (await label.isVisible()) seen.push((await label.innerText()).trim());
    return seen;
  }

  /** Leads to a page by the navigation. */
  async go(name: string): Promise<void> {
    const entry = this.page.getByRole('link', { name: new RegExp(`^${name}`) }).and(this.page.locator('.nav-item, .tab'));
    const more = this.page.getByRole('button', { name: 'More', exact: true });
    if (!(await entry.first().isVisible()) && (await more.isVisible())) await more.click();
    await entry.filter({ visible: true }).first().click();
  }

  /** What makes the page scroll sideways. */
  async tooWide(): Promise<string[]> {
    return this.page.evaluate(() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      const over = (element: Element) => element.getBoundingClientRect().right > root.clientWidth + 1;
      const outermost = [...document.querySelectorAll('body *')].filter((element) => over(element) && !over(element.parentElement!));
      return outermost.slice(0, 5).map((element) => `${element.tagName.toLowerCase()}.${element.className} at ${location.pathname}`);
    });
  }
}
