// How long a slow phone waits: what is seen, when an ordinary form can be sent, when the browser's half has taken over.
// Processor and network are slowed down as Chromium's own tools do it ("4x slowdown", "Slow 4G").
import { readFileSync, writeFileSync } from 'node:fs';
import { test, type Browser, type Page } from '@playwright/test';
import { phone } from './support/browser.ts';
import { office } from './support/office.ts';
import { enter, type Person } from './support/people.ts';
import { Stint } from './support/stint.ts';

const ROUNDS = Number(process.env.STINT_BENCH_ROUNDS || 5);
/** Bytes a second and milliseconds, of the preset "Slow 4G". */
const SLOW_4G = { offline: false, downloadThroughput: ((1.6 * 1000 * 1000) / 8) * 0.9, uploadThroughput: ((750 * 1000) / 8) * 0.9, latency: 150 * 3.75 };
const SLOWER = 4;

type Times = { seen: number; usable: number; taken: number };

/** Of one load of the page that is open or will be. */
async function load(page: Page, url: string): Promise<Times> {
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction(() => 'takenOver' in window, undefined, { timeout: 120_000, polling: 100 });
  return page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const seen = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
    return { seen, usable: navigation!.domContentLoadedEventStart, taken: (window as unknown as { takenOver: number }).takenOver };
  });
}

/** A first visit, and one with what the first has left in the browser. */
async function visits(browser: Browser, stint: Stint, path: string, who?: Person): Promise<[Times, Times]> {
  const context = await browser.newContext({ ...phone, serviceWorkers: 'block' });
  if (who) await enter(context, stint, who);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const look = () => {
      if (document.documentElement?.hasAttribute('data-hydrated')) Object.assign(window, { takenOver: performance.now() });
      else requestAnimationFrame(look);
    };
    look();
  });
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW_4G);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const first = await load(page, stint.url + path);
  await page.goto('about:blank');
  const again = await load(page, stint.url + path);
  await context.close();
  return [first, again];
}

const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const seconds = (values: number[]) => `${(middle(values) / 1000).toFixed(1)} s`;

function row(name: string, times: Times[]): string {
  return `| ${name} | ${seconds(times.map(({ seen }) => seen))} | ${seconds(times.map(({ usable }) => usable))} | ${seconds(times.map(({ taken }) => taken))} |`;
}

const BEGIN = '<!-- measured on a phone -->';
const END = '<!-- end of what was measured on a phone -->';

test('how long a slow phone waits', async ({ browser }) => {
  const stint = await Stint.start();
  try {
    const { marta } = await office(stint);
    const rows: string[] = [];
    for (const [name, path, who] of [['signing in', '/sign-in', undefined], ['*My roles*', '/', marta], ['approvals', '/approvals', marta], ['roles', '/roles', marta]] as const) {
      const measured: [Times, Times][] = [];
      for (let round = 0; round < ROUNDS; round += 1) measured.push(await visits(browser, stint, path, who));
      rows.push(row(`${name}, first visit`, measured.map(([first]) => first)), row(`${name}, again`, measured.map(([, again]) => again)));
      console.log(rows.slice(-2).join('\n'));
    }
    const head = ['| | something is seen | forms and links work | the browser’s half has taken over |', '|---|---|---|---|'];
    const table = process.env.STINT_BENCH_TABLE;
    if (!table) return;
    const text = readFileSync(table, 'utf8');
    const [before, after] = [text.split(BEGIN)[0], text.split(END)[1]];
    if (after === undefined) throw new Error(`${table} has no ${BEGIN} and ${END}`);
    writeFileSync(table, `${before}${BEGIN}\n\n${[...head, ...rows].join('\n')}\n\n${END}${after}`);
  } finally {
    await stint.stop();
  }
});
