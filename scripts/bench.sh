#!/usr/bin/env bash
# How fast the binary of `make build` is, beside plain axum and the plain databases, and how long a slow phone waits for it:
# writes docs/performance.md.
#   scripts/bench.sh             all of it
#   scripts/bench.sh short       a first look, which writes nothing
# What is measured and how long is said by the environment: see engine/benches/speed/main.rs.
set -euo pipefail
. "$(dirname "$0")/env.sh"

scripts/install.sh bench
if [[ -n ${1:-} ]]; then
    export STINT_BENCH_SECONDS=${STINT_BENCH_SECONDS:-2} STINT_BENCH_ROUNDS=${STINT_BENCH_ROUNDS:-1}
    export STINT_BENCH_PEOPLE=${STINT_BENCH_PEOPLE:-2000} STINT_BENCH_ASSIGNMENTS=${STINT_BENCH_ASSIGNMENTS:-20000}
    export STINT_BENCH_RECORDS=${STINT_BENCH_RECORDS:-100000}
else
    export STINT_BENCH_TABLE="${STINT_BENCH_TABLE-$PWD/docs/performance.md}"
fi

# Both the server and PostgreSQL load it: readable for whoever that runs as.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
cc -O2 -fPIC -shared -o "$scratch/slow.so" engine/benches/speed/slow.c
echo 0 >"$scratch/slow"
export STINT_SLOW_LIBRARY="$scratch/slow.so" STINT_SLOW_SYNC="$scratch/slow"

export STINT_BINARY="${STINT_BINARY:-$CARGO_TARGET_DIR/release/stint}"
# With the features of the server's half, so that what it stands on is compiled once.
cargo bench --workspace --exclude frontend --bench speed --no-run
scripts/with-postgres.sh --durable cargo bench --workspace --exclude frontend --bench speed
(cd end2end && node_modules/.bin/playwright test --config interactive.config.ts)
