#!/usr/bin/env bash
# Takes pictures of a running Stint, desktop and phone, light and dark:
#   scripts/screens.sh URL FOLDER PATH...
# Signed in when NAME, PASSWORD and CODE are set; SCREENS_VIEWPORT=1 for what fits the screen and no more:
#   NAME=marta PASSWORD=... CODE=$(stint demo code marta) scripts/screens.sh http://127.0.0.1:8080 /tmp/screens / /roles
set -euo pipefail

(($# >= 3)) || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
SCREENS_URL=$1 SCREENS_FOLDER=$(realpath -m "$2")
shift 2

. "$(dirname "$0")/env.sh"
[[ -d end2end/node_modules ]] || scripts/install.sh test
export SCREENS_URL SCREENS_FOLDER SCREENS_PATHS="$*" SCREENS_NAME=${NAME:-} SCREENS_PASSWORD=${PASSWORD:-} SCREENS_CODE=${CODE:-}
mkdir -p "$SCREENS_FOLDER"
cd end2end
node_modules/.bin/playwright test --config screens.config.ts
rm -rf "$SCREENS_FOLDER/.playwright"
ls "$SCREENS_FOLDER"
