// Says which files each part of a bundle consists of, from the script by which they are loaded: parts.mjs PKG
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , pkg] = process.argv;
const script = readFileSync(join(pkg, '__wasm_split.js'), 'utf8');
const loads = [...script.matchAll(/^(export )?const (\w+) = (?:wrapAsyncCb\()?makeLoad\(([^]*?), \[([^\]]*)\]\)/gm)];
const file = (loader) => [.../"\.\/([^"]+\.wasm)"/.exec(loader)?.slice(1) ?? []];
const shared = new Map(loads.filter(([, exported]) => !exported).map(([, , name, loader]) => [name, file(loader)]));
const parts = loads
  .filter(([, exported]) => exported)
  .map(([, , name, loader, needs]) => [
    name.replace('__wasm_split_load_', ''),
    [...needs.split(', ').flatMap((need) => shared.get(need) ?? []), ...file(loader)],
  ]);
if (parts.length === 0) throw new Error('the bundle has no parts');
writeFileSync(join(pkg, 'parts.json'), JSON.stringify(Object.fromEntries(parts)));
