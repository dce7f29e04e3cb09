// A small organisation in the middle of its work, for looking at every page with something on it.
import { administrator, newPerson, type Person } from './people.ts';
import { approve, approvedBy, ask, assign, importRole, person, type Role } from './roles.ts';
import type { Stint } from './stint.ts';

export type Office = {
  marta: Person;
  priya: Person;
  kenji: Person;
  group: string;
  role: Role;
  assignment: string;
  /** A request of Kenji that waits for Priya and Marta, and one that is on. */
  waiting: string;
  active: string;
  message: string;
};

export async function office(stint: Stint): Promise<Office> {
  const marta = await administrator(stint);
  const [priya, kenji, tomasz] = await Promise.all([
    newPerson(stint, marta, { name: 'Priya Raman' }),
    newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' }),
    newPerson(stint, marta, { name: 'Tomasz Wieczorek' }),
  ]);
  const { id: group } = await marta.api.post('/groups', { name: 'Exchange Operators', description: 'They look after mail' });
  await marta.api.post(`/groups/${group}/members`, { person: tomasz.id });
  const role = await importRole(marta, 'exchange-administrator', approvedBy(priya, marta));
  const [global, reader] = [await importRole(marta, 'global-administrator'), await importRole(marta, 'global-reader')];
  const assignment = await assign(marta, role, person(kenji));
  await assign(marta, role, { kind: 'group', id: group });
  const until = new Date(Date.now() + 5 * 24 * 3600_000).toISOString();
  await assign(marta, global, person(marta), { ends_at: until });
  await assign(marta, reader, person(marta));
  await assign(marta, global, person(kenji));
  await assign(marta, global, person(tomasz), { kind: 'active', ends_at: until });
  await ask(marta, reader, 'PT2H', 'Look into the report of last week');
  const denied = await ask(kenji, role, 'PT1H', 'Try whether it works');
  const { digest } = await priya.api.get(`/activations/${denied}`);
  await priya.api.post(`/activations/${denied}/deny`, { digest, justification: 'Please name a ticket' });
  const active = await ask(kenji, global, 'PT2H', 'Change the branding of the sign-in page');
  await approve(priya, await ask(tomasz, role, 'PT4H', 'Restore the mailbox of the harbour office'));
  const waiting = await ask(kenji, role, 'PT2H', 'Move the shared mailboxes of Oslo, as agreed in the change meeting');
  await marta.api.post('/records/verify');
  const { messages } = await marta.api.get('/outbox');
  return { marta, priya, kenji, group, role, assignment, waiting, active, message: messages[0].id };
}

/** Every page of the route table for people who are signed in; `as` is who looks at it, Marta when nobody is named. */
export function pages(of: Office): Array<{ path: string; as?: Person }> {
  const { priya, kenji, marta, group, role, assignment, waiting, active, message } = of;
  return [
    { path: '/' },
    { path: '/', as: kenji },
    { path: '/activate/global-administrator' },
    { path: '/activate/exchange-administrator', as: kenji },
    { path: '/requests', as: kenji },
    { path: `/requests/${waiting}`, as: kenji },
    { path: `/requests/${active}` },
    { path: `/requests/${active}?end=1` },
    { path: '/approvals', as: priya },
    { path: `/approvals/${waiting}`, as: priya },
    { path: '/approvals?tab=decided', as: priya },
    { path: '/people' },
    { path: '/people/new' },
    { path: `/people/${kenji.id}` },
    { path: `/people/${kenji.id}?do=change` },
    { path: `/people/${kenji.id}?do=disable` },
    { path: '/groups' },
    { path: '/groups/new' },
    { path: `/groups/${group}` },
    { path: `/groups/${group}?do=add` },
    { path: '/roles' },
    { path: '/roles/new' },
    { path: '/roles/import' },
    { path: `/roles/${role.id}` },
    { path: `/roles/${role.id}/settings` },
    { path: `/roles/${role.id}/history` },
    { path: `/roles/${role.id}/change` },
    { path: `/roles/${role.id}/off` },
    { path: `/roles/${role.id}/assign` },
    { path: `/roles/${role.id}/assign?who=person:${kenji.id}` },
    { path: `/roles/${role.id}/assign?who=person:${marta.id}&lasts=for&step=check` },
    { path: `/assignments/${assignment}` },
    { path: `/assignments/${assignment}/remove` },
    { path: '/account' },
    { path: '/account?change=password' },
    { path: '/record', as: kenji },
    { path: '/audit' },
    { path: '/audit?open=3' },
    { path: '/outbox' },
    { path: `/outbox/${message}` },
    { path: '/no-access' },
    { path: '/nowhere' },
  ];
}
