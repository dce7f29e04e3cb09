// Signing in: name and password, then a code or a recovery code.
import type { Page } from '@playwright/test';

export class SignInPage {
  constructor(readonly page: Page) {}

  /** Opens the page; `to` is where signing in leads. */
  async open(to?: string): Promise<void> {
    await this.page.goto(to ? `/sign-in?to=${encodeURIComponent(to)}` : '/sign-in');
  }

  async enter(name: string, password: string): Promise<void> {
    await this.page.getByLabel('Sign-in name').fill(name);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Continue' }).click();
  }

  get heading() {
    return this.page.getByRole('heading', { level: 1, name: 'Sign in to Stint' });
  }
}

export class CodePage {
  constructor(readonly page: Page) {}

  get heading() {
    return this.page.getByRole('heading', { level: 1 });
  }

  /** The account whose code is asked for. */
  get whose() {
    return this.page.locator('.whose');
  }

  get field() {
    return this.page.getByRole('textbox', { name: /code/i });
  }

  /** Types a code. With JavaScript the sixth digit sends it, else the button does. */
  async enter(code: string): Promise<void> {
    await this.field.fill(code);
    const verify = this.page.getByRole('button', { name: 'Verify' });
    // A click that had to wait is given up only where the button is gone: on a busy machine it may just be slow.
    while (!(await verify.click({ timeout: 2_000 }).then(() => true, () => false))) {
      if (!(await verify.isVisible())) return;
    }
  }

  async useRecoveryCode(code: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Use a recovery code' }).click();
    await this.page.getByLabel('Recovery code').fill(code);
    await this.page.getByRole('button', { name: 'Verify' }).click();
  }
}
