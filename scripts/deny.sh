#!/usr/bin/env bash
# Checks what Stint is built of against deny.toml: known weaknesses, licences, sources, doubles. The list of weaknesses is
# fetched; where that is not possible, the rest is checked and the last line says so, with a status of its own.
set -euo pipefail
. "$(dirname "$0")/env.sh"

version=0.20.2
root="$STINT_CACHE/tools/cargo-deny-$version"
if [[ ! -x "$root/bin/cargo-deny" ]]; then
    cargo install cargo-deny --version "=$version" --locked --root "$root" --target-dir "$STINT_CACHE/tools/build"
    rm -rf "$STINT_CACHE/tools/build"
fi

"$root/bin/cargo-deny" --locked check licenses bans sources
if "$root/bin/cargo-deny" --locked fetch db; then
    "$root/bin/cargo-deny" --locked check advisories
else
    echo 'Known weaknesses were not checked: their list (github.com/RustSec/advisory-db) cannot be fetched here.' >&2
    exit 3
fi
