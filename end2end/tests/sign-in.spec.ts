// From the set-up link to being signed in, and back in without the phone; with JavaScript and without.
import { AccountPage, CodePage, LinkPage, SignInPage } from '../pages/index.ts';
import { firstPerson, signIn } from '../support/people.ts';
import { expect, expectAccessible, test } from '../support/test.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the first person sets up Stint, signs in, and gets in with a recovery code', async ({ page, stint }) => {
      const [link, first, code, account] = [new LinkPage(page), new SignInPage(page), new CodePage(page), new AccountPage(page)];
      const address = await stint.setUpLink();

      await page.goto(address);
      await expect(link.heading).toHaveText('Set up Stint');
      if (javaScriptEnabled) await expectAccessible(page);
      await link.introduce('Marta Lindqvist', 'marta lindqvist', 'seven quiet lanterns');
      await expect(page.getByText('without blanks')).toBeVisible();
      await expect(page.getByLabel('Your name')).toHaveValue('Marta Lindqvist');
      await link.introduce('Marta Lindqvist', 'Marta', 'seven quiet lanterns');
      const app = await link.authenticator();
      if (javaScriptEnabled) await expectAccessible(page);
      await link.verify(await app.code());
      const codes = await link.codes();
      expect(codes).toHaveLength(10);
      if (javaScriptEnabled) await expectAccessible(page);
      await link.goOn();

      await first.enter('marta', 'seven loud lanterns');
      await expect(page.getByText('That name and password do not match.')).toBeVisible();
      await expect(page.getByLabel('Sign-in name')).toHaveValue('marta');
      if (javaScriptEnabled) await expectAccessible(page);
      await first.enter('marta', 'seven quiet lanterns');
      await expect(code.heading).toHaveText('Enter your six-digit code');
      await expect(code.whose).toContainText('marta');
      if (javaScriptEnabled) await expectAccessible(page);
      await code.enter('000 000');
      await expect(page.getByText('That code is not right.')).toBeVisible();
      if (javaScriptEnabled) await expectAccessible(page);
      await code.enter(await app.code());
      await page.waitForURL((url) => url.pathname === '/');

      await account.open();
      await expect(account.card('Recovery codes')).toContainText('10 of 10 left');
      await expect(account.card('Signed-in devices')).toContainText('this one');
      if (javaScriptEnabled) await expectAccessible(page);
      await account.signOut();
      await expect(page.getByText('You are signed out.')).toBeVisible();

      await first.enter('marta', 'seven quiet lanterns');
      await code.useRecoveryCode(codes[0]!);
      await page.waitForURL((url) => url.pathname === '/');
      await account.open();
      await expect(account.card('Recovery codes')).toContainText('9 of 10 left');

      const answer = await page.goto(address);
      expect(answer!.status()).toBe(404);
      await expect(link.heading).toHaveText('This link is not valid any more');
    });

    test('who is not signed in comes back to the page first asked for', async ({ page, stint }) => {
      const marta = await firstPerson(page, stint);
      await page.goto('/account?change=password');
      await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
      await new SignInPage(page).enter(marta.signInName, marta.password);
      await new CodePage(page).enter(await marta.app.code());
      await page.waitForURL('**/account?change=password');
      await expect(page.getByLabel('Present password')).toBeVisible();
    });

    test('an address elsewhere is no page to come back to', async ({ page, stint }) => {
      const marta = await firstPerson(page, stint);
      await page.goto('/sign-in?to=//elsewhere.example/');
      await new SignInPage(page).enter(marta.signInName, marta.password);
      await new CodePage(page).enter(await marta.app.code());
      await page.waitForURL(`${stint.url}/`);
    });

    test('people look after their own account', async ({ page, stint, browser }) => {
      const marta = await firstPerson(page, stint);
      const account = new AccountPage(page);
      await signIn(page, marta, '/account');

      await account.chooseZone('Pacific/Chatham');
      await expect(account.done).toContainText('Your time zone is changed.');
      await expect(account.card('Times and colours')).toContainText('Pacific/Chatham');

      await account.changePassword('not my password', 'eight quiet lanterns');
      await expect(page.getByText('That name and password do not match.')).toBeVisible();
      await account.open();
      await account.changePassword(marta.password, 'eight quiet lanterns');
      await expect(account.done).toContainText('Your password is changed.');

      const codes = await account.newCodes();
      expect(codes).toHaveLength(10);
      expect(codes).not.toContain(marta.recoveryCodes[0]);
      if (javaScriptEnabled) await expectAccessible(page);

      await account.open();
      const key = await account.newApp();
      if (javaScriptEnabled) await expectAccessible(page);
      const { Authenticator } = await import('../support/totp.ts');
      const app = new Authenticator(key);
      await account.replaceApp(await app.code(), marta.recoveryCodes[1]!);
      await expect(page.getByText('That code is not right.')).toBeVisible();
      await account.replaceApp(await app.code(), codes[0]!);
      await expect(account.done).toContainText('Your authenticator app is replaced.');
      await expect(account.card('Recovery codes')).toContainText('9 of 10 left');

      const elsewhere = await browser.newContext({ baseURL: stint.url, javaScriptEnabled });
      const there = await elsewhere.newPage();
      const now = { ...marta, password: 'eight quiet lanterns', app };
      await signIn(there, now, '/account');
      await account.open();
      await account.card('Signed-in devices').getByRole('button', { name: 'Sign out everywhere else' }).click();
      await expect(account.done).toContainText('Signed out everywhere else.');
      await there.reload();
      await expect(there.getByText('Sign in to go on.')).toBeVisible();
      await elsewhere.close();
    });
  });
}
