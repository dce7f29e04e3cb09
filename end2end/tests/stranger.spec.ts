// Every page for those whom it is not for: people who are not signed in, people without rights, and addresses of nothing.
import { CodePage, Frame, SignInPage } from '../pages/index.ts';
import { office, pages } from '../support/office.ts';
import { administrator, enter, newPerson } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const NOBODY = '01a21430-0000-7000-8000-000000000000';

test('who is not signed in is led to the sign-in page by every page, and back', async ({ page, request, stint }) => {
  const all = await office(stint);
  for (const { path } of pages(all)) {
    if (path === '/nowhere') continue;
    const answer = await request.get(path, { maxRedirects: 0 });
    expect(answer.status(), path).toBe(303);
    const to = new URL(answer.headers().location!, stint.url);
    expect(to.pathname, path).toBe('/sign-in');
    expect(to.searchParams.get('to') ?? '/', path).toBe(path);
  }
  await page.goto(`/requests/${all.waiting}`);
  await expect(page.getByText('Sign in to go on where you were.')).toBeVisible();
  await new SignInPage(page).enter(all.kenji.signInName, all.kenji.password);
  await new CodePage(page).useRecoveryCode(all.kenji.recoveryCodes[0]!);
  await page.waitForURL(`**/requests/${all.waiting}`);
  await expect(new Frame(page).heading).toHaveText('Kenji Watanabe, Exchange Administrator');
});

test('what does not exist is not found, and says so', async ({ page, stint }) => {
  const marta = await administrator(stint);
  await enter(page.context(), stint, marta);
  const frame = new Frame(page);
  const nothing = [
    '/nowhere',
    '/roles/7/nowhere',
    '/activate/no-such-role',
    ...[NOBODY, 'no-id'].flatMap((id) => [
      `/people/${id}`,
      `/groups/${id}`,
      `/roles/${id}`,
      `/roles/${id}/settings`,
      `/roles/${id}/history`,
      `/roles/${id}/change`,
      `/roles/${id}/off`,
      `/roles/${id}/assign`,
      `/assignments/${id}`,
      `/assignments/${id}/remove`,
      `/requests/${id}`,
      `/approvals/${id}`,
      `/outbox/${id}`,
    ]),
  ];
  for (const path of nothing) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(404);
    expect(await answer.text(), path).toContain('Nothing is here');
  }
  await page.goto(`/people/${NOBODY}`);
  await expect(frame.main).toContainText('It may have been removed, or the link is not complete.');
  await expect(frame.heading).toHaveCount(1);
  await page.goto('/nowhere');
  await expect(frame.heading).toHaveText('Nothing is here');
  await page.getByRole('link', { name: 'My roles' }).click();
  await expect(frame.heading).toHaveText('My roles');
});

test('what one may not see answers like what does not exist', async ({ page, stint, open }) => {
  const all = await office(stint);
  const jonas = await newPerson(stint, all.marta, { name: 'Jonas Ekberg' });
  await enter(page.context(), stint, jonas);
  const frame = new Frame(page);
  await page.goto('/');
  expect((await frame.entries()).filter((entry) => /People|Groups|Audit|Outbox|^Roles$/.test(entry) && entry !== 'Roles')).toEqual([]);

  const { group, role, assignment, waiting, active, message, kenji } = all;
  const pairs: Array<[string, string]> = [
    [`/people/${kenji.id}`, `/people/${NOBODY}`],
    [`/groups/${group}`, `/groups/${NOBODY}`],
    [`/roles/${role.id}`, `/roles/${NOBODY}`],
    [`/roles/${role.id}/settings`, `/roles/${NOBODY}/settings`],
    [`/roles/${role.id}/history`, `/roles/${NOBODY}/history`],
    [`/roles/${role.id}/assign`, `/roles/${NOBODY}/assign`],
    [`/assignments/${assignment}`, `/assignments/${NOBODY}`],
    [`/requests/${waiting}`, `/requests/${NOBODY}`],
    [`/approvals/${active}`, `/approvals/${NOBODY}`],
    [`/outbox/${message}`, `/outbox/${NOBODY}`],
    ['/activate/exchange-administrator', '/activate/no-such-role'],
  ];
  for (const [hidden, absent] of pairs) {
    const answers = [await page.request.get(hidden), await page.request.get(absent)] as const;
    expect([403, 404], hidden).toContain(answers[0].status());
    expect(answers[0].status(), hidden).toBe(answers[1].status());
    const [first, second] = await Promise.all(answers.map((answer) => answer.text()));
    for (const secret of ['Exchange', 'Kenji']) expect(first, hidden).not.toContain(secret);
    expect(first!.includes('Nothing is here'), hidden).toBe(second!.includes('Nothing is here'));
  }
  for (const path of ['/people', '/people/new', '/groups', '/groups/new', '/roles', '/roles/new', '/roles/import', '/audit', '/outbox']) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(403);
    expect(await answer.text(), path).toContain('You do not have access to this');
  }
  await page.goto('/audit');
  await expect(frame.main).toContainText('Ask an administrator of Stint.');
  await expect(frame.heading).toHaveCount(1);

  const hers = await open(all.priya);
  await hers.goto(`/activate/${role.key}`);
  await expect(new Frame(hers).main).toContainText('Nothing is here');
});
