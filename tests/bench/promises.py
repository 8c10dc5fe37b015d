# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection promises about its speed, compared with the measurements of one run."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .contests import PACED_SIZE, PINGED_SIZE, SLOW_SECONDS, SLOW_SIZE
from .rows import (
    ALARMS,
    BESIDE_PING,
    CLOUDWATCH_ALARM,
    PACED_DEPLOY,
    PHASES,
    PING,
    PLAIN,
    ROLE,
    SAGEMAKER_ALARM,
    SLOW_DEPLOY,
    STARTED,
    THROTTLED,
    Rows,
)

NO_OP_CALLS = 150
DESTROY_CALLS = 16
"""Of an endpoint with ten resources, including a kept generation: two for each, except for alarms and scaling."""
THROTTLED_SECONDS = 60
SLACK_SECONDS = 6
ALARM_RATIO = 15
PING_RATIO = 1.6
PEAK_MB = 400
SMALL, LARGE = 10, 1000


@dataclass(frozen=True)
class Promise:
    """*measured* must be no more than *limit*, or no less where it is *at_least*."""

    text: str
    measured: float
    limit: float
    at_least: bool = False

    @property
    def is_kept(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        relation = "at least" if self.at_least else "at most"
        verdict = "kept" if self.is_kept else "BROKEN"
        return f"{verdict}: {self.text}: {self.measured:.1f}, promised {relation} {self.limit:.1f}"


def promises(rows: Rows) -> list[Promise]:
    """Those that this run measured; the others are passed over."""
    every = (_no_op_calls, _ping, _destroy, _throttled, _paced, _no_op_seconds, _slow_deploy, _alarms, _growth, _memory)
    return [promise for latency in rows.latencies() for each in every for promise in each(rows, latency)]


def _no_op_calls(rows: Rows, latency: int) -> t.Iterator[Promise]:
    if role := rows.find(ROLE, "no-op", 100, latency):
        yield Promise(f"calls of a no-op on 100 endpoints{_at(latency)}", role.calls, NO_OP_CALLS)


def _ping(rows: Rows, latency: int) -> t.Iterator[Promise]:
    """Without latency: a ping makes no calls."""
    role, ping = (rows.find(contestant, BESIDE_PING, PINGED_SIZE, latency) for contestant in (ROLE, PING))
    if role and ping and not latency:
        text = f"how many times as long as a playbook that only pings a no-op of {PINGED_SIZE} endpoint takes"
        yield Promise(text, role.seconds / ping.seconds, PING_RATIO)


def _destroy(rows: Rows, latency: int) -> t.Iterator[Promise]:
    for size in (100, 1000):
        role, plain = (rows.find(contestant, "destroy", size, latency) for contestant in (ROLE, PLAIN))
        if role:
            text = f"calls of a destroy for each of {size} endpoints{_at(latency)}"
            yield Promise(text, role.calls / size, DESTROY_CALLS)
        if role and plain:
            text = f"seconds of a destroy of {size} endpoints{_at(latency)}, against plain boto3"
            yield Promise(text, role.seconds, plain.seconds)


def _paced(rows: Rows, latency: int) -> t.Iterator[Promise]:
    deploys = {contestant: rows.find(contestant, PACED_DEPLOY, PACED_SIZE, latency) for contestant in (ROLE, PLAIN)}
    role, plain = deploys[ROLE], deploys[PLAIN]
    if role and plain:
        text = f"seconds of a deploy of {PACED_SIZE} endpoints at AWS's rates{_at(latency)}, against plain boto3"
        yield Promise(text, role.seconds, plain.seconds)


def _no_op_seconds(rows: Rows, latency: int) -> t.Iterator[Promise]:
    role, plain = rows.find(ROLE, "no-op", 100, latency), rows.find(PLAIN, "no-op", 100, latency)
    if role and plain:
        text = f"seconds of a no-op on 100 endpoints{_at(latency)}, against plain boto3"
        yield Promise(text, role.seconds, plain.seconds)


def _throttled(rows: Rows, latency: int) -> t.Iterator[Promise]:
    """That anything was refused at all shows in the calls that were made again."""
    deploy = rows.find(ROLE, THROTTLED[0], SLOW_SIZE, latency)
    if deploy:
        text = f"seconds of a deploy of {SLOW_SIZE} throttled endpoints{_at(latency)}"
        yield Promise(text, deploy.seconds, THROTTLED_SECONDS)
    role, free = rows.find(ROLE, THROTTLED[1], SLOW_SIZE, latency), rows.find(ROLE, "no-op", SLOW_SIZE, latency)
    if role:
        yield Promise(f"writes of a second run on {SLOW_SIZE} throttled endpoints{_at(latency)}", role.writes, 0)
    if role and free:
        text = f"calls of a no-op on {SLOW_SIZE} throttled endpoints{_at(latency)}, with those that were refused"
        yield Promise(text, role.calls, free.calls * 1.1, at_least=True)


def _slow_deploy(rows: Rows, latency: int) -> t.Iterator[Promise]:
    role, plain = (
        rows.find(ROLE, SLOW_DEPLOY, SLOW_SIZE, latency),
        rows.find(PLAIN, "deploy", SLOW_SIZE, latency),
    )
    if role and plain:
        text = f"seconds of a deploy of {SLOW_SIZE} endpoints that take {SLOW_SECONDS} s each{_at(latency)}"
        yield Promise(text, role.seconds, SLOW_SECONDS + 2 * plain.seconds + SLACK_SECONDS)


def _alarms(rows: Rows, latency: int) -> t.Iterator[Promise]:
    """Without what every playbook takes: the promise is about tasks."""
    for phase in ("deploy", "no-op"):
        one_by_one = rows.find(CLOUDWATCH_ALARM, phase, ALARMS, latency)
        listed = rows.find(SAGEMAKER_ALARM, phase, ALARMS, latency)
        start = rows.find(STARTED, phase, ALARMS, latency)
        if one_by_one and listed and start:
            ratio = (one_by_one.seconds - start.seconds) / (listed.seconds - start.seconds)
            text = f"how many times faster the task with {ALARMS} alarms in a list is, {phase}{_at(latency)}"
            yield Promise(text, ratio, ALARM_RATIO, at_least=True)


def _growth(rows: Rows, latency: int) -> t.Iterator[Promise]:
    """From a small to a large fleet, in each phase."""
    for phase in PHASES:
        small, large = rows.find(ROLE, phase, SMALL, latency), rows.find(ROLE, phase, LARGE, latency)
        if small and large:
            of = f"of {phase} from {SMALL} to {LARGE} endpoints{_at(latency)}"
            yield Promise(f"growth of seconds {of}", large.seconds / small.seconds, LARGE / SMALL)
            yield Promise(f"growth of calls {of}", large.calls / small.calls, LARGE / SMALL)


def _memory(rows: Rows, latency: int) -> t.Iterator[Promise]:
    for phase in PHASES:
        if large := rows.find(ROLE, phase, LARGE, latency):
            yield Promise(f"peak MB of {phase} on {LARGE} endpoints{_at(latency)}", large.peak_mb, PEAK_MB)


def _at(latency: int) -> str:
    return f" with {latency} ms a call" if latency else ""
