#!/usr/bin/env bash
# The long form of the tests that kill Stint, with the binary of `make build`, and of the races for one request:
#   scripts/torture.sh 300
set -euo pipefail
. "$(dirname "$0")/env.sh"

rounds=${1:?how many rounds}
scripts/install.sh test
server_half=(--workspace --exclude frontend)

STINT_BINARY="$CARGO_TARGET_DIR/release/stint" STINT_TORTURE_ROUNDS=$rounds STINT_TORTURE_SEED=${SEED:-$RANDOM} \
    scripts/with-postgres.sh cargo test "${server_half[@]}" --test torture -- --nocapture --test-threads 1
STINT_RACE_ROUNDS=$((rounds * 10)) \
    scripts/with-postgres.sh cargo test "${server_half[@]}" --lib one_has_its_way -- --nocapture
