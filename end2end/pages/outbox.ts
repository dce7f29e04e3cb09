// The outbox: messages that wait or went out.
import { Frame } from './frame.ts';

export class OutboxPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/outbox');
  }

  get rows() {
    return this.page.locator('table.outbox tbody tr');
  }

  async see(subject: string | RegExp): Promise<void> {
    await this.rows.getByRole('link', { name: subject }).first().click();
  }
}

export class MessagePage extends Frame {
  get text() {
    return this.page.getByRole('region', { name: 'Text of the message' });
  }
}
