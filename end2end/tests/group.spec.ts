// Groups: making several people eligible at once, and letting them approve.
import { ApprovalsPage, GroupPage, GroupsPage, MyRolesPage, NewGroupPage } from '../pages/index.ts';
import { administrator, enter, newPerson } from '../support/people.ts';
import { ask, assign, importRole } from '../support/roles.ts';
import { expect, test } from '../support/test.ts';

test('what a group is eligible for is there for each member, and goes with the membership', async ({ page, stint, open }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  await enter(page.context(), stint, marta);
  const [groups, newGroup, group] = [new GroupsPage(page), new NewGroupPage(page), new GroupPage(page)];
  await groups.open();
  await expect(groups.main).toContainText('No groups yet');
  await groups.add();
  await newGroup.fill('Exchange Operators', 'They look after mail');
  await newGroup.create();
  await expect(group.heading).toHaveText('Exchange Operators');
  await group.addMember('Kenji Watanabe');
  await expect(group.members).toContainText('Kenji Watanabe');

  const id = new URL(page.url()).pathname.split('/').at(-1)!;
  const role = await importRole(marta, 'exchange-administrator');
  await assign(marta, role, { kind: 'group', id });
  await stint.mail.take(kenji.address, /You are eligible for Exchange Administrator/);
  const myRoles = new MyRolesPage(await open(kenji));
  await myRoles.open();
  await expect(myRoles.row(/Exchange Administrator/)).toContainText('through Exchange Operators');
  const request = await ask(kenji, role);
  expect((await kenji.api.get(`/activations/${request}`)).state).toBe('active');

  await group.open(id);
  await expect(group.section('Roles')).toContainText('Exchange Administrator');
  await group.takeOut('Kenji Watanabe');
  await expect(group.members).toContainText('Nobody is in it');
  expect((await kenji.api.get(`/activations/${request}`)).state).toBe('ended');
  await myRoles.open();
  await expect(myRoles.main).toContainText('Nothing to activate');
  await stint.mail.take(kenji.address, /Exchange Administrator ended/);
});

test('a group that has a role cannot be removed, and says why', async ({ page, stint }) => {
  const marta = await administrator(stint);
  await enter(page.context(), stint, marta);
  const { id } = await marta.api.post('/groups', { name: 'Exchange Operators', description: '' });
  const role = await importRole(marta, 'exchange-administrator');
  const assignment = await assign(marta, role, { kind: 'group', id });
  const [groups, group] = [new GroupsPage(page), new GroupPage(page)];
  await group.open(id);
  await group.remove();
  await expect(group.over.getByText(/This group is still in use/)).toBeVisible();
  await marta.api.post(`/assignments/${assignment}/remove`, { justification: 'The project is over' });
  await group.open(id);
  await group.change('Mail Operators');
  await expect(group.heading).toHaveText('Mail Operators');
  await group.remove();
  await expect(groups.heading).toHaveText('Groups');
  await expect(groups.main).toContainText('No groups yet');
});

test('everybody in a group of approvers is asked', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const [kenji, priya, tomasz] = await Promise.all([
    newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' }),
    newPerson(stint, marta, { name: 'Priya Raman' }),
    newPerson(stint, marta, { name: 'Tomasz Wieczorek' }),
  ]);
  const { id } = await marta.api.post('/groups', { name: 'Mail Approvers', description: '' });
  for (const member of [priya, tomasz]) await marta.api.post(`/groups/${id}/members`, { person: member.id });
  const role = await importRole(marta, 'exchange-administrator', (settings) => {
    settings.approval.required = true;
    settings.approval.stages[0].approvers = [{ kind: 'group', id }];
  });
  await assign(marta, role, { kind: 'person', id: kenji.id });
  await ask(kenji, role);
  for (const { address } of [priya, tomasz]) await stint.mail.take(address, /Kenji Watanabe asks for/);
  await enter(page.context(), stint, tomasz);
  const approvals = new ApprovalsPage(page);
  await approvals.open();
  await expect(approvals.pick('Kenji Watanabe')).toBeVisible();
});
