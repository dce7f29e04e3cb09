# shellcheck shell=bash
# Sourced by every script: goes to the root of the checkout and says where compiled and downloaded things are kept.
# They live outside the checkout, so that the next clean one finds them. Two checkouts that build at the same
# moment need a CARGO_TARGET_DIR each.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

export STINT_CACHE="${STINT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/stint}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$STINT_CACHE/target}"
# The server embeds site/, so the directory has to be there before the first bundle.
mkdir -p "$STINT_CACHE" "$CARGO_TARGET_DIR" site

# The tool must be of the very version of the library that the bundle is compiled with.
wasm_bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock)
wasm_bindgen_root="$STINT_CACHE/tools/wasm-bindgen-$wasm_bindgen_version"
export wasm_bindgen_version wasm_bindgen_root

# The same for what cuts the bundle into parts.
wasm_split_version=$(awk '$0 == "name = \"wasm_split_helpers\"" { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock)
wasm_split_root="$STINT_CACHE/tools/wasm-split-$wasm_split_version"
export wasm_split_version wasm_split_root

# Debian keeps PostgreSQL's programs out of PATH, one directory a version.
postgres_programs() {
    local found
    found=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1 || true)
    if [[ -z $found ]] && command -v initdb postgres >/dev/null; then
        found=$(dirname "$(command -v initdb)")
    fi
    printf '%s' "$found"
}

# Python's packages, one folder for each content of their list.
python_tools() {
    printf '%s/tools/python-%s' "$STINT_CACHE" "$(sha256sum scripts/hostile/requirements.txt | cut -c 1-16)"
}
