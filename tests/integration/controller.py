# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of AWX's API as the modules of awx.awx need: collections of objects that are found by name.

It keeps, hides and refuses what AWX 24.6.1 keeps, hides and refused when controller.yml was run against it.
"""

from __future__ import annotations

import json
import re
import threading
import typing as t
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Object = dict[str, t.Any]
API = "/api/v2/"
# What a URL ends in and the object itself has as a part.
PARTS = ("survey_spec",)
# What objects of a collection can be associated with.
NOTIFICATIONS = tuple(f"notification_templates_{event}" for event in ("started", "success", "error"))
LINKS = {
    "inventory_sources": NOTIFICATIONS,
    "job_templates": ("credentials", *NOTIFICATIONS),
    "projects": NOTIFICATIONS,
    "roles": ("teams",),
    "workflow_job_templates": (*NOTIFICATIONS, "notification_templates_approvals"),
    "workflow_job_template_nodes": ("always_nodes", "failure_nodes", "success_nodes"),
}
# What AWX keeps of an approval; it ignores the rest.
OF_AN_APPROVAL = ("name", "description", "timeout")
HIDDEN = "$encrypted$"
# What a team can be given of an object, by collection.
ROLES = {
    "job_templates": ("admin_role", "execute_role", "read_role"),
    "workflow_job_templates": ("admin_role", "approval_role", "execute_role", "read_role"),
}


class RefusedError(Exception):
    """What AWX answers with status 400."""


class Controller:
    """What AWX would hold: *objects* by collection, and *links* as (collection, id, name of the link, id).

    Each project has the *playbooks*.
    """

    def __init__(self, playbooks: Collection[str] = ()) -> None:
        self.playbooks = playbooks
        self.objects: dict[str, list[Object]] = {}
        self.links: set[tuple[str, int, str, int]] = set()
        self.writes: list[str] = []
        self.url = ""

    def add(self, collection: str, **fields: t.Any) -> Object:
        number = 1 + sum(map(len, self.objects.values()))
        url = f"{API}{collection}/{number}/"
        related = {name: f"{url}{name}/" for name in ("credentials", *PARTS)}
        made = {"id": number, "url": url, "type": collection.removesuffix("s"), "related": related}
        made |= {"scm_revision": "", "status": "successful", "summary_fields": {}, **fields}
        self.objects.setdefault(collection, []).append(made)
        roles = {role: {"id": self.add("roles", role=role, of=number)["id"]} for role in ROLES.get(collection, ())}
        made["summary_fields"] = {"object_roles": roles}
        return made

    def given(self) -> set[tuple[str, str, str]]:
        """The roles of teams, as (team, role, name of the object)."""
        names = {each["id"]: each.get("name", "") for stored in self.objects.values() for each in stored}
        links = [(self.find("roles", id=role)[0], team) for kind, role, _link, team in self.links if kind == "roles"]
        return {(names[team], role["role"], names[role["of"]]) for role, team in links}

    def find(self, collection: str, **fields: t.Any) -> list[Object]:
        stored = self.objects.get(collection, [])
        if collection == "unified_job_templates":
            stored = [*self.objects.get("job_templates", []), *self.objects.get("workflow_job_templates", [])]
        wanted = {name: value for name, value in fields.items() if name not in ("type", "organization")}
        return [each for each in stored if all(str(each.get(name)) == str(value) for name, value in wanted.items())]

    def get(self, path: str, query: dict[str, str]) -> Object | None:
        collection, _slash, rest = path.partition("/")
        if not rest:
            found = self.find(collection, **query) if collection != "ping" else []
            return {"count": len(found), "results": found, "next": None, "version": "24.6.1"}
        number, _slash, part = rest.partition("/")
        holder = next(iter(self.find(collection, id=number)), None)
        if holder is None or not part:
            return holder
        if part in PARTS:
            return t.cast("Object", holder.get(part, {}))
        if part not in LINKS.get(collection, ()):
            return None
        linked = [number for *link, number in self.links if link == [collection, holder["id"], part]]
        return {"count": len(linked), "results": [{"id": number} for number in linked], "next": None}

    def write(self, path: str, sent: Object) -> Object:
        collection, _slash, rest = path.partition("/")
        number, _slash, part = rest.partition("/")
        self._check(part or collection, sent)
        self.writes.append(path)
        if not rest:
            return self.add(collection, **sent)
        (holder,) = self.find(collection, id=number)
        if not part:
            holder |= sent
        elif part in PARTS:
            holder[part] = sent
        elif part == "create_approval_template":
            kept = {name: value for name, value in sent.items() if name in OF_AN_APPROVAL}
            approval = self.add("workflow_approval_templates", **kept)
            holder["related"]["unified_job_template"] = approval["url"]
        else:
            link = (collection, holder["id"], part, sent["id"])
            (self.links.discard if sent.get("disassociate") else self.links.add)(link)
        return holder

    def _check(self, kind: str, sent: Object) -> None:
        if kind == "job_templates" and sent["playbook"] not in self.playbooks:
            raise RefusedError("Playbook not found for project.")
        if kind == "schedules" and "INTERVAL=" not in sent["rrule"]:
            raise RefusedError("INTERVAL required in rrule")
        if kind == "survey_spec":
            for name in {"name", "description", "spec"} - set(sent):
                raise RefusedError(f"Field '{name}' is missing from survey spec.")
            for question in sent["spec"]:
                if question.get("default", "") not in ("", *question.get("choices", ())):
                    raise RefusedError("Default choice must be answered from the choices listed.")


@contextmanager
def controller(playbooks: Collection[str]) -> Iterator[Controller]:
    held = Controller(playbooks)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            found = held.get(_path(url.path), dict(parse_qsl(url.query)))
            self._answer(200 if found is not None else 404, _shown(found or {}))

        def do_POST(self) -> None:
            is_link = re.search(r"\d+/\w+$", _path(self.path)) is not None
            self._write(
                201 if not is_link or "create_approval" in self.path else 204 if "_spec" not in self.path else 200
            )

        def do_PATCH(self) -> None:
            self._write(200)

        def _write(self, status: int) -> None:
            sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
            try:
                self._answer(status, _shown(held.write(_path(self.path), sent)))
            except RefusedError as refused:
                self._answer(400, {"detail": str(refused)})

        def _answer(self, status: int, body: Object) -> None:
            text = json.dumps(body).encode() if status != 204 else b""
            self.send_response(status)
            self.send_header("X-API-Product-Version", "24.6.1")
            self.send_header("X-API-Product-Name", "AWX")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _path(path: str) -> str:
    return path.removeprefix(API).strip("/")


def _shown(answer: Object) -> Object:
    """The answer without the values of secrets: an external ID and the password of a mail server."""
    text = json.dumps(answer)
    return t.cast("Object", json.loads(re.sub(r'("(?:external_id|password)": )"[^"]+"', rf'\1"{HIDDEN}"', text)))
