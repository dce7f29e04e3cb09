// Roles of the journeys, made by the API, and what people do with them.
import type { Answer } from './api.ts';
import type { Person } from './people.ts';

export type Role = { id: string; key: string; name: string };
export type Principal = { kind: 'person' | 'group'; id: string };

export const person = ({ id }: Person): Principal => ({ kind: 'person', id });

/** Takes a role over from the catalogue. `change` changes its settings. */
export async function importRole(by: Person, key: string, change?: (settings: Answer) => void): Promise<Role> {
  const [role] = await by.api.post('/catalogue/import', { keys: [key] });
  if (change) await changeSettings(by, role, change);
  return role;
}

export async function changeSettings(by: Person, role: Role, change: (settings: Answer) => void): Promise<void> {
  const { settings, settings_version: version } = await by.api.get(`/roles/${role.id}`);
  change(settings);
  await by.api.put(`/roles/${role.id}/settings`, { settings, version });
}

/** For `change`: these people must agree. */
export const approvedBy =
  (...approvers: Person[]) =>
  (settings: Answer): void => {
    settings.approval.required = true;
    settings.approval.stages[0].approvers = approvers.map(person);
  };

/** Makes somebody eligible without an end, or gives them the role. */
export async function assign(by: Person, role: Role, to: Principal, more: object = {}): Promise<string> {
  const input = { role: role.id, principal: to, kind: 'eligible', justification: 'Part of their work.', ...more };
  return (await by.api.post('/assignments', input)).id;
}

/** Asks for a role; gives the id of the request. */
export async function ask(who: Person, role: Role, duration = 'PT1H', justification = 'Move the shared mailboxes'): Promise<string> {
  return (await who.api.post('/activations', { role: role.id, duration, justification })).id;
}

export async function approve(by: Person, request: string): Promise<void> {
  const { digest } = await by.api.get(`/activations/${request}`);
  await by.api.post(`/activations/${request}/approve`, { digest });
}

/** The id of the built-in role with this key. */
export async function builtIn(by: Person, key: string): Promise<Role> {
  const { items } = await by.api.get('/roles?search=stint');
  return items.map((row: Answer) => row.role ?? row).find((role: Role) => role.key === key);
}
