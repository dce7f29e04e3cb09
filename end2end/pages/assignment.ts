// A new assignment in its steps, and one assignment.
import { Frame } from './frame.ts';

export class AssignPage extends Frame {
  async open(role: string): Promise<void> {
    await this.page.goto(`/roles/${role}/assign`);
  }

  /** The first step: finds somebody and takes them. */
  async who(name: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search people and groups' }).fill(name.split(' ')[0]!);
    await this.button('Search').click();
    await this.page.locator('.people-found').getByRole('link', { name }).click();
  }

  async kind(name: 'Eligible' | 'Active'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Type' }).getByRole('link', { name }).click();
  }

  async noEnd(): Promise<void> {
    await this.main.getByText('No end', { exact: true }).click();
  }

  async dates(from: string, until: string): Promise<void> {
    await this.main.getByText('Set dates', { exact: true }).click();
    await this.page.getByLabel('From', { exact: true }).fill(from);
    await this.page.getByLabel('Until', { exact: true }).fill(until);
  }

  async next(): Promise<void> {
    await this.button('Next: check').click();
  }

  /** What will be, as a sentence. */
  get sentence() {
    return this.page.locator('p.say');
  }

  async assign(reason: string, code?: string): Promise<void> {
    await this.page.getByLabel('Reason').fill(reason);
    if (code) await this.code.fill(code);
    await this.button('Assign').click();
  }
}

export class AssignmentPage extends Frame {
  async open(id: string): Promise<void> {
    await this.page.goto(`/assignments/${id}`);
  }

  async until(date: string): Promise<void> {
    await this.main.getByText('Until a date', { exact: true }).click();
    await this.page.getByLabel('Until', { exact: true }).fill(date);
    await this.button('Save').click();
  }
}

export class AssignmentRemoveDialog extends Frame {
  async open(id: string): Promise<void> {
    await this.page.goto(`/assignments/${id}/remove`);
  }

  async remove(reason: string, code?: string): Promise<void> {
    await this.over.getByLabel('Reason').fill(reason);
    if (code) await this.code.fill(code);
    await this.over.getByRole('button', { name: 'Remove now' }).click();
  }
}
