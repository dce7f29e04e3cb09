#!/usr/bin/env bash
# Makes the browser's files in site/, from where the server takes them: scripts/bundle.sh release|dev
# A release bundle is small, cut into parts, and comes with .br and .gz beside each file; a dev bundle is none of that.
set -euo pipefail
. "$(dirname "$0")/env.sh"

case ${1:-release} in
    release) profile=wasm-release folder=wasm-release ;;
    dev) profile=dev folder=debug ;;
    *) echo "scripts/bundle.sh release|dev" >&2; exit 2 ;;
esac

options=(--lib --package frontend --target wasm32-unknown-unknown --profile "$profile")
if [[ $profile == wasm-release ]]; then
    options+=(--features split)
    # What cuts it needs to know what refers to what. The first flag is that of .cargo/config.toml, which this replaces.
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS='--cfg=erase_components -Clink-args=--emit-relocs'
fi
cargo build "${options[@]}"
compiled="$CARGO_TARGET_DIR/wasm32-unknown-unknown/$folder/frontend.wasm"

# One file of the files that style/all.css names, as cargo-leptos makes it too.
mkdir -p style/assets site
styles=()
while IFS= read -r file; do styles+=("style/$file"); done < <(sed -n 's/^@import "\(.*\)";$/\1/p' style/all.css)
unnamed=$(comm -13 <(printf '%s\n' "${styles[@]}" style/all.css | sort) <(printf '%s\n' style/*.css | sort))
[[ -z $unnamed ]] || { echo "style/all.css does not name $unnamed" >&2; exit 1; }
css="$CARGO_TARGET_DIR/stint.css"
cat "${styles[@]}" >"$css"

# The slow half is left out when nothing that goes into it has changed.
made="$CARGO_TARGET_DIR/site-$folder"
inputs=$({
    sha256sum "$compiled" "$css" scripts/bundle.sh scripts/compress.mjs scripts/parts.mjs scripts/snip.mjs scripts/package-lock.json | cut -c 1-64
    (cd style/assets && find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum)
} | sha256sum | cut -c 1-64)
if [[ $(cat "$made/inputs" 2>/dev/null) != "$inputs" ]]; then
    rm -rf "$made"
    mkdir -p "$made/site/pkg"
    cp -R style/assets/. "$made/site/"
    cp "$css" "$made/site/pkg/stint.css"
    bindgen=("$wasm_bindgen_root/bin/wasm-bindgen" --target web --out-name stint --no-typescript --out-dir "$made/site/pkg")
    if [[ $profile == wasm-release ]]; then
        "$wasm_split_root/bin/wasm-split-cli" "$compiled" "$made/cut" --out-name stint
        "${bindgen[@]}" --keep-lld-exports --no-demangle "$made/cut/stint.wasm"
        rm "$made/cut/stint.wasm"
        mv "$made/cut/"* "$made/site/pkg/"
    else
        "${bindgen[@]}" "$compiled"
    fi
    # The name that cargo-leptos gives it.
    mv "$made/site/pkg/stint_bg.wasm" "$made/site/pkg/stint.wasm"
    if [[ $profile == wasm-release ]]; then
        node scripts/snip.mjs "$made/site/pkg/"*.wasm
        # What every browser of the last years has, and rustc uses; nothing newer may come in by optimising. The stack stands at
        # the bottom of the memory, so that nothing is kept in its first KiB.
        for file in "$made/site/pkg/"*.wasm; do
            scripts/node_modules/.bin/wasm-opt -Oz --low-memory-unused -Oz --enable-bulk-memory --enable-bulk-memory-opt --enable-multivalue \
                --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext \
                --enable-call-indirect-overlong "$file" --output "$file"
        done
        node scripts/parts.mjs "$made/site/pkg"
        for file in stint.js stint.css; do
            scripts/node_modules/.bin/esbuild --minify --log-level=warning --allow-overwrite "$made/site/pkg/$file" --outfile="$made/site/pkg/$file"
        done
        node scripts/compress.mjs "$made/site"
    fi
    echo "$inputs" >"$made/inputs"
fi

# Only a difference may touch site/: cargo compiles the server again when a time stamp there changes.
if ! diff -rq "$made/site" site >/dev/null; then
    rm -rf site
    cp -R "$made/site" site
fi
