#!/usr/bin/env bash
# The long forms of the tests that mean harm, against the binary of `make build`, one part or all of them:
#   scripts/hostile.sh all|api|tokens|guess|flood|pages
# By its environment: CASES requests to the API on each database (10000), FORGED tokens and sealed values of each kind
# (1000000), SECONDS_OF_FLOOD (60), SECONDS_OF_GUESSING (60), SEED.
set -euo pipefail
. "$(dirname "$0")/env.sh"

part=${1:-all}
seed=${SEED:-$RANDOM}
binary=${STINT_BINARY:-$CARGO_TARGET_DIR/release/stint}
server_half=(--workspace --exclude frontend)
[[ -x $binary ]] || { echo "no program at $binary: run make build, or name one with STINT_BINARY" >&2; exit 1; }
export STINT_BINARY=$binary
echo "hostile: $part, seed $seed"

api() {
    scripts/install.sh hostile
    local python
    python="$(python_tools)/bin/python"
    "$python" scripts/hostile/fuzz.py "$binary" '' "${CASES:-10000}" "$seed"
    # shellcheck disable=SC2016 # the inner shell knows the address
    CASES=${CASES:-10000} scripts/with-postgres.sh bash -c \
        '"$1" scripts/hostile/fuzz.py "$2" "$STINT_TEST_POSTGRES" "$CASES" "$3"' _ "$python" "$binary" "$seed"
}

tokens() {
    export STINT_FORGED=${FORGED:-1000000} STINT_FORGED_AT_THE_DOOR=$((${FORGED:-1000000} / 200)) STINT_FORGED_SEED=$seed
    scripts/with-postgres.sh cargo test "${server_half[@]}" --lib forged -- --nocapture
    cargo test "${server_half[@]}" --test api forged -- --nocapture
}

guess() {
    scripts/with-postgres.sh cargo test "${server_half[@]}" --lib guess -- --nocapture
    STINT_GUESS_SECONDS=${SECONDS_OF_GUESSING:-60} scripts/with-postgres.sh \
        cargo test "${server_half[@]}" --test flood guesses -- --nocapture
}

flood() {
    STINT_FLOOD_SECONDS=${SECONDS_OF_FLOOD:-60} STINT_FLOOD_RECORDS=${RECORDS:-8000} scripts/with-postgres.sh \
        cargo test "${server_half[@]}" --test flood in_a_flood -- --ignored --nocapture
}

pages() {
    (cd end2end && STINT_CANARIES=${CANARIES:-99} node_modules/.bin/playwright test hostile)
}

case $part in
    api | tokens | guess | flood | pages) parts=("$part") ;;
    all) parts=(api tokens guess flood pages) ;;
    *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac
[[ " ${parts[*]} " == ' api ' ]] || scripts/install.sh test
for one in "${parts[@]}"; do
    printf '\n== %s\n' "$one"
    "$one"
done
