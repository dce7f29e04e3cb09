// Says what failed in a report of Playwright and why: node scripts/failed.mjs REPORT
import { readFileSync } from 'node:fs';

const failed = (suite) => [
  ...(suite.suites ?? []).flatMap(failed),
  ...(suite.specs ?? []).flatMap((spec) =>
    spec.tests
      .filter((test) => test.status === 'unexpected')
      .flatMap((test) => test.results.flatMap((result) => result.errors))
      .map((error) => `\n${spec.file}:${spec.line} ${spec.title}\n${error.message}`),
  ),
];

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const colours = /\x1b\[[0-9;]*m/g;
console.log(report.suites.flatMap(failed).join('\n').replace(colours, ''));
