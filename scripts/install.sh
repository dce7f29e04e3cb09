#!/usr/bin/env bash
# Installs what a fresh Debian with git, build-essential, rustup and Node.js lacks.
#   scripts/install.sh build     what the binary needs
#   scripts/install.sh test      that, and what the tests need
#   scripts/install.sh hostile   that, and what sends hostile requests
#   scripts/install.sh bench     what the binary needs, and what measures its speed
#
# There is no rust-toolchain.toml on purpose. The newest stable compiler is the right one, cargo itself refuses an
# older one than `rust-version` in Cargo.toml, and a file that names a channel, a target or a component stops every
# cargo command on machines where rustup may not download by itself. What is missing is added here instead.
set -euo pipefail
. "$(dirname "$0")/env.sh"

for program in cargo node npm; do
    command -v "$program" >/dev/null || { echo "Stint needs $program: install Rust by rustup, and Node.js 20 or newer" >&2; exit 1; }
done
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)'; then
    echo "Stint needs Node.js 20 or newer, this is $(node --version)" >&2
    exit 1
fi

if [[ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]]; then
    rustup target add wasm32-unknown-unknown
fi

# A tool that is compiled: what its program, its package and its version are called, where it goes, and its features.
compiled_tool() {
    local program=$1 package=$2 version=$3 root=$4
    [[ ! -x "$root/bin/$program" ]] || return 0
    # First with the versions its authors tested; without their lock file where a registry no longer offers one of them.
    local build=(cargo install "$package" --version "=$version" --root "$root" --target-dir "$STINT_CACHE/tools/build" "${@:5}")
    "${build[@]}" --locked || "${build[@]}"
    rm -rf "$STINT_CACHE/tools/build"
}
compiled_tool wasm-bindgen wasm-bindgen-cli "$wasm_bindgen_version" "$wasm_bindgen_root"
compiled_tool wasm-split-cli wasm_split_cli_support "$wasm_split_version" "$wasm_split_root" --features build-binary

# The packages of one package.json, kept once for each content of its lock file.
node_packages() {
    local folder=$1 kept made
    kept="$STINT_CACHE/npm/$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum | cut -c 1-16)"
    if [[ ! -d "$kept" ]]; then
        mkdir -p "$STINT_CACHE/npm"
        made=$(mktemp -d "$STINT_CACHE/npm/new.XXXXXX")
        cp "$folder/package.json" "$folder/package-lock.json" "$made/"
        (cd "$made" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefer-offline --no-audit --no-fund)
        mv -T "$made" "$kept"
    fi
    ln -sfn "$kept/node_modules" "$folder/node_modules"
}
node_packages scripts

# What comes from Debian.
packages() {
    (($# > 0)) || return 0
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "This needs: $*. Install them, or run this once as root on Debian." >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

missing=()
[[ ${1:-} != @(test|hostile|bench) || -n $(postgres_programs) ]] || missing+=(postgresql)
[[ ${1:-} != bench ]] || command -v wrk >/dev/null || missing+=(wrk)
if [[ ${1:-} == @(test|hostile|bench) ]]; then
    [[ -n ${CHROMIUM:-} ]] || command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
fi
if [[ ${1:-} == @(test|hostile) ]]; then
    compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || missing+=(libfaketime)
fi
# Debian's Python comes without what makes an environment of one's own.
[[ ${1:-} != hostile ]] || python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
packages "${missing[@]}"

if [[ ${1:-} == @(test|hostile) ]]; then
    for component in clippy rustfmt; do
        [[ -x "$(rustc --print sysroot)/bin/cargo-${component/rustfmt/fmt}" ]] || rustup component add "$component"
    done
fi
[[ ${1:-} != @(test|hostile|bench) ]] || node_packages end2end

# Schemathesis with exactly the packages that are listed, kept once for each content of the list.
if [[ ${1:-} == hostile ]]; then
    made="$(python_tools)"
    if [[ ! -x "$made/bin/schemathesis" ]]; then
        rm -rf "$made"
        python3 -m venv "$made"
        "$made/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement scripts/hostile/requirements.txt
        "$made/bin/pip" check
    fi
fi
