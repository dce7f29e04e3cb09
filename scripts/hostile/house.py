"""A Stint of its own with people, roles and requests in it, for clients that send whatever the document allows.

Only what the operating system and the API give: the program is started, set up by its one-time link, and asked over HTTP.
"""

import base64
import hashlib
import hmac
import json
import os
import random
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request

PASSWORD = "seven quiet lanterns"
SET_UP = re.compile(r"https?://\S+/set-up/([A-Za-z0-9_-]+)")


class Refused(Exception):
    """An answer above 299 to something that had to work."""


def ask(url, method, path, body=None, token=None, source=None):
    """The status and the JSON of an answer, whatever it was."""
    headers = {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if source:
        # Sign-ins are counted by address: what is sent on purpose must not delay those who work.
        headers["X-Forwarded-For"] = source
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{url}/api/v1{path}", data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    return status, json.loads(text) if text else None


def must(url, method, path, body=None, token=None, source=None):
    """The JSON of an answer that says that it was done."""
    status, answer = ask(url, method, path, body, token, source)
    if status > 299:
        raise Refused(f"{method} {path}: {status} {answer}")
    return answer


class Authenticator:
    """An authenticator app that gives no code twice, whichever process asks: `memory` is the file that says so."""

    def __init__(self, key, memory):
        plain = key.replace(" ", "")
        self.key, self.memory = base64.b32decode(plain + "=" * (-len(plain) % 8)), memory

    def last(self):
        """The half minute of the last code."""
        try:
            with open(self.memory, encoding="ascii") as file:
                return int(file.read())
        except FileNotFoundError:
            return 0

    def code(self):
        """Of this half minute or the one before; waits for the next when both are used."""
        now = time.time()
        present = int(now // 30)
        oldest = present - 1 if now % 30 < 25 else present
        step = max(self.last() + 1, oldest)
        if step > present:
            time.sleep(step * 30 - now + 0.1)
        with open(self.memory, "w", encoding="ascii") as file:
            file.write(str(step))
        digest = hmac.new(self.key, step.to_bytes(8, "big"), hashlib.sha1).digest()
        offset = digest[-1] & 15
        return str((int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF) % 1_000_000).zfill(6)


class Person:
    """Somebody who can sign in, and stays signed in."""

    def __init__(self, url, name, key, memory):
        self.url, self.name, self.key, self.memory = url, name, key, memory
        self.app, self.id = Authenticator(key, memory), None
        self.access, self.since, self.lock = None, 0.0, threading.Lock()

    def token(self):
        """A token whose second factor is fresh."""
        with self.lock:
            if not self.access or time.time() - self.since > 420:
                self.sign_in()
            return self.access

    def sign_in(self):
        """With password and code."""
        source = f"198.51.100.{os.urandom(1)[0]}"
        given = {"name": self.name, "password": PASSWORD, "code": self.app.code()}
        self.access = must(self.url, "POST", "/session", given, source=source)["access"]
        self.since = time.time()

    def forget(self):
        """The session is over: the next one who asks signs in anew."""
        with self.lock:
            self.access = None

    def do(self, method, path, body=None):
        """Something that has to work."""
        return must(self.url, method, path, body, self.token())


class House:
    """The program on a database of its own, and everybody in it."""

    def __init__(self, binary, database, folder, port):
        self.folder, self.url = folder, f"http://127.0.0.1:{port}"
        self.log = os.path.join(folder, "stint.log")
        key = os.path.join(folder, "stint.key")
        with open(key, "w", encoding="ascii") as file:
            file.write(base64.b64encode(os.urandom(32)).decode() + "\n")
        self.flags = [
            binary,
            f"--database-url={database}",
            f"--key-file={key}",
            f"--anchor-file={os.path.join(folder, 'stint.anchor')}",
            f"--listen=127.0.0.1:{port}",
            f"--public-url={self.url}",
            "--trusted-proxies=127.0.0.1",
            "--log=warn",
        ]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STINT_")}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.flags + ["serve"], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment
            )
        self.environment = environment
        self.people = {}

    def said(self):
        """Everything that the program said so far."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def set_up(self):
        """The first person, and an organisation in the middle of its work."""
        end = time.time() + 30
        while not (found := SET_UP.search(self.said())):
            if time.time() > end or self.process.poll() is not None:
                raise Refused(f"no set-up link:\n{self.said()}")
            time.sleep(0.1)
        marta = self.enrol("marta", found.group(1), {"name": "Marta Lindqvist", "sign_in_name": "marta"})
        for name, kind in [("jonas", "member"), ("olga", "member"), ("kenji", "guest"), ("priya", "member")]:
            new = {"kind": kind, "name": f"{name.title()} of the house", "sign_in_name": name, "addresses": []}
            made = marta.do("POST", "/people", new)
            person = self.enrol(name, made["link"]["url"].rsplit("/", 1)[1], {})
            person.id = made["id"]
        marta.id = marta.do("GET", "/me")["id"]
        # Reads the record beside whoever is tried.
        rows = marta.do("GET", "/roles?search=auditor")["items"]
        role = next(row["role"]["id"] for row in rows if row["role"]["key"] == "stint-auditor")
        olga = {"kind": "person", "id": self.people["olga"].id}
        ends_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 30 * 86_400))
        given = {"role": role, "principal": olga, "kind": "active", "ends_at": ends_at, "justification": "Reads"}
        marta.do("POST", "/assignments", given)
        for _ in range(3):
            self.furnish(marta)

    def furnish(self, marta):
        """Some more things that requests can be about: groups, roles, assignments, requests in every state."""
        number = random.randrange(1 << 40)
        kenji, priya = self.people["kenji"], self.people["priya"]
        group = marta.do("POST", "/groups", {"name": f"Group {number}", "description": "For trying"})["id"]
        marta.do("POST", f"/groups/{group}/members", {"person": kenji.id})
        for key in [f"role-{number}", f"other-{number}"]:
            new = {"key": key, "name": f"Role {key}", "description": "", "level": "high"}
            role = marta.do("POST", "/roles", new)["id"]
            shown = marta.do("GET", f"/roles/{role}")
            settings = shown["settings"]
            settings["approval"]["required"] = True
            settings["approval"]["stages"][0]["approvers"] = [{"kind": "person", "id": p.id} for p in (priya, marta)]
            body = {"settings": settings, "version": shown["settings_version"]}
            marta.do("PUT", f"/roles/{role}/settings", body)
            for principal in [{"kind": "person", "id": kenji.id}, {"kind": "group", "id": group}]:
                body = {"role": role, "principal": principal, "kind": "eligible", "justification": "Their work"}
                marta.do("POST", "/assignments", body)
            body = {"role": role, "duration": "PT1H", "justification": "To try it out"}
            request = kenji.do("POST", "/activations", body)["id"]
            if key.startswith("other"):
                digest = priya.do("GET", f"/activations/{request}")["digest"]
                priya.do("POST", f"/activations/{request}/approve", {"digest": digest})

    def enrol(self, name, token, first):
        """Lets somebody use a one-time link."""
        begun = must(self.url, "POST", "/links/begin", {"token": token, "password": PASSWORD, **first})
        memory = os.path.join(self.folder, f"{name}.step")
        person = Person(self.url, name, begun["enrolment"]["key"], memory)
        finish = {"token": token, "sealed": begun["sealed"], "code": person.app.code()}
        must(self.url, "POST", "/links/finish", finish)
        self.people[name] = person
        return person

    def told(self):
        """What another process needs to sign these people in."""
        people = {p.name: {"key": p.key, "memory": p.memory, "id": p.id} for p in self.people.values()}
        return {"url": self.url, "people": people}

    def verify(self):
        """Has the record verified by the program itself."""
        done = subprocess.run(
            self.flags + ["audit", "verify"], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.returncode == 0, done.stdout + done.stderr

    def stop(self):
        """Ends the program as an operator does."""
        self.process.terminate()
        self.process.wait(30)
