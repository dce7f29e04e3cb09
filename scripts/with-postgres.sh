#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own, whose address is in STINT_TEST_POSTGRES:
#   scripts/with-postgres.sh cargo test --package engine
# The server and its data are gone when the command ends, however it ends. It is quick and forgets everything with the
# machine; `--durable` before the command keeps what was committed, as a server in earnest does, and loads the library
# that STINT_SLOW_LIBRARY names into it.
set -euo pipefail
. "$(dirname "$0")/env.sh"

programs=$(postgres_programs)
[[ -n $programs ]] || { echo "no PostgreSQL here: run scripts/install.sh test" >&2; exit 1; }

settings=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0)
library=
if [[ ${1:-} == --durable ]]; then
    shift
    settings=()
    library=${STINT_SLOW_LIBRARY:-}
fi

folder=$(mktemp -d)
server=
# Nothing in there is worth an orderly shutdown: QUIT is the quickest end.
clean_up() {
    trap '' INT TERM
    [[ -z $server ]] || { kill -QUIT "$server" && wait "$server"; } 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# PostgreSQL refuses to run as root. The signal ends it even when this script is killed without a word.
become=(setpriv --pdeathsig QUIT)
if [[ $(id -u) == 0 ]]; then
    become=(setpriv --reuid postgres --regid postgres --init-groups --pdeathsig QUIT)
fi

# A plain password and not the default hash: nobody listens on loopback, and each test opens connections.
password=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$folder/password"
[[ $(id -u) != 0 ]] || chown -R postgres "$folder"
(cd "$folder" && "${become[@]}" "$programs/initdb" --pgdata "$folder/data" --username postgres --pwfile "$folder/password" \
    --auth password --encoding UTF8 --locale C.UTF-8 --no-sync) >"$folder/initdb.log" || { cat "$folder/initdb.log" >&2; exit 1; }

# Ports below the range that the kernel gives to clients; another one when it is taken.
for _ in 1 2 3 4 5; do
    port=$((15000 + RANDOM % 15000))
    (cd "$folder" && LD_PRELOAD=$library exec "${become[@]}" "$programs/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories="$folder" -c max_connections=300 "${settings[@]}") >"$folder/server.log" 2>&1 &
    server=$!
    # Asked through the socket, because another server may answer on the port.
    until "$programs/pg_isready" --quiet --host "$folder" --port "$port"; do
        kill -0 "$server" 2>/dev/null || { server=; break; }
        sleep 0.1
    done
    [[ -z $server ]] || break
done
[[ -n $server ]] || { cat "$folder/server.log" >&2; exit 1; }

export STINT_TEST_POSTGRES="postgres://postgres:$password@127.0.0.1:$port/postgres"
"$@"
