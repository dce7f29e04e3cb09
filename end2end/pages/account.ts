// One's own account.
import type { Page } from '@playwright/test';
import { keptCodes } from './link.ts';

export class AccountPage {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto('/account');
  }

  get heading() {
    return this.page.getByRole('heading', { level: 1, name: 'Account' });
  }

  /** A card by its heading. */
  card(title: string) {
    return this.page.locator('.card').filter({ has: this.page.getByRole('heading', { name: title, exact: true }) });
  }

  /** What was done a moment ago. */
  get done() {
    return this.page.locator('.strip-green');
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }).click();
  }

  async changePassword(present: string, next: string): Promise<void> {
    const card = this.card('Password');
    await card.getByRole('link', { name: 'Change' }).click();
    await card.getByLabel('Present password').fill(present);
    await card.getByLabel('New password').fill(next);
    await card.getByRole('button', { name: 'Change the password' }).click();
  }

  /** Begins to replace the authenticator app; gives the key of the new one. */
  async newApp(): Promise<string> {
    const card = this.card('Authenticator app');
    await card.getByRole('button', { name: 'Replace' }).click();
    return card.locator('.key').innerText();
  }

  async replaceApp(code: string, proof: string): Promise<void> {
    const card = this.card('Authenticator app');
    await card.getByLabel('Code of the new app').fill(code);
    await card.getByLabel('Code of the present app, or a recovery code').fill(proof);
    await card.getByRole('button', { name: 'Replace the app' }).click();
  }

  async newCodes(): Promise<string[]> {
    const card = this.card('Recovery codes');
    await card.getByRole('link', { name: 'New set' }).click();
    await card.getByRole('button', { name: 'Make new codes' }).click();
    return keptCodes(this.page);
  }

  async chooseZone(zone: string): Promise<void> {
    const card = this.card('Times and colours');
    await card.getByRole('link', { name: 'Change time zone' }).click();
    await card.getByLabel('Time zone').selectOption(zone);
    await card.getByRole('button', { name: 'Keep this zone' }).click();
  }
}
