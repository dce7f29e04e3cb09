"""What schemathesis does around each request to Stint: signs the caller in, puts ids of what exists where the document
only says that an id stands, and looks whether a refusal or a reading changed anything.

By its environment: STINT_HOSTILE_HOUSE is the file with url and people, STINT_HOSTILE_CALLER who asks (nobody when empty),
STINT_HOSTILE_COUNT the file that each request adds a line to.
"""

import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import schemathesis  # noqa: E402
from house import Person, ask  # noqa: E402

with open(os.environ["STINT_HOSTILE_HOUSE"], encoding="utf-8") as told:
    HOUSE = json.load(told)
URL = HOUSE["url"]
PEOPLE = {name: Person(URL, name, one["key"], one["memory"]) for name, one in HOUSE["people"].items()}
CALLER = PEOPLE.get(os.environ.get("STINT_HOSTILE_CALLER", ""))
READER = PEOPLE["olga"]
# Who asks must not be disabled, nor who watches.
SPARED = {HOUSE["people"][name]["id"] for name in ("olga", "jonas", "kenji")}
# Ids are looked up anew after so many requests, and lists compared at one request in so many.
LOOK_AGAIN, COMPARE = 200, 10
LISTS = ["/people", "/groups", "/roles", "/activations"]
# Where an operation's id comes from, by the first word of its path.
KINDS = {"people": "person", "groups": "group", "roles": "role", "assignments": "assignment", "activations": "activation"}

pool, made, requests, before = {}, set(), 0, {}
chance = random.Random(os.environ.get("STINT_HOSTILE_SEED", "1"))


def reads(path):
    """What the auditor sees there."""
    status, answer = ask(URL, "GET", path, token=READER.token())
    if status == 401:
        READER.forget()
        status, answer = ask(URL, "GET", path, token=READER.token())
    assert status == 200, f"{path}: {status} {answer}"
    return answer


def assignments(value):
    """The ids of all assignments in an answer: what has a standing."""
    if isinstance(value, dict):
        own = [value["id"]] if "standing" in value and "id" in value else []
        return own + [found for inner in value.values() for found in assignments(inner)]
    return [found for inner in value for found in assignments(inner)] if isinstance(value, list) else []


def look():
    """What exists at the moment."""
    pool.clear()
    for kind, path in [("person", "/people"), ("group", "/groups"), ("role", "/roles"), ("activation", "/activations")]:
        for row in reads(path)["items"]:
            pool.setdefault(kind, []).append(row["role"]["id"] if kind == "role" else row["id"])
    for role in pool.get("role", [])[:6]:
        pool.setdefault("assignment", []).extend(assignments(reads(f"/roles/{role}/assignments")))
    if CALLER is PEOPLE["marta"]:
        status, outbox = ask(URL, "GET", "/outbox", token=CALLER.token())
        pool["message"] = [row["id"] for row in outbox["messages"]] if status == 200 else []
    pool["person"] = [one for one in pool["person"] if one not in SPARED]


def one(kind):
    """The id of something of this kind."""
    return chance.choice(pool[kind]) if pool.get(kind) else None


def is_positive(case, part):
    """Whether this part of the request was made to fit the document; what was made not to fit stays as it is."""
    meta = getattr(case, "meta", None)
    if meta is None:
        return True
    return all(not info.mode.is_negative for location, info in meta.components.items() if part in location.name.lower())


def into_path(case):
    """Ids of what exists, where the path has one; what this run made itself stays."""
    parts = case.operation.path.strip("/").split("/")
    for name in list(case.path_parameters or {}):
        kind = KINDS.get(parts[0])
        if parts[0] == "groups" and name != "id":
            kind = "person"
        if parts[0] in ("outbox", "messages"):
            kind = "message"
        is_own = case.path_parameters[name] in made
        if kind and not is_own and (found := one(kind)) and chance.random() < 0.85:
            case.path_parameters[name] = found


def into_body(body):
    """The same within a body, with the version or the digest that was shown where there is one."""
    if isinstance(body, list):
        for inner in body:
            into_body(inner)
        return
    if not isinstance(body, dict):
        return
    if body.get("kind") in ("person", "group") and isinstance(body.get("id"), str):
        body["id"] = one(body["kind"]) or body["id"]
    for name in ("role", "person", "group"):
        if isinstance(body.get(name), str):
            body[name] = one(name) or body[name]
    if isinstance(body.get("version"), int):
        body["version"] = chance.randrange(1, 4)
    for inner in body.values():
        into_body(inner)


class SignedIn:
    """The caller's token, so that schemathesis knows what it leaves out when it tries without."""

    def get(self, case, context):
        """Good for ten minutes, and renewed by whoever asks."""
        return CALLER.token()

    def set(self, case, data, context):
        """As tools send it."""
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {CALLER.token()}"


if CALLER:
    schemathesis.auth()(SignedIn)


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Puts ids in, and remembers how things are."""
    global requests
    if requests % LOOK_AGAIN == 0:
        look()
    requests += 1
    if is_positive(case, "path"):
        into_path(case)
    if is_positive(case, "body") and chance.random() < 0.85:
        into_body(case.body)
        if isinstance(case.body, dict) and "digest" in case.body and case.path_parameters:
            status, shown = ask(URL, "GET", f"/activations/{case.path_parameters.get('id')}", token=READER.token())
            case.body["digest"] = shown["digest"] if status == 200 else case.body["digest"]
    before["done"] = newest()
    before["lists"] = lists() if requests % COMPARE == 0 else None


def newest():
    """The number of the newest record of something that was done."""
    return reads("/records?refused=false")["items"][0]["seq"]


def lists():
    """All lists as they are, but for what goes on by itself: who signs in."""
    goes_on = {"last_signed_in_at"}

    def kept(value):
        if isinstance(value, dict):
            return {name: kept(inner) for name, inner in value.items() if name not in goes_on}
        return [kept(inner) for inner in value] if isinstance(value, list) else value

    return json.dumps([kept(reads(path)) for path in LISTS], sort_keys=True)


@schemathesis.hook
def after_call(ctx, case, response):
    """Counts it, and signs in anew when the session is over: not for each 401, since there is a code every half minute only."""
    with open(os.environ["STINT_HOSTILE_COUNT"], "a", encoding="ascii") as count:
        count.write(f"{response.status_code} {case.operation.label}\n")
    if response.status_code == 201 and isinstance(answer := response.json(), dict):
        made.add(answer.get("id"))
    if CALLER and response.status_code == 401 and ask(URL, "GET", "/me", token=CALLER.access)[0] == 401:
        CALLER.forget()


@schemathesis.check
def changes_nothing_that_is_refused_or_read(ctx, response, case):
    """A refusal is on record at most as a refusal, and what is only read is not on record at all."""
    if response.status_code < 400 and case.method.upper() not in ("GET", "HEAD"):
        return
    after = newest()
    assert after == before["done"], f"{case.method} {case.path}: {response.status_code}, and record {after} says that it was done"
    if before["lists"] is not None:
        assert lists() == before["lists"], f"{case.method} {case.path}: {response.status_code}, and the lists differ"
