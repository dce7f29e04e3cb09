// Every page of the route table with something on it: usable by everybody, in light and dark, down to a narrow window.
import type { Page } from '@playwright/test';
import { CodePage, Frame, LinkPage, SignInPage } from '../pages/index.ts';
import { office, pages } from '../support/office.ts';
import { enter, PASSWORD } from '../support/people.ts';
import { broken, expect, expectLive, test } from '../support/test.ts';

const WIDTHS = [320, 390, 768, 1024];

/** The page in these colours, once they are on the screen. */
async function inColours(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    // One that is given up is over, too. The browser forgets to say so of animations that nobody holds any more, and none
    // of ours takes two seconds.
    const animations = document.getAnimations();
    const over = Promise.allSettled(animations.map((animation) => animation.finished));
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 2_000))]);
  });
}

/** One heading, a title, no rule of WCAG 2.2 AA broken in either theme, and nothing that scrolls sideways. */
async function expectUsable(page: Page, isMobile: boolean): Promise<void> {
  const [frame, path] = [new Frame(page), new URL(page.url()).pathname];
  // Soft: one look at all pages tells everything that is wrong.
  await expect.soft(frame.heading, path).toHaveCount(1);
  await expect.soft(page, path).toHaveTitle(/\S+, Stint$/);
  await inColours(page, 'light');
  expect.soft(await broken(page), `${path} in light`).toEqual([]);
  if (!isMobile) {
    // The colours are those of the phone, too.
    await inColours(page, 'dark');
    expect.soft(await broken(page, ['color-contrast']), `${path} in dark`).toEqual([]);
    return;
  }
  const size = page.viewportSize()!;
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: size.height });
    expect.soft(await frame.tooWide(), `${path} at ${width} pixels`).toEqual([]);
  }
  await page.setViewportSize(size);
}

// Several parts, so that they run beside each other.
const PARTS = 4;
for (let part = 0; part < PARTS; part += 1) {
  test(`pages of people who are signed in are usable by everybody, part ${part + 1} of ${PARTS}`, async ({ page, stint, isMobile }) => {
    test.slow();
    const all = await office(stint);
    for (const [at, { path, as }] of pages(all).entries()) {
      if (at % PARTS !== part) continue;
      await test.step(`${path} as ${(as ?? all.marta).name}`, async () => {
        await enter(page.context(), stint, as ?? all.marta);
        await page.goto(path);
        await expectLive(page);
        await expectUsable(page, isMobile);
      });
    }
  });
}

test('pages of people who are not signed in are usable by everybody', async ({ page, stint, isMobile }) => {
  const [link, signIn, code] = [new LinkPage(page), new SignInPage(page), new CodePage(page)];
  await page.goto(await stint.setUpLink());
  await expectUsable(page, isMobile);
  await link.introduce('Marta Lindqvist', 'marta', PASSWORD);
  const app = await link.authenticator();
  await expectUsable(page, isMobile);
  await link.verify(await app.code());
  await link.codes();
  await expectUsable(page, isMobile);
  await signIn.open();
  await expectUsable(page, isMobile);
  await signIn.enter('marta', PASSWORD);
  await expect(code.whose).toContainText('marta');
  await expectUsable(page, isMobile);
  await page.goto('/sign-in/code?with=recovery');
  await expectUsable(page, isMobile);
  await page.goto('/link/no-such-link');
  await expectUsable(page, isMobile);
  await page.goto('/nowhere');
  await expectUsable(page, isMobile);
});

test('with the keyboard alone one gets to the content and through the form of a role', async ({ page, stint }) => {
  const all = await office(stint);
  await enter(page.context(), stint, all.marta);
  await page.goto('/');
  await expectLive(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.goto('/activate/global-administrator');
  await expectLive(page);
  const frame = new Frame(page);
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog'));
    expect(inside, 'the focus stays in the sheet').toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(frame.over).toHaveCount(0);
  await expect(page).toHaveURL(`${stint.url}/`);
});
