// My roles, and the sheet to activate one.
import { Frame } from './frame.ts';

export class MyRolesPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/');
  }

  get active() {
    return this.section('Active now');
  }

  get waiting() {
    return this.section('Waiting for approval');
  }

  get eligible() {
    return this.section('Eligible');
  }

  get standing() {
    return this.section('Standing');
  }

  async activate(role: string): Promise<void> {
    await this.eligible.getByRole('link', { name: `Activate ${role}` }).click();
  }

  async deactivate(role: string): Promise<void> {
    await this.active.getByRole('button', { name: `Deactivate ${role}` }).click();
  }

  async cancelStart(role: string): Promise<void> {
    await this.active.getByRole('button', { name: `Cancel start ${role}` }).click();
  }

  async withdraw(role: string): Promise<void> {
    await this.waiting.getByRole('button', { name: `Withdraw ${role}` }).click();
  }

  /** Opens the request that waits for this role. */
  async see(role: string): Promise<void> {
    await this.main.getByRole('link', { name: role, exact: true }).first().click();
  }
}

export class ActivateSheet extends Frame {
  async open(key: string): Promise<void> {
    await this.page.goto(`/activate/${key}`);
  }

  get title() {
    return this.over.getByRole('heading', { level: 2 }).first();
  }

  get duration() {
    return this.over.getByRole('slider', { name: 'For how long' });
  }

  get reason() {
    return this.over.getByLabel('Reason');
  }

  get ticket() {
    return this.over.getByLabel('Ticket');
  }

  /** What the button at the foot says. */
  get send() {
    return this.over.getByRole('button', { name: /^(Activate|Request|Plan) ?/ });
  }

  /** Fills in what is asked for. */
  async fill(input: { seconds?: number; reason?: string; ticket?: string; code?: string }): Promise<void> {
    if (input.seconds !== undefined) await this.duration.fill(String(input.seconds));
    if (input.reason !== undefined) await this.reason.fill(input.reason);
    if (input.ticket !== undefined) await this.ticket.fill(input.ticket);
    if (input.code !== undefined) await this.code.fill(input.code);
  }

  /** Puts the start at a set time: date and time as the field holds them. */
  async startAt(time: string): Promise<void> {
    await this.over.getByRole('radio', { name: 'At a set time' }).check();
    await this.over.getByLabel('Date and time').fill(time);
  }
}
