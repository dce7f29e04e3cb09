"""Sends what the served OpenAPI document allows, and what it does not, by the thousand:

    fuzz.py BINARY DATABASE CASES SEED

as an administrator, as a member, as a guest who asks for roles, and as nobody. Ends with a status when anything is wrong:
a failure of the server, an answer that the document does not have, a change by what was refused, a record that is not
whole, a word of a panic in the log.
"""

import collections
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from house import House  # noqa: E402

# Who asks, and of how many cases of a hundred. What ends one's own session or changes one's own credentials would end the run.
OWN_END = r"^(session\.(sign_out|end|end_others)|credential\..*|role\.disable)$"
CALLERS = [("marta", 50, OWN_END), ("kenji", 20, OWN_END), ("jonas", 15, OWN_END), ("", 15, r"^session\.start$")]
# A sensible request may be refused for what the document cannot say, such as that nobody approves for themselves.
LEFT_OUT = "positive_data_acceptance"
# Nobody is sent with credentials that are none, which are refused before it is looked whether the address takes the method.
LEFT_OUT_FOR_NOBODY = f"{LEFT_OUT},unsupported_method"


def free_port():
    """A port that nobody has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def counted(path):
    """How many requests were sent, by status."""
    if not os.path.exists(path):
        return collections.Counter()
    with open(path, encoding="ascii") as lines:
        return collections.Counter(line.split(" ", 1)[0] for line in lines)


def run(house, folder, caller, skipped, most, seed):
    """One run of schemathesis. Gives whether it found nothing."""
    told, count = os.path.join(folder, "house.json"), os.path.join(folder, f"{caller or 'nobody'}.count")
    with open(told, "w", encoding="utf-8") as file:
        json.dump(house.told(), file)
    here = os.path.dirname(os.path.abspath(__file__))
    environment = {
        **os.environ,
        "PYTHONPATH": here,
        "SCHEMATHESIS_HOOKS": "hooks",
        "STINT_HOSTILE_HOUSE": told,
        "STINT_HOSTILE_CALLER": caller,
        "STINT_HOSTILE_COUNT": count,
        "STINT_HOSTILE_SEED": str(seed),
    }
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"),
        "run",
        f"{house.url}/api/openapi.json",
        f"--max-examples={most}",
        "--workers=1",
        f"--seed={seed}",
        "--continue-on-failure",
        "--no-shrink",
        f"--exclude-operation-id-regex={skipped}",
        f"--exclude-checks={LEFT_OUT if caller else LEFT_OUT_FOR_NOBODY}",
        "--suppress-health-check=all",
        "--request-timeout=60",
    ]
    done = subprocess.run(command, env=environment, cwd=folder, check=False)
    return done.returncode == 0


def main(binary, database, cases, seed):
    """All callers, one after another."""
    began, fine = time.time(), True
    with tempfile.TemporaryDirectory(prefix="stint-hostile-") as folder:
        database = database or f"sqlite://{os.path.join(folder, 'stint.db')}"
        house = House(binary, database, folder, free_port())
        try:
            house.set_up()
            statuses = collections.Counter()
            for caller, share, skipped in CALLERS:
                path, goal, most, tries = os.path.join(folder, f"{caller or 'nobody'}.count"), cases * share // 100, 8, 0
                while (sent := sum(counted(path).values())) < goal and tries < 12:
                    tries += 1
                    fine &= run(house, folder, caller, skipped, most, seed + tries)
                    now = sum(counted(path).values())
                    if now == sent:
                        fine = False
                        break
                    # As many more examples as are missing, by what the last run came to.
                    most = max(4, min(60, int(most * (goal - now) / max(now - sent, 1)) + 1))
                found = counted(path)
                statuses += found
                print(f"{caller or 'nobody'}: {sum(found.values())} requests, {dict(sorted(found.items()))}", flush=True)
            whole, words = house.verify()
        finally:
            house.stop()
        said = house.said()
    for sign in ("panicked", "ERROR"):
        if sign in said:
            fine = False
            print("\n".join(line for line in said.splitlines() if sign in line)[:4000])
    if not whole:
        fine = False
        print(f"the record is not whole: {words}")
    took = time.time() - began
    print(f"{sum(statuses.values())} requests in {took:.0f} s, seed {seed}: {dict(sorted(statuses.items()))}; the record is whole: {whole}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
