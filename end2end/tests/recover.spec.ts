// Everything is lost: the operator makes a link on the host, while the server runs.
import { AccountPage, AuditPage, LinkPage, SignInPage } from '../pages/index.ts';
import { administrator, enter, newPerson, signIn } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

test('an operator recovers somebody who lost password and phone', async ({ page, stint, open }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  const before = await open(kenji);
  await before.goto('/account');

  const said = await stint.command('recover', 'kenji');
  const address = said.match(/https?:\/\/\S+/)![0];
  expect(said).toContain('works once');
  await stint.mail.take(kenji.address, /Your Stint account changed/);

  const link = new LinkPage(page);
  await page.goto(address);
  await expect(link.heading).toHaveText('A new start, Kenji Watanabe');
  await link.choose('eight quiet lanterns');
  const app = await link.authenticator();
  await link.verify(await app.code());
  const recoveryCodes = await link.codes();

  await before.reload();
  await expect(new SignInPage(before).heading).toBeVisible();
  await signIn(page, { ...kenji, password: 'eight quiet lanterns', app, recoveryCodes }, '/account');
  await expect(new AccountPage(page).card('Recovery codes')).toContainText('10 of 10 left');
  const answer = await before.goto(address);
  expect(answer!.status()).toBe(404);

  const audit = new AuditPage(await open(marta));
  await audit.open();
  await expect(audit.rows.filter({ hasText: 'recovered the account of Kenji Watanabe' })).toContainText('An operator on the host');
  await expect(stint.command('recover', 'nobody')).rejects.toThrow();
});

test('a newer link of the operator makes the older one void, and both are on record', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const [first, second] = [await stint.command('recover', 'marta'), await stint.command('recover', 'marta')];
  const [older, newer] = [first, second].map((said) => said.match(/https?:\/\/\S+/)![0]);
  const link = new LinkPage(page);
  expect((await page.goto(older!))!.status()).toBe(404);
  await expect(link.heading).toHaveText('This link is not valid any more');
  await page.goto(newer!);
  await expect(link.heading).toHaveText('A new start, Marta Lindqvist');
  await enter(page.context(), stint, marta);
  const audit = new AuditPage(page);
  await audit.open();
  await expect(audit.rows.filter({ hasText: 'recovered the account of Marta Lindqvist' })).toHaveCount(2);
});
