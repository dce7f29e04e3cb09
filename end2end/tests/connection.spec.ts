// What people see when the connection between them and Stint is bad: never something that is not so.
import { ActivateSheet, ApprovalPage, ApprovalsPage, MyRolesPage, RequestsPage } from '../pages/index.ts';
import { administrator, enter, newPerson } from '../support/people.ts';
import { approvedBy, ask, assign, importRole, person } from '../support/roles.ts';
import { expect, expectLive, test } from '../support/test.ts';

const ACTIVATE = '**/fn/activation/request';

/** Something to wait for. */
function later(): { came: Promise<void>; come: () => void } {
  let come = (): void => {};
  const came = new Promise<void>((resolve) => (come = resolve));
  return { came, come: () => come() };
}

test('a page hears again after somebody in between has said that Stint is away', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const role = await importRole(marta, 'global-reader');
  await assign(marta, role, person(marta));
  await enter(page.context(), stint, marta);
  let refused = 0;
  await page.route('**/events?*', (route) => (refused++, route.fulfill({ status: 502, body: 'Bad gateway' })));
  const myRoles = new MyRolesPage(page);
  await myRoles.open();
  // The second time it is the page that tries again: the browser does not.
  await expect.poll(() => refused).toBeGreaterThan(1);
  await ask(marta, role, 'PT1H', 'Look into the report of last week');
  await page.unroute('**/events?*');
  await expectLive(page);
  await expect(myRoles.active).toContainText('Global Reader');
});

test('when the answer to an act is lost nobody is told that nothing was done, and doing it again does it once', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const role = await importRole(marta, 'global-reader');
  await assign(marta, role, person(marta));
  await enter(page.context(), stint, marta);
  // Nothing but the answer tells the page what came of it.
  await page.route('**/events?*', (route) => route.abort());
  await page.route('**/fn/activation/form', (route) => route.abort());
  const answers: number[] = [];
  const keys = new Set<string | null>();
  await page.route(ACTIVATE, async (route) => {
    keys.add(new URLSearchParams(route.request().postData() ?? '').get('form[key]'));
    const answer = await route.fetch();
    answers.push(answer.status());
    // The first is done, but what arrives is the page of a gateway; and then nothing at all.
    if (answers.length === 1) await route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Please wait</h1>' });
    else if (answers.length === 2) await route.abort();
    else await route.fulfill({ response: answer });
  });
  const sheet = new ActivateSheet(page);
  await sheet.open(role.key);
  await sheet.fill({ reason: 'Look into the report of last week' });
  for (let lost = 0; lost < 2; lost++) {
    await sheet.send.click();
    await expect.poll(() => answers.length).toBe(lost + 1);
    await expect(sheet.over).toContainText('it is not known whether it was done');
    await expect(sheet.reason).toHaveValue('Look into the report of last week');
  }
  await sheet.send.click();
  await expect(sheet.toast).toContainText('Active.');
  expect(answers).toEqual([200, 200, 200]);
  expect([...keys]).toHaveLength(1);
  const requests = new RequestsPage(page);
  await requests.open();
  await expect(requests.row('Global Reader')).toHaveCount(1);
});

test('without a connection the page stays, says so, and keeps what was typed', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const role = await importRole(marta, 'global-reader');
  await assign(marta, role, person(marta));
  await enter(page.context(), stint, marta);
  const [myRoles, sheet] = [new MyRolesPage(page), new ActivateSheet(page)];
  await myRoles.open();
  await expectLive(page);
  await myRoles.activate('Global Reader');
  await sheet.fill({ reason: 'Look into the report of last week' });

  await page.context().setOffline(true);
  await expect(myRoles.strip('No connection. Countdowns go on, changes wait.')).toHaveCount(1);
  await sheet.send.click();
  await expect(sheet.over).toContainText('Nothing was changed.');
  await expect(sheet.reason).toHaveValue('Look into the report of last week');

  await page.context().setOffline(false);
  await expect(myRoles.strip('No connection.')).toHaveCount(0);
  await sheet.send.click();
  await expect(sheet.toast).toContainText('Active.');
  await expect(myRoles.active).toContainText('Global Reader');
});

test('an answer that was asked for earlier and comes later does not bring back what is over', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const role = await importRole(marta, 'global-reader');
  await assign(marta, role, person(marta));
  await enter(page.context(), stint, marta);
  const myRoles = new MyRolesPage(page);
  await myRoles.open();
  await expectLive(page);
  const late = later();
  let [asked, answered] = [0, 0];
  await page.route('**/fn/activation/my_roles', async (route) => {
    const first = ++asked === 1;
    const answer = await route.fetch();
    answered++;
    if (first) await late.came;
    await route.fulfill({ response: answer });
  });
  const request = await ask(marta, role, 'PT1H', 'Look into the report of last week');
  await expect.poll(() => answered, 'it was asked while the role was on').toBe(1);
  await marta.api.post(`/activations/${request}/deactivate`, {});
  await expect.poll(() => answered, 'it was asked when it was over').toBeGreaterThan(1);
  const came = page.waitForResponse('**/fn/activation/my_roles');
  late.come();
  await came;
  // Long enough for the page to show what came.
  await page.waitForTimeout(1_000);
  await expect(myRoles.active).toHaveCount(0);
});

test('who goes on before the answer comes stays there and hears what came of it', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const [kenji, priya] = await Promise.all([
    newPerson(stint, marta, { name: 'Kenji Watanabe' }),
    newPerson(stint, marta, { name: 'Priya Raman' }),
  ]);
  const role = await importRole(marta, 'global-reader', approvedBy(marta));
  for (const one of [kenji, priya]) await assign(marta, role, person(one));
  const [ofKenji] = [await ask(kenji, role), await ask(priya, role)];
  await enter(page.context(), stint, marta);
  const [approvals, approval] = [new ApprovalsPage(page), new ApprovalPage(page)];
  const late = later();
  await page.route('**/fn/activation/decide', async (route) => {
    await late.came;
    await route.continue();
  });
  await approval.open(ofKenji);
  await expectLive(page);
  await approval.approve.click();
  await approvals.pick('Priya Raman').click();
  await expect(approval.sentence).toContainText('Priya Raman');
  await approval.justification.fill('As agreed');
  // It is withdrawn meanwhile, so that the answer is no.
  await kenji.api.post(`/activations/${ofKenji}/cancel`, {});
  late.come();
  await expect(approvals.toast).toContainText('Not done. This is settled already');
  await expect(approval.sentence).toContainText('Priya Raman');
  await expect(approval.justification).toHaveValue('As agreed');
  await expect(approvals.main.getByRole('alert')).toHaveCount(0);
});

test('a plain form that is refused says why also to browsers that do not tell where they come from', async ({ stint }) => {
  await administrator(stint);
  const answer = await fetch(`${stint.url}/fn/sign_in/password_step`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Accept: 'text/html', Origin: stint.url, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ 'form[name]': 'marta', 'form[password]': 'not her password', 'form[to]': '/' }),
  });
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain('That name and password do not match.');
});
