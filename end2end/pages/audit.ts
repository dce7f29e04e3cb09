// The record: everybody's, and one's own.
import { readFile } from 'node:fs/promises';
import { Frame } from './frame.ts';

export class AuditPage extends Frame {
  async open(query = ''): Promise<void> {
    await this.page.goto(`/audit${query}`);
  }

  /** What happened, newest first, without the names of those who did it. */
  get what() {
    return this.page.locator('table.record td.what');
  }

  get rows() {
    return this.page.locator('table.record tbody tr:not(.row-open)');
  }

  get seal() {
    return this.page.locator('.seal');
  }

  /** A filter, as the button that shows what it is set to. */
  filter(label: string) {
    return this.page.locator('details.drop > summary').filter({ hasText: label });
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search the record' }).fill(text);
    await this.page.getByRole('searchbox', { name: 'Search the record' }).press('Enter');
  }

  /** Sets a filter to a word of its list, or types a name. */
  async show(label: 'Person' | 'Role' | 'Action' | 'Outcome', value: string): Promise<void> {
    await this.filter(label).click();
    const panel = this.page.locator('details.drop[open] .drop-panel');
    if (label === 'Person') await panel.getByLabel('Name').fill(value);
    else await panel.getByLabel(label).selectOption(value);
    await panel.getByRole('button', { name: 'Show' }).click();
  }

  async verify(): Promise<void> {
    await this.button('Verify now').click();
  }

  /** Opens one record: everything that is kept of it. */
  async see(what: RegExp): Promise<void> {
    await this.rows.filter({ hasText: what }).first().getByRole('link', { name: /^Record/ }).click();
  }

  /** Exports what is shown; gives the name and the text of the file. */
  async export(format: 'CSV' | 'JSON lines'): Promise<{ name: string; text: string }> {
    await this.filter('Export').click();
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.button(format).click()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }
}

export class OwnRecordPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/record');
  }

  get rows() {
    return this.page.locator('table.record tbody tr');
  }
}
