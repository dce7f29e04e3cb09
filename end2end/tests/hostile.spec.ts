// What people write, and what another site does in somebody's name: it arrives as text, and nothing happens.
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { CodePage, SignInPage } from '../pages/index.ts';
import { canaries, expectOnlyText, infested, Planter, serverFunctions, watch } from '../support/canary.ts';
import { Evil } from '../support/evil.ts';
import { office, pages, type Office } from '../support/office.ts';
import { administrator, enter, newPerson, type Person } from '../support/people.ts';
import type { Stint } from '../support/stint.ts';
import { expect, test } from '../support/test.ts';

/** Operations whose texts are secrets or one's own settings: they are on no page. */
const ON_NO_PAGE = [
  'session.start',
  'session.refresh',
  'link.view',
  'link.begin',
  'link.finish',
  'person.set_zone',
  'credential.change_password',
  'credential.finish_factor',
  'role.import',
];

/** Addresses that say what somebody else has made of them. */
const reflected = (text: string) =>
  ['/people?search=', '/roles?search=', '/groups?search=', '/audit?text=', '/audit?who=', '/audit?kind=', '/groups?do=', '/approvals?tab=', '/nowhere/',
    '/sign-in?to=', '/activate/', '/roles/new?__path=/fn/role/create&__err=', '/people?cursor='].map((path) => path + encodeURIComponent(text));

/** Waits until the browser's half has drawn, where there is one. */
async function drawn(page: Page): Promise<void> {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached', timeout: 4_000 }).catch(() => {});
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled, settings: { STINT_ORGANISATION: 'Halden <canary-x onclick=hit(99)>' } });

    test('what anybody writes anywhere is text to everybody who reads it', async ({ stint, open }) => {
      test.setTimeout(1_800_000);
      const marta = await administrator(stint);
      const priya = await newPerson(stint, marta, { name: 'Priya Raman' });
      const planter = await Planter.of(stint);
      const all: Office[] = [];
      for (const canary of canaries()) all.push(await infested(stint, marta, priya, planter, canary));
      const missed = planter.operations().filter((name) => !planter.fields.has(name) && !ON_NO_PAGE.includes(name));
      expect(missed, 'every operation that takes text was tried: add it to support/canary.ts').toEqual([]);
      const taken = [...planter.fields].flatMap(([name, fields]) => [...fields].filter(([, taken]) => taken).map(([field]) => `${name} ${field}`));
      for (const field of ['role.create name', 'activation.request justification', 'activation.deny justification', 'assignment.make scope', 'person.change name']) {
        expect(taken).toContain(field);
      }
      const readers = new Map<Person, { page: Page; found: string[] }>();
      const shows = new Set<string>();
      let looked = 0;
      for (const [at, of] of all.entries()) {
        const { mark, text } = canaries()[at]!;
        const mine = [...pages(of), ...(at === 0 ? reflected(text).map((path) => ({ path, as: undefined })) : [])];
        for (const { path, as } of mine) {
          const who = as ?? marta;
          if (!readers.has(who)) {
            const page = await open(who);
            readers.set(who, { page, found: await watch(page) });
          }
          const { page, found } = readers.get(who)!;
          await page.goto(path);
          if (javaScriptEnabled) await drawn(page);
          await expectOnlyText(page, found, `${path} as ${who.signInName}`);
          if ((await page.content()).includes(mark)) shows.add(path);
          looked += 1;
        }
        await readers.get(of.kenji)?.page.context().close();
      }
      expect(shows.size, 'the canaries are on the pages at all').toBeGreaterThan(30);
      const hers = readers.get(marta)!;
      await walks(hers.page, hers.found);
      await types(hers.page, hers.found, all[0]!, canaries()[0]!.text);
      await mails(stint, await open());
      console.log(`${looked} pages, ${taken.length} fields with ${all.length} canaries each:\n  ${taken.sort().join('\n  ')}`);
    });
  });
}

/** By the links of pages, so that the browser's half draws what the server did not. */
async function walks(page: Page, found: string[]): Promise<void> {
  for (const path of ['/people', '/groups', '/roles', '/audit', '/outbox', '/approvals', '/requests']) {
    await page.goto('/');
    await drawn(page);
    for (const step of [`a[href^="${path}"]`, `main a[href^="${path}"]`, 'main a[href^="/"]']) {
      const link = page.locator(step).filter({ visible: true }).first();
      if (!(await link.count())) continue;
      await link.click({ timeout: 3_000 }).catch(() => {});
      await page.waitForLoadState();
      await expectOnlyText(page, found, `${step} from ${path}, at ${page.url()}`);
    }
  }
}

/** Into every text of every form, whether it is taken or comes back. */
async function types(page: Page, found: string[], of: Office, text: string): Promise<void> {
  const forms = ['/people/new', '/groups/new', '/roles/new', `/people/${of.kenji.id}?do=change`, `/roles/${of.role.id}/change`, `/roles/${of.role.id}/settings`,
    `/roles/${of.role.id}/assign`, `/assignments/${of.assignment}/remove`, `/approvals/${of.waiting}`, '/audit', '/account?change=password'];
  for (const path of forms) {
    await page.goto(path);
    await drawn(page);
    const fields = page.locator('main :is(textarea, input:not([type]), input[type=text], input[type=search], input[type=email], input[type=url])');
    let typed = 0;
    for (const field of await fields.all()) {
      if (!(await field.isEditable().catch(() => false)) || !(await field.isVisible())) continue;
      await field.fill(text);
      typed += 1;
    }
    await expectOnlyText(page, found, `typed at ${path}`);
    if (typed === 0) continue;
    const send = page.locator('main form button:not([type=button])').filter({ visible: true }).first();
    if (await send.count()) await send.click({ timeout: 3_000 }).catch(() => {});
    await page.waitForLoadState();
    await expectOnlyText(page, found, `sent from ${path}, at ${page.url()}`);
  }
}

/** Every mail, opened in a browser. */
async function mails(stint: Stint, page: Page): Promise<void> {
  const found = await watch(page);
  expect(stint.mail.all.length).toBeGreaterThan(5);
  for (const mail of stint.mail.all) {
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(`${mail.subject}${mail.text}`, 'no template was worked out').not.toContain('9449772114007');
    expect(mail.link && new URL(mail.link).origin, mail.text).toBe(stint.url);
    await page.setContent(mail.html);
    await expectOnlyText(page, found, `the mail “${mail.subject}”`);
  }
}

/** The state of things: the newest record, and who and what there is. */
async function state(by: Person): Promise<string> {
  const lists = ['/people', '/groups', '/roles', '/activations', '/me/sessions', '/records'];
  const answers = await Promise.all(lists.map((path) => by.api.get(path)));
  // That a session was used is no change.
  return JSON.stringify(answers, (key, value) => (key === 'used_at' ? undefined : value));
}

/** Somebody's browser, with an eye on no console: other sites' scripts complain there. */
async function visiting(browser: Browser, stint: Stint, who: Person): Promise<BrowserContext> {
  const context = await browser.newContext();
  await enter(context, stint, who);
  return context;
}

type Act = { method: string; path: string; fields: Record<string, string>; json: unknown };

/** Everything that changes something, as far as it goes with words that would be right. */
async function acts(stint: Stint, of: Office): Promise<Act[]> {
  const { marta, kenji, group, role, active, waiting, assignment } = of;
  const words = { name: 'Evil', description: 'Evil', key: 'evil', level: 'high', kind: 'guest', sign_in_name: 'evil', theme: 'dark', zone: 'Europe/Oslo',
    justification: 'Evil', role: role.id, duration: 'PT1H', format: 'csv' };
  const ids = [marta.id, kenji.id, group, role.id, active, waiting, assignment];
  const fields = (id: string) => Object.fromEntries(Object.entries({ ...words, id, person: kenji.id, group, version: '1' }).map(([name, value]) => [`form[${name}]`, value]));
  const functions = serverFunctions().flatMap((path) => {
    // What is about something is tried for each thing there is.
    const targets = /person|group|role|activation|assignment|session/.test(path) ? ids : [kenji.id];
    return targets.map((id) => ({ method: 'POST', path, fields: fields(id), json: { form: { ...words, id } } }));
  });
  const exact: Act[] = [
    { method: 'POST', path: '/fn/group/create', fields: { 'form[name]': 'Evil', 'form[description]': '', 'form[key]': 'evil' }, json: {} },
    { method: 'POST', path: '/fn/person/disable', fields: { 'form[id]': kenji.id, 'form[key]': 'evil' }, json: {} },
    { method: 'POST', path: '/fn/activation/revoke', fields: { 'form[id]': active, 'form[justification]': 'Evil', 'form[key]': 'evil' }, json: {} },
    { method: 'POST', path: '/fn/session/sign_out', fields: {}, json: {} },
    { method: 'POST', path: '/audit/export', fields: { format: 'csv' }, json: {} },
  ];
  const document = await (await fetch(`${stint.url}/api/openapi.json`)).json();
  const operations = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'get')
      .map((method) => ({ method: method.toUpperCase(), path: `/api/v1${path.replaceAll(/\{\w+\}/g, kenji.id)}`, fields: words, json: words })),
  );
  return [...exact, ...functions, ...operations];
}

test('what another site sends in somebody’s name changes nothing', async ({ browser, stint }) => {
  test.slow();
  const of = await office(stint);
  const evil = await Evil.start();
  const context = await visiting(browser, stint, of.marta);
  const page = await context.newPage();
  const all = await acts(stint, of);
  const before = await state(of.marta);
  for (const origin of [evil.sameSite, evil.crossSite]) {
    await page.goto(origin);
    const seen = await page.evaluate(sendsAll, { target: stint.url, all });
    expect(seen.read, 'nothing of an answer is read').toEqual([]);
    expect(seen.sent).toBeGreaterThan(all.length * 4);
    const posted = await page.evaluate(postsForms, { target: stint.url, all });
    expect(posted).toBe(all.filter(({ method }) => method === 'POST').length * 2);
    expect(await state(of.marta), `from ${origin}`).toBe(before);
  }
  // The same from our own page does it: what was refused was refused for where it came from.
  await page.goto(stint.url);
  await page.evaluate(() => fetch('/fn/group/create', { method: 'POST', body: new URLSearchParams({ 'form[name]': 'Own', 'form[key]': 'own' }) }));
  expect(await state(of.marta)).not.toBe(before);
  await page.goto('about:blank');
  await context.close();
  await evil.stop();
});

/** In the page of another site: each act by every kind of request that a script can make. */
async function sendsAll({ target, all }: { target: string; all: Act[] }): Promise<{ sent: number; read: string[] }> {
  const read: string[] = [];
  let sent = 0;
  const tries: Array<[string, RequestInit]> = [];
  for (const { method, path, fields, json } of all) {
    const coded = new URLSearchParams(fields);
    const text = JSON.stringify(json);
    tries.push(
      [path, { method: 'POST', mode: 'no-cors', credentials: 'include', body: coded }],
      [path, { method: 'POST', mode: 'no-cors', credentials: 'include', body: text, headers: { 'content-type': 'text/plain' } }],
      [path, { method, mode: 'cors', credentials: 'include', body: text, headers: { 'content-type': 'application/json' } }],
      [path, { method: 'POST', mode: 'cors', credentials: 'include', body: coded }],
      [path, { method: 'POST', mode: 'cors', credentials: 'omit', body: coded }],
      [`${path}?${coded}`, { method: 'GET', mode: 'no-cors', credentials: 'include' }],
    );
    navigator.sendBeacon(target + path, coded);
  }
  for (const path of ['/', '/people', '/api/v1/me', '/audit', '/events', '/api/openapi.json', '/pkg/stint.css']) {
    tries.push([path, { method: 'GET', mode: 'cors', credentials: 'include' }]);
  }
  const hands = Array.from({ length: 6 }, async () => {
    for (let next = tries.pop(); next; next = tries.pop()) {
      sent += 1;
      const answer = await fetch(target + next[0], next[1]).catch(() => undefined);
      if (answer && answer.type !== 'opaque') read.push(`${next[1].method} ${next[0]}: ${answer.status}`);
    }
  });
  await Promise.all(hands);
  return { sent, read };
}

/** In the page of another site: each act as a plain form, sent into a frame. */
async function postsForms({ target, all }: { target: string; all: Act[] }): Promise<number> {
  let sent = 0;
  const frame = document.createElement('iframe');
  frame.name = 'frame';
  document.body.append(frame);
  for (const enctype of ['application/x-www-form-urlencoded', 'text/plain']) {
    for (const { path, fields } of all.filter(({ method }) => method === 'POST')) {
      const form = Object.assign(document.createElement('form'), { method: 'POST', action: target + path, target: 'frame', enctype });
      for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { name, value, type: 'hidden' }));
      document.body.append(form);
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      form.submit();
      await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 1_000))]);
      form.remove();
      sent += 1;
    }
  }
  return sent;
}

test('another site neither frames a page nor holds its window, nor takes its files', async ({ browser, stint }) => {
  const marta = await administrator(stint);
  const evil = await Evil.start();
  const context = await visiting(browser, stint, marta);
  for (const origin of [evil.sameSite, evil.crossSite]) {
    const page = await context.newPage();
    await page.goto(origin);
    await page.evaluate(async (target) => {
      for (const path of ['/', '/sign-in', '/account', '/api', '/healthz', '/link/abc']) {
        const frame = Object.assign(document.createElement('iframe'), { src: target + path });
        document.body.append(frame);
        await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      }
    }, stint.url);
    const framed = page.frames().filter((frame) => frame !== page.mainFrame());
    expect(framed).toHaveLength(6);
    for (const frame of framed) expect(await frame.content(), 'nothing of Stint is in the frame').not.toMatch(/Stint|stint|ok\n/);
    const window = await page.evaluate(async (target) => {
      const opened = open(`${target}/account`)!;
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { closed: opened.closed, frames: opened.length };
    }, stint.url);
    expect(window, 'its window is out of reach').toEqual({ closed: true, frames: 0 });
    const files = await page.evaluate(async (target) => {
      const loads = (element: HTMLElement, address: string) =>
        new Promise<boolean>((resolve) => {
          element.addEventListener('load', () => resolve(true));
          element.addEventListener('error', () => resolve(false));
          document.head.append(Object.assign(element, address.endsWith('.css') ? { rel: 'stylesheet', href: address } : { src: address }));
        });
      return Promise.all([
        loads(document.createElement('script'), `${target}/api/openapi.json`),
        loads(document.createElement('script'), `${target}/api/v1/me`),
        loads(document.createElement('img'), `${target}/icon.svg`),
        loads(document.createElement('link'), `${target}/pkg/stint.css`),
      ]);
    }, stint.url);
    expect(files).toEqual([false, false, false, false]);
    await page.close();
  }
  await context.close();
  await evil.stop();
});

test('signing in leads to pages of this site only, whatever the address says', async ({ browser, stint }) => {
  const marta = await administrator(stint);
  const evil = await Evil.start();
  const host = evil.sameSite.slice('http://'.length);
  const codes = [...marta.recoveryCodes];
  for (const to of [`//${host}/`, `/\\${host}/`, evil.sameSite, `/\t/${host}/`, `javascript:location='${evil.sameSite}'`, `/..//${host}`]) {
    const context = await browser.newContext({ baseURL: stint.url });
    const page = await context.newPage();
    await new SignInPage(page).open(to);
    await new SignInPage(page).enter(marta.signInName, marta.password);
    await new CodePage(page).useRecoveryCode(codes.shift()!);
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    expect(new URL(page.url()).origin, to).toBe(stint.url);
    await context.close();
  }
  expect(evil.asked, 'nobody came by').toEqual([]);
  await evil.stop();
});
