// The people of the journeys, with what they sign in with.
import { expect, type Page } from '@playwright/test';
import { CodePage, LinkPage, SignInPage } from '../pages/index.ts';
import type { Stint } from './stint.ts';
import type { Authenticator } from './totp.ts';

export type Who = {
  name: string;
  signInName: string;
  password: string;
  app: Authenticator;
  recoveryCodes: string[];
};

/** Uses the set-up link: the first person, who administers Stint. */
export async function firstPerson(page: Page, stint: Stint): Promise<Who> {
  const who = { name: 'Marta Lindqvist', signInName: 'marta', password: 'seven quiet lanterns' };
  const link = new LinkPage(page);
  await page.goto(await stint.setUpLink());
  await link.introduce(who.name, who.signInName, who.password);
  const app = await link.authenticator();
  await link.verify(await app.code());
  return { ...who, app, recoveryCodes: await link.codes() };
}

/** Signs in with password and code; ends on the page that it leads to. */
export async function signIn(page: Page, who: Who, to = '/'): Promise<void> {
  const signIn = new SignInPage(page);
  await signIn.open(to);
  await signIn.enter(who.signInName, who.password);
  await expect(new CodePage(page).whose).toContainText(who.signInName);
  await new CodePage(page).enter(await who.app.code());
  await page.waitForURL((url) => url.pathname + url.search === to);
}
