// Roles: where they come from, what they ask for, and who may have them.
import {
  ActivateSheet,
  AssignPage,
  AssignmentPage,
  AssignmentRemoveDialog,
  MyRolesPage,
  RequestPage,
  RoleCreatePage,
  RoleImportPage,
  RolePage,
  RoleSettingsPage,
  RolesPage,
} from '../pages/index.ts';
import { administrator, enter, newPerson } from '../support/people.ts';
import { approvedBy, ask, assign, builtIn, changeSettings, importRole, person } from '../support/roles.ts';
import { expect, expectLive, test } from '../support/test.ts';

test('roles are imported many at once under their real names', async ({ page, stint }) => {
  const marta = await administrator(stint);
  await enter(page.context(), stint, marta);
  const [catalogue, roles] = [new RoleImportPage(page), new RolesPage(page)];
  await roles.open();
  await catalogue.open();
  await catalogue.choose('Global Administrator');
  await catalogue.choose('SharePoint Administrator');
  await catalogue.import();
  await expect(roles.strip('2 roles imported.')).toBeVisible();
  await expect(roles.row('Global Administrator')).toBeVisible();
  await roles.search('sharepoint');
  await expect(roles.row('SharePoint Administrator')).toBeVisible();
  await expect(roles.row('Global Administrator')).toHaveCount(0);
  await catalogue.open();
  await expect(catalogue.row('Global Administrator')).toContainText('Imported already');
  const { items } = await marta.api.get('/roles?search=global');
  const { template_id } = await marta.api.get(`/roles/${(items[0].role ?? items[0]).id}`);
  expect(template_id).toBe('62e90394-69f5-4237-9190-012177145e10');
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a role of one’s own is made and changed, and a refused form keeps what was typed', async ({ page, stint }) => {
      const marta = await administrator(stint);
      await enter(page.context(), stint, marta);
      const [form, role] = [new RoleCreatePage(page), new RolePage(page)];
      await form.open();
      await form.fill({ name: 'Payroll Operator', key: 'stint-payroll', description: 'Runs the payroll', level: 'High' });
      await form.create();
      await expect(form.main.getByText('Keys that begin with stint- belong to Stint itself.')).toBeVisible();
      await expect(page.getByLabel('What it grants')).toHaveValue('Runs the payroll');
      await expect(page.getByRole('radio', { name: /High/ })).toBeChecked();
      await form.fill({ key: 'payroll-operator' });
      await form.create();
      await expect(role.heading).toHaveText('Payroll Operator');
      const id = new URL(page.url()).pathname.split('/')[2]!;
      await role.open(id, '/change');
      await form.fill({ name: 'Payroll Administrator', link: 'https://payroll.halden.example' });
      await form.save();
      await expect(role.heading).toHaveText('Payroll Administrator');
    });

    test('settings that nobody could satisfy are refused with the reason, and what was typed stays', async ({ page, stint }) => {
      const marta = await administrator(stint);
      const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
      const role = await importRole(marta, 'exchange-administrator', (settings) => {
        settings.approval.stages[0].approvers = [person(kenji)];
      });
      await assign(marta, role, person(kenji));
      await enter(page.context(), stint, marta);
      const settings = new RoleSettingsPage(page);
      await settings.open(role.id);
      await settings.switch('Ask for a ticket', 'On');
      await settings.knob('Ticket system').fill('Jira');
      await settings.knob('Ticket pattern').fill('OPS-([0-9]+');
      await settings.save();
      await expect(settings.wrong('Ticket pattern')).toBeVisible();
      await expect(settings.knob('Ticket system')).toHaveValue('Jira');
      await expect(settings.knob('Ticket pattern')).toHaveValue('OPS-([0-9]+');
      await settings.knob('Ticket pattern').fill('OPS-[0-9]+');
      await settings.knob('Ticket example').fill('OPS-1234');
      await settings.knob('Suggested at first').selectOption({ label: '12 h' });
      await settings.save();
      await expect(settings.setting('Suggested at first')).toContainText(/Between these bounds: .* to 8 h/);
      await settings.knob('Suggested at first').selectOption({ label: '2 h' });
      await settings.switch('Approval', 'On');
      await settings.save();
      // Kenji alone is eligible and would alone decide.
      await expect(settings.main.getByText(/^Nobody could approve this/).first()).toBeVisible();
      await settings.switch('Approval', 'Off');
      await settings.save();
      await expect(settings.strip('Saved as version 3.')).toBeVisible();
      await expect(settings.sentence).toContainText('a ticket of Jira');
      const saved = (await marta.api.get(`/roles/${role.id}`)).settings.activation;
      expect(saved).toMatchObject({ longest: 'PT8H', proposed: 'PT2H', ticket: { system: 'Jira', pattern: 'OPS-[0-9]+' } });
    });

    test('somebody is made eligible step by step, for a time, and loses it again', async ({ page, stint }) => {
      const marta = await administrator(stint);
      const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
      const role = await importRole(marta, 'exchange-administrator');
      await enter(page.context(), stint, marta);
      const [wizard, rolePage, removal] = [new AssignPage(page), new RolePage(page), new AssignmentRemoveDialog(page)];
      await wizard.open(role.id);
      await wizard.who('Kenji Watanabe');
      await expect(wizard.heading).toHaveText('How long may Kenji Watanabe have it?');
      await wizard.next();
      await expect(wizard.sentence).toContainText('Kenji Watanabe may activate Exchange Administrator');
      await expect(wizard.fact('Made privileged')).toContainText('Kenji Watanabe');
      await wizard.assign('Looks after the mailboxes for us');
      await expect(rolePage.strip('Kenji Watanabe is eligible for Exchange Administrator.')).toBeVisible();
      await expect(rolePage.row('Kenji Watanabe')).toContainText(/until .*in (90 days|3 months)/);
      await stint.mail.take(kenji.address, /You are eligible for Exchange Administrator/);

      await rolePage.remove('Kenji Watanabe');
      await expect(removal.over).toContainText('cannot activate it any more');
      await removal.remove('The project is over');
      await expect(rolePage.main).toContainText('Nobody has this role');
      await rolePage.show('Ended');
      await expect(rolePage.row('Kenji Watanabe')).toContainText('Ended');
      await stint.mail.take(kenji.address, /eligibility for Exchange Administrator has ended/);
    });
  });
}

test('the settings behind the tab are those that are saved', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const role = await importRole(marta, 'exchange-administrator');
  await enter(page.context(), stint, marta);
  const [rolePage, settings] = [new RolePage(page), new RoleSettingsPage(page)];
  await rolePage.open(role.id);
  await expectLive(page);
  await rolePage.tab('Settings');
  await expect(settings.knob('Longest activation')).toHaveValue('28800');
  await expect(settings.sentence).toContainText('up to 8 h');
  await expect(settings.bar).toBeHidden();
  await settings.switch('Ask for a ticket', 'On');
  await expect(settings.bar).toContainText('1 change');
  await settings.knob('Ticket system').fill('Jira');
  await settings.save();
  await expect(settings.strip('Saved as version 2.')).toBeVisible();
  await expect(settings.bar).toBeHidden();
  expect((await marta.api.get(`/roles/${role.id}`)).settings.activation.longest).toBe('PT8H');
});

test('every change of settings stands in the history, and nobody saves over what they have not seen', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const role = await importRole(marta, 'exchange-administrator');
  await enter(page.context(), stint, marta);
  const [settings, rolePage] = [new RoleSettingsPage(page), new RolePage(page)];
  await settings.open(role.id);
  await expectLive(page);
  await settings.knob('Least characters of a reason').fill('20');
  await expect(settings.bar).toContainText('1 change');
  await changeSettings(marta, role, (saved) => {
    saved.activation.longest = 'PT4H';
  });
  await expect(settings.strip('Marta Lindqvist saved version 2')).toBeVisible();
  await settings.save();
  await expect(settings.strip('This has changed meanwhile.')).toBeVisible();
  await expect(settings.knob('Least characters of a reason')).toHaveValue('20');
  await rolePage.open(role.id, '/history');
  await expect(rolePage.main).toContainText('Longest activation');
  await expect(rolePage.main).toContainText('Marta Lindqvist');
});

test('what a role’s settings do not allow is visible and cannot be chosen', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  const role = await importRole(marta, 'exchange-administrator');
  await enter(page.context(), stint, marta);
  const wizard = new AssignPage(page);
  await wizard.open(role.id);
  await wizard.who('Kenji Watanabe');
  await wizard.kind('Active');
  await expect(wizard.main).toContainText('The policy of this role does not allow it.');
  await expect(page.getByRole('radio', { name: /No end/ })).toBeDisabled();
  await wizard.next();
  await expect(wizard.sentence).toContainText('all the time and without activating it');
  await wizard.assign('Stands in for Jonas');
  await expect(new RolePage(page).strip('Kenji Watanabe has Exchange Administrator.')).toBeVisible();
  const check = await marta.api.get(`/check?person=${kenji.id}&role=exchange-administrator`);
  expect(check.held ?? check.holds).toBe(true);
});

test('another end is set for an assignment', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  const role = await importRole(marta, 'exchange-administrator');
  const id = await assign(marta, role, person(kenji));
  await enter(page.context(), stint, marta);
  const [assignment, rolePage] = [new AssignmentPage(page), new RolePage(page)];
  await assignment.open(id);
  await expect(assignment.fact('Until')).toHaveText('no end date');
  await assignment.until(new Date(Date.now() + 5 * 24 * 3600_000).toISOString().slice(0, 16));
  await expect(rolePage.row('Kenji Watanabe')).toContainText(/in (4|5) days/);
});

test('the last administrator stays, whatever way one tries', async ({ page, stint }) => {
  const marta = await administrator(stint);
  await enter(page.context(), stint, marta);
  const administration = await builtIn(marta, 'stint-privileged-role-administrator');
  const [rolePage, removal] = [new RolePage(page), new AssignmentRemoveDialog(page)];
  await rolePage.open(administration.id);
  await rolePage.remove('Marta Lindqvist');
  await removal.remove('');
  await expect(removal.over.getByText('Nobody would be left to administer Stint.')).toBeVisible();
});

test('a role that is switched off ends what is active in it', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  const role = await importRole(marta, 'exchange-administrator');
  await assign(marta, role, person(kenji));
  const request = await ask(kenji, role);
  await enter(page.context(), stint, marta);
  const rolePage = new RolePage(page);
  await rolePage.open(role.id, '/off');
  await expect(rolePage.over).toContainText('1 active stint ends');
  await rolePage.over.getByRole('button', { name: 'Switch off now' }).click();
  await expect(rolePage.strip('This role is switched off.')).toBeVisible();
  const ended = new RequestPage(page);
  await ended.open(request);
  await expect(ended.state).toHaveText('Ended');
});

test('an administrator whose code is old is asked for a new one in place', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const jonas = await newPerson(stint, marta, { name: 'Jonas Ekberg', fresh: false });
  const administration = await builtIn(marta, 'stint-privileged-role-administrator');
  await assign(marta, administration, person(jonas), { kind: 'active' });
  await enter(page.context(), stint, jonas);
  const [form, role] = [new RoleCreatePage(page), new RolePage(page)];
  await form.open();
  await form.fill({ name: 'Payroll Operator', key: 'payroll-operator', description: 'Runs the payroll' });
  await form.code.fill('000000');
  await form.create();
  await expect(form.main.getByText('That code is not right.')).toBeVisible();
  await expect(page.getByLabel('What it grants')).toHaveValue('Runs the payroll');
  await form.code.fill(await jonas.app.code());
  await form.create();
  await expect(role.heading).toHaveText('Payroll Operator');
});

test('a request that nobody could decide is refused at once', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const role = await importRole(marta, 'exchange-administrator', approvedBy());
  await assign(marta, role, person(marta));
  await enter(page.context(), stint, marta);
  const [myRoles, sheet] = [new MyRolesPage(page), new ActivateSheet(page)];
  await myRoles.open();
  await expect(myRoles.row(/Exchange Administrator/)).toContainText('Approval');
  await myRoles.activate('Exchange Administrator');
  await sheet.fill({ reason: 'Move the shared mailboxes' });
  await sheet.send.click();
  await expect(sheet.over.getByText('Nobody could approve this.')).toBeVisible();
});
