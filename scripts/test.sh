#!/usr/bin/env bash
# Every check and test of Stint, cheapest first; stops at the first that fails. Ends with the seconds of each step and
# a line that counts the tests.
set -euo pipefail
. "$(dirname "$0")/env.sh"

scratch=$(mktemp -d)
steps=()
running=

step() {
    local started=$SECONDS
    running=$1
    printf '\n== %s\n' "$running"
    shift
    "$@"
    steps+=("$(printf '%5d s  %s' $((SECONDS - started)) "$running")")
    running=
}

# Once more, at the end, where it is looked for.
what_failed() {
    grep -A 4 -E "^(test .* FAILED$|thread '.*' .*panicked at)" "$scratch/cargo-test" 2>/dev/null | head -n 100 || true
    [[ ! -s "$scratch/playwright.json" ]] || node scripts/failed.mjs "$scratch/playwright.json" || true
}

summary() {
    local passed failed skipped
    # cargo test counts once for each test binary, Playwright once.
    read -r passed failed skipped < <(
        {
            awk '/^test result:/ { print $4, $6, $8 }' "$scratch/cargo-test" || true
            node -p 'const s = JSON.parse(fs.readFileSync(process.argv[1])).stats; [s.expected, s.unexpected + s.flaky, s.skipped].join(" ")' \
                "$scratch/playwright.json" || true
        } 2>/dev/null | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }'
    )
    [[ -z $running ]] || what_failed
    printf '\n'
    ((${#steps[@]} == 0)) || printf '%s\n' "${steps[@]}"
    [[ -z $running ]] || printf ' FAILED  %s\n' "$running"
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    rm -rf "$scratch"
}
trap summary EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# frontend is the browser's half and would switch on the browser's features in the server's half, so it stays apart.
server_half=(--workspace --exclude frontend)

rust_tests() {
    scripts/with-postgres.sh cargo test "${server_half[@]}" --no-fail-fast 2>&1 | tee "$scratch/cargo-test"
}

browser_tests() (
    cd end2end
    node_modules/.bin/tsc --noEmit
    STINT_BINARY="$CARGO_TARGET_DIR/debug/stint" PLAYWRIGHT_JSON_OUTPUT_FILE="$scratch/playwright.json" \
        node_modules/.bin/playwright test
)

step 'install' scripts/install.sh test
step 'format' cargo fmt --check
step 'lint' cargo clippy "${server_half[@]}" --all-targets -- -D warnings
step 'lint, browser' cargo clippy --package frontend --target wasm32-unknown-unknown -- -D warnings
step 'domain without a clock' cargo check --package domain --target wasm32-unknown-unknown
step 'bundle' scripts/bundle.sh release
step 'size' scripts/size.sh
step 'tests' rust_tests
step 'server' cargo build "${server_half[@]}" --bins
step 'browser tests' browser_tests
