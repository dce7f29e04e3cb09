// Takes out of the browser's half what never runs there: snip.mjs FILE.wasm...
// - `hydrate_async` is for pages that are taken over lazily (leptos::mount::hydrate_lazy, the flat router); Stint takes them over
//   at once. Every view carries it in its table of functions all the same, where the linker cannot see that nobody calls it.
//   Only its futures are taken out. Equal functions are merged under the name of one of them, but a future names the place in
//   the source at which it must not be polled again, so that only those of one place are ever equal.
// - `IntoUnderlying…` hands streams of bytes to JavaScript (wasm-streams); nothing here sends or takes a stream.
// The mangled names must still be there. Should one of these run all the same, it traps.
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const NEVER_RUNS = /hydrate_async28_\$u7b\$\$u7b\$closure\$u7d\$\$u7d\$17h[0-9a-f]{16}E$|^intounderlying\w+_(pull|start|write|close|abort|cancel)$/;

let count = 0;
for (const file of process.argv.slice(2)) {
  const module = binaryen.readBinary(readFileSync(file));
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const item = module.getFunctionByIndex(index);
    const { name, base } = binaryen.getFunctionInfo(item);
    if (base || !NEVER_RUNS.test(name)) continue;
    binaryen.Function(item).body = module.unreachable();
    count += 1;
  }
  writeFileSync(file, module.emitBinary());
  module.dispose();
}
if (count === 0) throw new Error('nothing to take out: have the names of functions changed?');
