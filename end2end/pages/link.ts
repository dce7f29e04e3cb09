// One-time links: what the person sets, the authenticator app, the recovery codes.
import { expect, type Page } from '@playwright/test';
import { Authenticator } from '../support/totp.ts';
import { CodePage } from './sign-in.ts';

/** The recovery codes on the page, once all of them have arrived: its heading is there before them. */
export async function keptCodes(page: Page): Promise<string[]> {
  const codes = page.locator('.codes code');
  await expect(codes).toHaveCount(10);
  return codes.allInnerTexts();
}

export class LinkPage {
  constructor(readonly page: Page) {}

  get heading() {
    return this.page.getByRole('heading', { level: 1 });
  }

  /** The first person of all. */
  async introduce(name: string, signInName: string, password: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name);
    await this.page.getByLabel('Sign-in name').fill(signInName);
    await this.choose(password);
  }

  async choose(password: string): Promise<void> {
    await this.page.getByLabel('New password').fill(password);
    await this.page.getByRole('button', { name: 'Continue' }).click();
  }

  /** For who lost the password: a new one, and a code as proof. */
  async renew(password: string, code: string): Promise<void> {
    await this.page.getByLabel('New password').fill(password);
    await this.page.getByRole('textbox', { name: /code from/i }).fill(code);
    await this.page.getByRole('button', { name: 'Set the password' }).click();
  }

  /** The key that people type when they cannot scan. */
  async authenticator(): Promise<Authenticator> {
    await expect(this.page.getByRole('img', { name: /QR code/ })).toBeVisible();
    return new Authenticator(await this.page.locator('.key').innerText());
  }

  async verify(code: string): Promise<void> {
    await new CodePage(this.page).enter(code);
  }

  /** The recovery codes, shown once. */
  async codes(): Promise<string[]> {
    await expect(this.page.getByRole('heading', { level: 1, name: 'Your recovery codes' })).toBeVisible();
    return keptCodes(this.page);
  }

  async goOn(): Promise<void> {
    await this.page.getByRole('link', { name: /sign in/ }).click();
  }
}
