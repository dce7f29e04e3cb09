// People: adding them, keeping them in order, and what they lose when they are disabled.
import { CodePage, LinkPage, NewPersonPage, PeoplePage, PersonPage, SignInPage } from '../pages/index.ts';
import { administrator, enter, newPerson, PASSWORD } from '../support/people.ts';
import { assign, builtIn, importRole, person } from '../support/roles.ts';
import { expect, test } from '../support/test.ts';

test('an administrator adds somebody, and what was typed stays when it is refused', async ({ page, stint }) => {
  const marta = await administrator(stint);
  await enter(page.context(), stint, marta);
  const [people, newcomer, profile] = [new PeoplePage(page), new NewPersonPage(page), new PersonPage(page)];
  await people.open();
  await people.add();
  await newcomer.fill({ name: 'Tomasz Wieczorek', signInName: 'marta', addresses: 'tomasz@halden.example' });
  await newcomer.invite();
  await expect(newcomer.main.getByText('This name is in use already. Choose another one.')).toBeVisible();
  await expect(page.getByLabel('Contact addresses')).toHaveValue('tomasz@halden.example');
  await newcomer.fill({ signInName: 'tomasz' });
  await newcomer.invite();
  await expect(profile.heading).toHaveText('Tomasz Wieczorek');
  await expect(profile.link).toHaveValue(new RegExp(`^${stint.url}/link/`));
  await page.reload();
  await expect(profile.strip('The link was shown already.')).toBeVisible();

  await people.open();
  await people.find('wiecz');
  await expect(people.row('Tomasz Wieczorek')).toContainText('None yet');
  await expect(people.row('Marta Lindqvist')).toHaveCount(0);
  await people.find('nobody at all');
  await expect(people.main).toContainText('Nobody is called that');
});

test('a changed name and address are told to the old address and to the new one', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  await enter(page.context(), stint, marta);
  const profile = new PersonPage(page);
  await profile.open(kenji.id);
  await profile.choose('Change');
  await profile.fill({ name: 'Kenji Watanabe-Olsen', addresses: 'kenji@elsewhere.example' });
  await profile.answer('Save');
  await expect(profile.heading).toHaveText('Kenji Watanabe-Olsen');
  await stint.mail.take(kenji.address, /Your Stint account changed/);
  await stint.mail.take('kenji@elsewhere.example', /Your Stint account changed/);
});

test('who is disabled is signed out at once, and may come back', async ({ page, stint, open }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  const his = await open(kenji);
  await his.goto('/account');
  await enter(page.context(), stint, marta);
  const profile = new PersonPage(page);
  await profile.open(kenji.id);
  await profile.choose('Disable');
  await expect(profile.over).toContainText('Their sessions end at once');
  await profile.answer('Disable now');
  await expect(profile.main.getByText('Disabled', { exact: true }).first()).toBeVisible();
  await his.reload();
  await expect(new SignInPage(his).heading).toBeVisible();
  await profile.choose('Enable');
  await profile.answer('Enable');
  await expect(profile.main.getByRole('link', { name: 'Disable', exact: true })).toBeVisible();
});

test('a lost password is replaced with a link from an administrator and a code', async ({ page, stint, open }) => {
  const marta = await administrator(stint);
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest', fresh: false });
  await enter(page.context(), stint, marta);
  const profile = new PersonPage(page);
  await profile.open(kenji.id);
  await profile.choose('New password');
  await profile.answer('Make the link');
  const address = await profile.link.inputValue();
  const his = await open();
  await his.goto(address);
  const link = new LinkPage(his);
  await expect(link.heading).toHaveText('A new password, Kenji Watanabe');
  await link.renew('eight quiet lanterns', await kenji.app.code());
  await expect(his.getByText('Your new password is set.')).toBeVisible();
  const first = new SignInPage(his);
  await first.enter('kenji', PASSWORD);
  await expect(his.getByText('That name and password do not match.')).toBeVisible();
  await first.enter('kenji', 'eight quiet lanterns');
  await expect(new CodePage(his).whose).toContainText('kenji');
});

test('a User Administrator keeps away from those who have to do with a role', async ({ page, stint }) => {
  const marta = await administrator(stint);
  const [daniel, sofia, kenji] = await Promise.all([
    newPerson(stint, marta, { name: 'Daniel Haugen' }),
    newPerson(stint, marta, { name: 'Sofia Berg' }),
    newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' }),
  ]);
  const role = await importRole(marta, 'exchange-administrator');
  await assign(marta, role, person(kenji));
  const until = new Date(Date.now() + 3600_000).toISOString();
  const userAdministrator = await builtIn(marta, 'stint-user-administrator');
  await assign(marta, userAdministrator, person(daniel), { kind: 'active', ends_at: until });
  await enter(page.context(), stint, daniel);
  const profile = new PersonPage(page);
  await profile.open(kenji.id);
  await expect(profile.strip('Only a Privileged Role Administrator changes this person.')).toBeVisible();
  await expect(profile.main.getByRole('link', { name: 'Disable', exact: true })).toHaveCount(0);
  await profile.open(sofia.id);
  await profile.choose('Disable');
  await profile.answer('Disable now');
  await expect(profile.main.getByText('Disabled', { exact: true }).first()).toBeVisible();
  const entries = await profile.entries();
  expect(entries).toEqual(expect.arrayContaining(['People', 'Groups', 'Roles']));
  expect(entries).not.toContain('Audit');
});

test('the last administrator cannot be disabled', async ({ page, stint }) => {
  const marta = await administrator(stint);
  await enter(page.context(), stint, marta);
  const profile = new PersonPage(page);
  await profile.open(marta.id);
  await profile.choose('Disable');
  await profile.answer('Disable now');
  await expect(profile.over.getByText('Nobody would be left to administer Stint.')).toBeVisible();
});
