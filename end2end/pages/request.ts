// Requests: one's own list, one of them, and what approvers see.
import { Frame } from './frame.ts';

export class RequestsPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/requests');
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search in my requests' }).fill(text);
    await this.page.getByRole('button', { name: 'Search' }).click();
  }
}

export class RequestPage extends Frame {
  async open(id: string): Promise<void> {
    await this.page.goto(`/requests/${id}`);
  }

  /** Where it stands, in a word. */
  get state() {
    return this.page.locator('.page-head .tag');
  }

  /** What happened so far, in order. */
  get steps() {
    return this.page.locator('.timeline > li .timeline-text p strong');
  }

  get story() {
    return this.page.locator('.timeline');
  }

  async deactivate(): Promise<void> {
    await this.button(/^Deactivate/).click();
  }

  async withdraw(): Promise<void> {
    await this.button(/^Withdraw/).click();
  }

  /** Leads an approver to where it is decided. */
  async decide(): Promise<void> {
    await this.page.getByRole('link', { name: 'Review and decide' }).click();
  }

  /** An administrator takes it from somebody, with a reason and a code where one is asked. */
  async end(reason: string, code?: () => Promise<string>): Promise<void> {
    await this.page.getByRole('link', { name: /^(End now|Cancel request)$/ }).click();
    await this.over.getByLabel('Reason').fill(reason);
    if (code) await this.code.fill(await code());
    await this.over.getByRole('button', { name: /^(End now|Cancel request)$/ }).click();
  }
}

export class ApprovalsPage extends Frame {
  async open(decided = false): Promise<void> {
    await this.page.goto(decided ? '/approvals?tab=decided' : '/approvals');
  }

  /** One request of the list. */
  pick(person: string) {
    return this.page.locator('a.pick').filter({ hasText: person });
  }
}

export class ApprovalPage extends Frame {
  async open(id: string): Promise<void> {
    await this.page.goto(`/approvals/${id}`);
  }

  /** "Kenji Watanabe asks for Exchange Administrator for 1 h" */
  get sentence() {
    return this.page.locator('.page-head h2');
  }

  get quote() {
    return this.page.locator('blockquote.quote');
  }

  get justification() {
    return this.page.getByLabel('Justification');
  }

  get approve() {
    return this.button(/^Approve for/);
  }

  get deny() {
    return this.button('Deny');
  }
}
