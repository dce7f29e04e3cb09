#!/usr/bin/env bash
# Refuses a release bundle that has grown: what a first visit transfers, WASM, JavaScript and CSS under brotli.
set -euo pipefail
. "$(dirname "$0")/env.sh"

# The aim is 400 KiB, which takes routes that are split; until then this keeps the bundle from growing.
bound=$((1000 * 1024))
total=0
while IFS= read -r file; do
    size=$(stat --format=%s "$file")
    total=$((total + size))
    printf '%9d  %s\n' "$size" "$file"
done < <(find site/pkg -name '*.br' | LC_ALL=C sort)
((total > 0)) || { echo "no release bundle in site/pkg: run scripts/bundle.sh release" >&2; exit 1; }
printf '%9d  bytes = %d KiB of %d KiB\n' "$total" $(((total + 1023) / 1024)) $((bound / 1024))
((total <= bound)) || { echo "the bundle is too large" >&2; exit 1; }
