#!/usr/bin/env bash
# Refuses a release bundle that has grown: what the first visit of a page transfers, WASM, JavaScript and CSS under brotli,
# for a page of each part.
set -euo pipefail
. "$(dirname "$0")/env.sh"

[[ -f site/pkg/parts.json ]] || { echo "no release bundle in site/pkg: run scripts/bundle.sh release" >&2; exit 1; }
node - <<'end'
const fs = require('node:fs');
const size = (name) => fs.statSync(`site/pkg/${name}.br`).size;
const kib = (bytes) => String(Math.ceil(bytes / 1024)).padStart(6);
// In KiB. 400 for what people see first; the others keep the bundle from growing.
const bounds = { before: 400, home: 400, 'home activate': 505, own: 590, administer: 775 };
const always = fs.readdirSync('site/pkg').filter((name) => /^(__wasm_split|stint)\.(js|css|wasm)$/.test(name));
const base = always.map(size).reduce((a, b) => a + b);
for (const name of always) console.log(`${kib(size(name))} KiB  ${name}`);
const parts = JSON.parse(fs.readFileSync('site/pkg/parts.json'));
let grown = false;
for (const [page, bound] of Object.entries(bounds)) {
  const files = [...new Set(page.split(' ').flatMap((part) => parts[part]))];
  const whole = base + files.map(size).reduce((a, b) => a + b, 0);
  const over = whole > bound * 1024;
  grown ||= over;
  console.log(`${kib(whole)} KiB of ${bound}: the first page of "${page}", in ${files.length} parts${over ? ', too large' : ''}`);
  console.log(`            ${files.map((name) => `${name.replace('.wasm', '')} ${kib(size(name)).trim()}`).join(', ')}`);
}
process.exit(grown ? 1 : 0);
end
