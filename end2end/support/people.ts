// The people of the journeys: how they are made, what they sign in with, and how they come into a browser.
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { CodePage, LinkPage, SignInPage } from '../pages/index.ts';
import { Api } from './api.ts';
import type { Stint } from './stint.ts';
import { Authenticator } from './totp.ts';

export type Who = {
  name: string;
  signInName: string;
  password: string;
  app: Authenticator;
  recoveryCodes: string[];
};

/** Somebody who is signed in already, by the API. */
export type Person = Who & {
  id: string;
  /** Where mail reaches them. */
  address: string;
  api: Api;
  /** What a browser keeps of the session. */
  tokens: { access: string; refresh: string };
};

export const PASSWORD = 'seven quiet lanterns';
const MARTA = { name: 'Marta Lindqvist', signInName: 'marta', password: PASSWORD };

/** Uses the set-up link: the first person, who administers Stint. */
export async function firstPerson(page: Page, stint: Stint): Promise<Who> {
  const link = new LinkPage(page);
  await page.goto(await stint.setUpLink());
  await link.introduce(MARTA.name, MARTA.signInName, MARTA.password);
  const app = await link.authenticator();
  await link.verify(await app.code());
  return { ...MARTA, app, recoveryCodes: await link.codes() };
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

/** The first person without a browser. Their factor is fresh. */
export async function administrator(stint: Stint): Promise<Person> {
  const { name, signInName } = MARTA;
  const enrolled = await enrol(stint, await stint.setUpLink(), { name, sign_in_name: signInName });
  return begin(stint, { ...MARTA, ...enrolled }, '', true);
}

type New = { name: string; signInName?: string; kind?: 'member' | 'guest'; address?: string; fresh?: boolean; agent?: string };

/**
 * Somebody who has used their invitation and is signed in. With `fresh: false` they signed in with a recovery code, so that
 * acts that need a fresh factor ask for a code, and one is left for it.
 */
export async function newPerson(stint: Stint, by: Person, input: New): Promise<Person> {
  const signInName = input.signInName ?? input.name.split(' ')[0]!.toLowerCase();
  const address = input.address ?? `${signInName}@halden.example`;
  const { id, link } = await by.api.post('/people', {
    kind: input.kind ?? 'member',
    name: input.name,
    sign_in_name: signInName,
    addresses: [address],
  });
  const enrolled = await enrol(stint, link.url, {});
  const who = { name: input.name, signInName, password: PASSWORD, ...enrolled };
  return { ...(await begin(stint, who, address, input.fresh ?? true, input.agent)), id };
}

/** Lets somebody use a one-time link. */
export async function enrol(stint: Stint, link: string, first: object): Promise<{ app: Authenticator; recoveryCodes: string[] }> {
  const api = new Api(stint.url);
  const token = link.split('/').at(-1)!;
  const begun = await api.post('/links/begin', { token, password: PASSWORD, ...first });
  const app = new Authenticator(begun.enrolment.key);
  const used = await api.post('/links/finish', { token, sealed: begun.sealed, code: await app.code() });
  return { app, recoveryCodes: used.recovery_codes };
}

async function begin(stint: Stint, who: Who, address: string, fresh: boolean, agent?: string): Promise<Person> {
  const code = fresh ? await who.app.code() : who.recoveryCodes[0]!;
  const tokens = await new Api(stint.url, undefined, agent).post('/session', { name: who.signInName, password: who.password, code });
  const api = new Api(stint.url, tokens.access);
  const { id } = await api.get('/me');
  return { ...who, id, address, api, tokens };
}

/** Brings somebody into a browser with the session that they have, for journeys that are not about signing in. */
export async function enter(context: BrowserContext, stint: Stint, person: Person): Promise<void> {
  const cookie = (name: string, value: string) => ({ name, value, url: stint.url, httpOnly: true, sameSite: 'Lax' as const });
  await context.addCookies([
    cookie('stint_access', person.tokens.access),
    cookie('stint_refresh', person.tokens.refresh),
  ]);
}
