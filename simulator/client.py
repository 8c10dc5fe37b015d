# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A typed client of the control API, for tests, demos and benchmarks."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from botocore.httpsession import URLLib3Session

from .faults import Kind
from .types import Allowed, Params

ACCESS_KEY = "AKIAsimulatornotakey"
SECRET_KEY = "no-secret/the-simulator-checks-no-secret"
"""As long as those of AWS: Ansible masks a secret wherever it occurs, so a word would be masked in every result."""

_CONNECT_TIMEOUT_SECONDS = 5
_opener = build_opener(ProxyHandler({}))


class Simulator:
    """A running simulator; `url` is what AWS_ENDPOINT_URL must be."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead whatever uses botocore here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def connect(self, client: Any, read_timeout: float | None = None) -> None:
        """Make sure that calls of this botocore client come here; its URL leads here anyway."""
        if read_timeout is not None:
            client._endpoint.http_session = _session(read_timeout)

    def journal(self, after: int = 0) -> list[Params]:
        """The calls in order; with `after`, only those with a higher sequence number."""
        entries: list[Params] = self._call("GET", f"journal?after={after}")
        return entries

    def operations(self, after: int = 0) -> list[str]:
        return [entry["operation"] for entry in self.journal(after)]

    def counts(self) -> dict[str, int]:
        """How often each operation was called; cheap, however long the journal is."""
        counts: dict[str, int] = self._call("GET", "journal/counts")
        return counts

    def writes(self, after: int = 0) -> list[Params]:
        """The calls that would change something."""
        return [entry for entry in self.journal(after) if entry["write"]]

    def clear_journal(self) -> None:
        self._call("DELETE", "journal")

    def reset(self) -> None:
        """Forget resources, faults, policies, quotas, journal, moved time and objections; settings stay."""
        self._call("POST", "reset")

    def state(self) -> list[Params]:
        """Everything there is, one entry per account and region."""
        regions: list[Params] = self._call("GET", "state")
        return regions

    def snapshot(self) -> int:
        """Keep the resources and the time, also over a reset; the number brings them back."""
        kept: Params = self._call("POST", "snapshot")
        return int(kept["number"])

    def restore(self, number: int) -> None:
        """Put resources and time back; all else stays as it is."""
        self._call("POST", "restore", {"number": number})

    def configure(self, **settings: float) -> Params:
        """Change settings such as `create_seconds`; returns all of them."""
        changed: Params = self._call("POST", "settings", settings)
        return changed

    def advance(self, seconds: float) -> None:
        """Move the simulator's clock forward."""
        self._call("POST", "clock", {"advance": seconds})

    def now(self) -> float:
        """What the simulator's clock says, in seconds since the epoch."""
        clock: Params = self._call("POST", "clock", {"advance": 0})
        return float(clock["now"])

    def fault(self, kind: Kind | str, **details: Any) -> None:
        """Let something go wrong; see `faults.Fault` for the details. It happens once unless `count` is given."""
        self._call("POST", "faults", {"kind": str(kind), **details})

    def faults(self) -> list[Params]:
        active: list[Params] = self._call("GET", "faults")
        return active

    def clear_faults(self) -> None:
        self._call("DELETE", "faults")

    def allow(self, allowed: Allowed, access_key: str = "") -> None:
        """Permit everybody, or one access key besides, only these actions or what a document allows; None is all."""
        self._call("POST", "policy", {"allowed": allowed, "access_key": access_key})

    def quota(self, instance_type: str, limit: int | None) -> None:
        """Let endpoints of each account and region have only so many instances of the type; None is any number."""
        self._call("POST", "quota", {"instance_type": instance_type, "limit": limit})

    def put_endpoint(self, name: str, status: str, seconds: float | None = None, reason: str = "") -> None:
        """Put an endpoint into a status, for some seconds if given, after which it is InService again."""
        move = {"actor": "put_endpoint", "name": name, "status": status, "seconds": seconds, "reason": reason}
        if not self.act(move):
            raise ValueError(f"no endpoint {name}")

    def autoscale(self, endpoint: str, variant: str, count: int, account: str = "") -> bool:
        """Let Application Auto Scaling move a registered variant within its bounds; says whether it moves.

        In every account and region with such an endpoint, unless an account is named.
        """
        return self.act({"actor": "autoscale", "endpoint": endpoint, "variant": variant, "count": count}, account)

    def run_schedule(self, endpoint: str, variant: str, action: str, account: str = "") -> bool:
        """Let a scheduled action set the bounds of its target now; says whether it took effect."""
        return self.act({"actor": "run_schedule", "endpoint": endpoint, "variant": variant, "action": action}, account)

    def before(self, operation: str, move: Params, skip: int = 0, **details: Any) -> None:
        """Let somebody make a move just before a call of the operation, a shell pattern; see `actors` for the moves."""
        self.fault(Kind.ACT, operation=operation, move=move, skip=skip, **details)

    def act(self, move: Params, account: str = "") -> bool:
        answer: Params = self._call("POST", "act", {"move": move, "account": account})
        return bool(answer["moved"])

    def referee_begin(self, brief: Params) -> int:
        """A run begins, so that the referee knows whose calls to judge by what; see `referee.brief.Brief`."""
        number: int = self._call("POST", "referee/begin", brief)
        return number

    def referee_end(self, text: str, run: int | None = None, **more: Any) -> list[Params]:
        """Ends the run of that number, or the one that began last, with its output; returns all objections so far."""
        objections: list[Params] = self._call("POST", "referee/end", {"text": text, "run": run, **more})
        return objections

    def objections(self) -> list[Params]:
        """What the referee objects to since the last reset."""
        objections: list[Params] = self._call("GET", "referee/objections")
        return objections

    def clear_referee(self) -> None:
        """Forget objections and all that the referee has seen; resources stay."""
        self._call("DELETE", "referee")

    def _call(self, method: str, path: str, body: Params | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else b""
        request = Request(f"{self.url}/_simulator/{path}", data=data, method=method)
        try:
            with _opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except HTTPError as problem:
            raise ValueError(json.load(problem)["error"]) from None


def _session(read_timeout: float) -> URLLib3Session:
    """As botocore makes it, with another time limit."""
    no_delay: Any = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    timeout: Any = (_CONNECT_TIMEOUT_SECONDS, read_timeout)
    return URLLib3Session(timeout=timeout, socket_options=no_delay)
