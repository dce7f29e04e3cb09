// The main job: somebody needs a role for a while, somebody else agrees, and it ends by itself.
import type { BrowserContextOptions } from '@playwright/test';
import {
  ActivateSheet,
  ApprovalPage,
  ApprovalsPage,
  AssignPage,
  AuditPage,
  CodePage,
  LinkPage,
  MyRolesPage,
  NewPersonPage,
  PeoplePage,
  PersonPage,
  RequestPage,
  RoleImportPage,
  RolePage,
  RoleSettingsPage,
  RolesPage,
  SignInPage,
} from '../pages/index.ts';
import { phone } from '../support/browser.ts';
import type { Mail } from '../support/mail.ts';
import { administrator, enter, newPerson, PASSWORD, type Person } from '../support/people.ts';
import { approve, approvedBy, ask, assign, importRole, person, type Role } from '../support/roles.ts';
import type { Stint } from '../support/stint.ts';
import { expect, expectLive, test } from '../support/test.ts';

const inHand = phone as BrowserContextOptions;

test('a guest is invited, asks for a role, gets it from a phone, and loses it when the time is up', async ({ page, stint, open }) => {
  test.slow();
  const marta = await administrator(stint);
  const priya = await newPerson(stint, marta, { name: 'Priya Raman', fresh: false });
  await enter(page.context(), stint, marta);

  // The administrator adds a guest, whose invitation is mailed and shown once.
  const [people, newcomer, profile] = [new PeoplePage(page), new NewPersonPage(page), new PersonPage(page)];
  await people.open();
  await people.add();
  await newcomer.fill({ kind: 'Guest', name: 'Kenji Watanabe', signInName: 'kenji', addresses: 'kenji@partner.example' });
  await newcomer.invite();
  await expect(profile.heading).toHaveText('Kenji Watanabe');
  const invitation = await profile.link.inputValue();
  const invited = await stint.mail.take('kenji@partner.example', /invitation to Stint at Halden/);
  expect(invited.link).toBe(invitation);

  // The guest sets a password and an authenticator app.
  const guest = await open();
  const link = new LinkPage(guest);
  await guest.goto(invitation);
  await expect(link.heading).toHaveText('Welcome, Kenji Watanabe');
  await link.choose(PASSWORD);
  const app = await link.authenticator();
  await link.verify(await app.code());
  expect(await link.codes()).toHaveLength(10);

  // The administrator takes a role over, lets Priya decide on it, and makes the guest eligible.
  const [catalogue, roles, role] = [new RoleImportPage(page), new RolesPage(page), new RolePage(page)];
  const [settings, wizard] = [new RoleSettingsPage(page), new AssignPage(page)];
  await catalogue.open();
  await catalogue.choose('Exchange Administrator');
  await catalogue.import();
  await expect(roles.strip('1 role imported.')).toBeVisible();
  await roles.see('Exchange Administrator');
  await role.tab('Settings');
  await settings.nameApprover('Priya Raman');
  await settings.switch('Approval', 'On');
  await settings.knob('Minutes that an approver’s code counts').fill('0');
  await settings.save();
  await expect(settings.strip('Saved as version 2.')).toBeVisible();
  await expect(settings.sentence).toContainText('1 approver agrees');
  await role.tab('Assignments');
  await role.addAssignment();
  await wizard.who('Kenji Watanabe');
  await wizard.noEnd();
  await wizard.next();
  await expect(wizard.sentence).toContainText('Kenji Watanabe may activate Exchange Administrator');
  await wizard.assign('Looks after the mailboxes for us');
  await expect(role.strip('Kenji Watanabe is eligible for Exchange Administrator.')).toBeVisible();
  await expect(role.row('Kenji Watanabe')).toContainText('Idle');
  await stint.mail.take('kenji@partner.example', /Exchange Administrator/);

  // The guest opens the role's link, signs in on the way, and asks.
  const [sheet, myRoles, request] = [new ActivateSheet(guest), new MyRolesPage(guest), new RequestPage(guest)];
  await sheet.open('exchange-administrator');
  await expect(guest.getByText('Sign in to go on where you were.')).toBeVisible();
  await new SignInPage(guest).enter('kenji', PASSWORD);
  await new CodePage(guest).enter(await app.code());
  await expect(sheet.title).toHaveText('Activate Exchange Administrator');
  await expect(sheet.send).toHaveText('Request activation');
  await sheet.fill({ seconds: 10, reason: 'Move the shared mailboxes of Oslo' });
  await sheet.send.click();
  await expect(myRoles.waiting).toContainText('Priya Raman');
  await expect(myRoles.waiting).toContainText('Move the shared mailboxes of Oslo');
  await stint.mail.take('kenji@partner.example', /You asked for Exchange Administrator, 10 s/);
  await myRoles.see('Exchange Administrator');
  await expect(request.state).toHaveText('Waiting for approval');
  await expect(request.button(/Approve|Deny/)).toHaveCount(0);
  await expectLive(guest);

  // Priya reads the mail on her phone, signs in, and agrees with a code typed in place.
  const mail = await stint.mail.take(priya.address, /asks for/);
  expectToAsk(mail, 'Kenji Watanabe', 'Exchange Administrator', 'Move the shared mailboxes of Oslo', stint);
  const phonePage = await open(undefined, inHand);
  const approval = new ApprovalPage(phonePage);
  await phonePage.goto(mail.link!);
  await new SignInPage(phonePage).enter(priya.signInName, PASSWORD);
  await new CodePage(phonePage).enter(await priya.app.code());
  await expect(approval.sentence).toHaveText('Kenji Watanabe asks for Exchange Administrator for 10 s');
  await expect(approval.quote).toContainText('Move the shared mailboxes of Oslo');
  await approval.justification.fill('Agreed on the phone');
  await approval.code.fill('000000');
  await approval.approve.click();
  await expect(approval.main.getByText('That code is not right.')).toBeVisible();
  await expect(approval.justification).toHaveValue('Agreed on the phone');
  await approval.code.fill(await priya.app.code());
  await approval.approve.click();

  // The guest has not touched the page: it is on, and it ends.
  await expect(request.state).toHaveText('Active');
  await expect(request.story).toContainText('Agreed on the phone');
  await stint.mail.take('kenji@partner.example', /Approved by Priya Raman. Exchange Administrator is active/);
  await expect(request.state).toHaveText('Ended', { timeout: 20_000 });
  await expect(request.steps).toHaveText(['Asked', 'Approved', 'Active', 'Ended']);
  await stint.mail.take('kenji@partner.example', /Exchange Administrator ended/);
  await expect(new ApprovalsPage(phonePage).main).toContainText('Nothing to decide');

  // Each step stands in the record.
  const audit = new AuditPage(page);
  await audit.open();
  await audit.show('Role', 'Exchange Administrator');
  for (const step of [
    'added Exchange Administrator',
    'made Kenji Watanabe eligible for Exchange Administrator',
    'asked for Exchange Administrator',
    'approved Exchange Administrator for Kenji Watanabe',
    'activated Exchange Administrator',
    'ended Exchange Administrator of Kenji Watanabe',
  ]) {
    await expect(audit.what.filter({ hasText: step }).first(), step).toBeVisible();
  }
});

/** The mail to an approver: who, what, how long, why, and one link that decides nothing. */
function expectToAsk(mail: Mail, name: string, role: string, reason: string, stint: Stint): void {
  expect(mail.subject).toMatch(new RegExp(`^${name} asks for ${role}, 10 s, decide by .*\\d\\d:\\d\\d$`));
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain(`${name} asks for ${role} for 10 s`);
    expect(part).toContain(reason);
    expect(part).toContain('Opening the link decides nothing.');
    expect(part).not.toMatch(/\/(approve|deny)\b/i);
  }
  expect(mail.html).toContain('<table');
  const addresses = mail.text.match(/https?:\/\/[^\s<>"]+/g);
  expect(addresses).toEqual([mail.link]);
  const links = [...mail.html.matchAll(/<a\s[^>]*href="([^"]+)"/g)].map(([, href]) => href!.replaceAll('&#x2f;', '/'));
  expect(new Set(links)).toEqual(new Set(addresses));
  expect(mail.link).toMatch(new RegExp(`^${stint.url}/approvals/[0-9a-f-]+$`));
}

type Team = { marta: Person; kenji: Person; priya: Person; role: Role };

/** Kenji may activate a role; Priya has to agree. */
async function team(stint: Stint): Promise<Team> {
  const marta = await administrator(stint);
  const [kenji, priya] = await Promise.all([
    newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' }),
    newPerson(stint, marta, { name: 'Priya Raman' }),
  ]);
  const role = await importRole(marta, 'exchange-administrator', approvedBy(priya));
  await assign(marta, role, person(kenji));
  return { marta, kenji, priya, role };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a role is asked for, approved, and given back early', async ({ page, stint, open }) => {
      const { kenji, priya } = await team(stint);
      const [myRoles, sheet, request] = [new MyRolesPage(page), new ActivateSheet(page), new RequestPage(page)];
      await enter(page.context(), stint, kenji);
      await myRoles.open();
      await expect(myRoles.row(/Exchange Administrator/)).toContainText('Approval');
      await myRoles.activate('Exchange Administrator');
      await sheet.fill({ seconds: 3600, reason: 'Move the shared mailboxes' });
      await sheet.send.click();
      await expect(myRoles.waiting).toContainText('Move the shared mailboxes');

      const hers = await open(priya, inHand);
      const [approvals, approval] = [new ApprovalsPage(hers), new ApprovalPage(hers)];
      await approvals.open();
      await approvals.pick('Kenji Watanabe').click();
      await expect(approval.sentence).toHaveText('Kenji Watanabe asks for Exchange Administrator for 1 h');
      await approval.justification.fill('Go ahead');
      await approval.approve.click();
      await expect(approvals.main).toContainText('Nothing to decide');
      await approvals.open(true);
      await expect(approvals.pick('Kenji Watanabe')).toContainText('Active');

      await myRoles.open();
      await expect(myRoles.active).toContainText('Exchange Administrator');
      await expect(myRoles.active).toContainText(/\d+ (min|h) left/);
      await myRoles.see('Exchange Administrator');
      await expect(request.state).toHaveText('Active');
      await request.deactivate();
      await expect(request.state).toHaveText('Ended');
      await expect(request.story).toContainText(/by Kenji Watanabe, \d+ min given back/);
      await stint.mail.take(kenji.address, /Exchange Administrator ended/);
    });

    test('a denial says why, and a request that was withdrawn is settled for everybody', async ({ page, stint, open }) => {
      const { kenji, priya, role } = await team(stint);
      const [myRoles, request] = [new MyRolesPage(page), new RequestPage(page)];
      await enter(page.context(), stint, kenji);
      const first = await ask(kenji, role);
      await request.open(first);

      const hers = await open(priya, inHand);
      const [approvals, approval] = [new ApprovalsPage(hers), new ApprovalPage(hers)];
      await approval.open(first);
      await approval.deny.click();
      await expect(approval.main.getByText('Say why. Kenji reads this.')).toBeVisible();
      await approval.justification.fill('Please use the ticket queue for this');
      await approval.deny.click();
      await expect(approvals.main).toContainText('Nothing to decide');

      await request.open(first);
      await expect(request.state).toHaveText('Denied');
      await expect(request.story).toContainText('“Please use the ticket queue for this”');
      const told = await stint.mail.take(kenji.address, /Exchange Administrator: denied by Priya Raman/);
      expect(told.text).toContain('Please use the ticket queue for this');

      const second = await ask(kenji, role);
      await myRoles.open();
      await myRoles.withdraw('Exchange Administrator');
      await expect(myRoles.waiting).toHaveCount(0);
      await request.open(second);
      await expect(request.state).toHaveText('Withdrawn');
      await stint.mail.take(priya.address, /withdrawn/i);
      await approval.open(second);
      await expect(approval.strip('It was withdrawn before anybody decided.')).toBeVisible();
      await expect(approval.approve).toHaveCount(0);
    });
  });
}

test('what others decide appears on open pages by itself', async ({ page, stint, open }) => {
  const { kenji, priya, role } = await team(stint);
  await enter(page.context(), stint, kenji);
  const [myRoles, hers] = [new MyRolesPage(page), await open(priya, inHand)];
  const approvals = new ApprovalsPage(hers);
  await Promise.all([myRoles.open(), approvals.open()]);
  await Promise.all([expectLive(page), expectLive(hers)]);

  const first = await ask(kenji, role, 'PT8S');
  await expect(approvals.pick('Kenji Watanabe')).toBeVisible();
  await expect(myRoles.waiting).toContainText('Priya Raman');
  await approve(priya, first);
  await expect(approvals.pick('Kenji Watanabe')).toHaveCount(0);
  await expect(myRoles.active).toContainText('Exchange Administrator');
  await expect(myRoles.active).toHaveCount(0, { timeout: 20_000 });
  await expect(myRoles.eligible).toContainText('Exchange Administrator');
});

test('an administrator ends somebody’s role and says why', async ({ page, stint, open }) => {
  const { marta, kenji, priya, role } = await team(stint);
  const id = await ask(kenji, role);
  await approve(priya, id);
  const his = await open(kenji);
  const [request, seen] = [new RequestPage(page), new RequestPage(his)];
  await seen.open(id);
  await expectLive(his);
  await enter(page.context(), stint, marta);
  await request.open(id);
  await request.end('The change was called off');
  await expect(request.state).toHaveText('Ended');
  await expect(request.story).toContainText('by Marta Lindqvist');
  await expect(seen.state).toHaveText('Ended');
  await expect(seen.story).toContainText('“The change was called off”');
  await stint.mail.take(kenji.address, /Exchange Administrator ended .*, by Marta Lindqvist/);
});

test('an administrator cancels a request that waits', async ({ page, stint }) => {
  const { marta, kenji, role } = await team(stint);
  const id = await ask(kenji, role);
  const request = new RequestPage(page);
  await enter(page.context(), stint, marta);
  await request.open(id);
  await request.end('Not before the audit is over');
  await expect(request.state).toHaveText('Withdrawn');
  const told = await stint.mail.take(kenji.address, /withdrawn by Marta Lindqvist/);
  expect(told.text).toContain('Not before the audit is over');
});

test('nobody sees how to decide on an own request, though they approve the role', async ({ page, stint, open }) => {
  const { marta, priya, role } = await team(stint);
  await assign(marta, role, person(priya));
  await assign(marta, role, person(marta));
  const { settings, settings_version: version } = await marta.api.get(`/roles/${role.id}`);
  settings.approval.stages[0].approvers.push(person(marta));
  await marta.api.put(`/roles/${role.id}/settings`, { settings, version });
  const id = await ask(priya, role);
  await enter(page.context(), stint, priya);
  const [approval, approvals, request] = [new ApprovalPage(page), new ApprovalsPage(page), new RequestPage(page)];
  await approvals.open();
  await expect(approvals.pick('Priya Raman')).toHaveCount(0);
  await approval.open(id);
  await expect(approval.strip('You cannot decide your own request.')).toBeVisible();
  await expect(approval.button(/Approve|Deny/)).toHaveCount(0);
  await request.open(id);
  await expect(request.state).toHaveText('Waiting for approval');
  await expect(request.page.getByRole('link', { name: 'Review and decide' })).toHaveCount(0);

  const theirs = new ApprovalPage(await open(marta));
  await theirs.open(id);
  await expect(theirs.approve).toBeVisible();
});

test('a role without approval is on at once and is given back where one sees it', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest', fresh: false });
  const role = await importRole(marta, 'exchange-administrator', (settings) => {
    settings.activation.ticket = { system: 'Jira', pattern: 'OPS-[0-9]+', example: 'OPS-1234' };
  });
  await assign(marta, role, person(kenji));
  await enter(page.context(), stint, kenji);
  const [myRoles, sheet] = [new MyRolesPage(page), new ActivateSheet(page)];
  await sheet.open(role.key);
  await sheet.fill({ seconds: 1800, reason: 'Move the shared mailboxes', ticket: 'OPS-4821', code: await kenji.app.code() });
  await sheet.send.click();
  await expect(myRoles.active).toContainText('Exchange Administrator');
  await myRoles.deactivate('Exchange Administrator');
  await expect(myRoles.active).toHaveCount(0);
});

test('a role that starts later can be called off', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest', fresh: false });
  const role = await importRole(marta, 'exchange-administrator', (settings) => {
    settings.activation.ticket = { system: 'Jira', pattern: 'OPS-[0-9]+', example: 'OPS-1234' };
  });
  await assign(marta, role, person(kenji));
  await enter(page.context(), stint, kenji);
  const [myRoles, sheet] = [new MyRolesPage(page), new ActivateSheet(page)];
  await sheet.open(role.key);
  await sheet.startAt(new Date(Date.now() + 24 * 3600_000).toISOString().slice(0, 16));
  await sheet.fill({ reason: 'Move the shared mailboxes', ticket: 'OPS-4821', code: await kenji.app.code() });
  await sheet.send.click();
  await expect(myRoles.active).toContainText(/in 2\d h/);
  await myRoles.cancelStart('Exchange Administrator');
  await expect(myRoles.active).toHaveCount(0);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('what was typed for a role stays when it is refused, whatever was wrong', async ({ page, stint }) => {
      const marta = await administrator(stint);
      const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest', fresh: false });
      const role = await importRole(marta, 'exchange-administrator', (settings) => {
        settings.activation.ticket = { system: 'Jira', pattern: 'OPS-[0-9]+', example: 'OPS-1234' };
      });
      await assign(marta, role, person(kenji));
      await enter(page.context(), stint, kenji);
      const [myRoles, sheet] = [new MyRolesPage(page), new ActivateSheet(page)];
      await myRoles.open();
      await myRoles.activate('Exchange Administrator');
      await sheet.fill({ seconds: 1800, reason: 'Move the shared mailboxes', ticket: 'OPS-4821', code: '000000' });
      await sheet.send.click();
      await expect(sheet.over.getByText('That code is not right.')).toBeVisible();
      await expect(sheet.duration).toHaveValue('1800');
      await expect(sheet.reason).toHaveValue('Move the shared mailboxes');
      await sheet.fill({ reason: 'too short', ticket: '4821', code: await kenji.app.code() });
      await sheet.send.click();
      await expect(sheet.over.getByText('Say what you are going to do, in 10 characters or more.')).toBeVisible();
      await expect(sheet.over.getByText('Ticket numbers look like this: OPS-1234.')).toBeVisible();
      await expect(sheet.over.getByText('2 fields need attention. Nothing was sent.')).toBeVisible();
      await expect(sheet.duration).toHaveValue('1800');
      await expect(sheet.reason).toHaveValue('too short');
      await expect(sheet.ticket).toHaveValue('4821');
      await sheet.fill({ reason: 'Move the shared mailboxes', ticket: 'OPS-4821' });
      await sheet.send.click();
      await expect(myRoles.active).toContainText('Exchange Administrator');
    });
  });
}
