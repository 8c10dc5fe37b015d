# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured: each contest is played against simulators of its own, and yields one row for each phase."""

from __future__ import annotations

import sys
import tempfile
import typing as t
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.process import running

from . import fleet, playbooks
from .measure import ROOT, Bench, CommandFailed, Cost
from .rows import (
    ALARMS,
    AWS_TASK,
    BESIDE_PING,
    CLOUDWATCH_ALARM,
    LOOPED,
    MANY_HOSTS,
    PACED_DEPLOY,
    PHASES,
    PING,
    PLAIN,
    ROLE,
    SAGEMAKER_ALARM,
    SLOW_DEPLOY,
    STARTED,
    THROTTLED,
    YOUNG,
    Row,
)

SLOW_SECONDS = 8
SLOW_SIZE = 100
THROTTLED_SHARE = 0.2
STANDARD_RETRIES = {"AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "11"}
"""Those of plain boto3 where calls are refused."""
PACED_SIZE = 20
RATES = {"PutMetricAlarm": 3.0, "DeleteAlarms": 3.0, "DescribeAlarms": 9.0, "*": 10.0}
"""Calls a second. The first three are from a secondary source and not verified; the others are a guess."""
LOOPED_SIZE = 10
PINGED_SIZE = 1
PINGS = 5
"""How often each of the three is played; the median counts."""
HOSTS = 50
OLD_SECONDS = 48 * 3600
"""The age of a fleet when its no-op is played: what is younger than a day is read one resource at a time."""
NO_OPS = 3
"""How often a no-op, which leaves everything as it is, is played; the median counts. Of a large fleet once."""
LARGE = 1000
_QUOTA = 10_000


@contextmanager
def bench(latency_ms: int, create_seconds: float = 0.0) -> Iterator[Bench]:
    """An empty account, in which endpoints come, change and go at once by default."""
    latency = latency_ms / 1000
    with (
        running(
            create_seconds=create_seconds,
            update_seconds=0,
            delete_seconds=0,
            latency_seconds=latency,
            target_quota=_QUOTA,
        ) as simulator,
        tempfile.TemporaryDirectory() as folder,
    ):
        yield Bench(Path(folder), simulator)


def role(size: int, latency_ms: int) -> Iterator[Row]:
    """The role, through the collection's playbooks."""
    with bench(latency_ms) as place:

        def play(phase: str) -> Cost:
            return _play_role(place, phase, size)

        deploy, *later = PHASES
        yield from _phases(ROLE, size, latency_ms, play, (deploy,))
        if not _takes_minutes(size, latency_ms):
            yield Row(ROLE, YOUNG, size, latency_ms, play("no-op"))
        place.simulator.advance(OLD_SECONDS)
        yield from _phases(ROLE, size, latency_ms, play, later)


def pinged(latency_ms: int) -> Iterator[Row]:
    """The no-op of one endpoint, a playbook that only pings, and one with a single task of amazon.aws, in turn."""
    with bench(latency_ms) as place:
        ping = place.write("ping.yml", playbooks.ping())
        aws_task = place.write("aws_task.yml", playbooks.aws_task())
        _play_role(place, "deploy", PINGED_SIZE)
        place.simulator.advance(OLD_SECONDS)
        plays: dict[str, t.Callable[[], Cost]] = {
            ROLE: lambda: _play_role(place, "no-op", PINGED_SIZE),
            PING: lambda: place.play(ping, {}),
            AWS_TASK: lambda: place.play(aws_task, {}),
        }
        costs: dict[str, list[Cost]] = {contestant: [] for contestant in plays}
        for _round in range(PINGS):
            for contestant, play in plays.items():
                costs[contestant].append(play())
        for contestant, measured in costs.items():
            yield Row(contestant, BESIDE_PING, PINGED_SIZE, latency_ms, _median(measured))


def slow_deploy(latency_ms: int) -> Iterator[Row]:
    """The role, where every endpoint takes its time."""
    with bench(latency_ms, SLOW_SECONDS) as place:
        yield Row(ROLE, SLOW_DEPLOY, SLOW_SIZE, latency_ms, _play_role(place, "deploy", SLOW_SIZE))


def throttled(latency_ms: int) -> Iterator[Row]:
    """With a throttling answer to every fifth call or so, which calls that are made again count, too."""
    refusal: dict[str, t.Any] = {"count": None, "probability": THROTTLED_SHARE}
    with bench(latency_ms) as place:
        place.simulator.fault("throttle", **refusal)
        yield Row(PLAIN, THROTTLED[0], SLOW_SIZE, latency_ms, _play_plain(place, SLOW_SIZE))
    with bench(latency_ms) as place:
        place.simulator.fault("throttle", **refusal)
        for name, phase in zip(THROTTLED, ("deploy", "no-op"), strict=True):
            yield Row(ROLE, name, SLOW_SIZE, latency_ms, _play_role(place, phase, SLOW_SIZE))


def paced(latency_ms: int) -> Iterator[Row]:
    """With a throttling answer to every call above AWS's rates; plain boto3 may give up, and then has no row."""
    for contestant in (PLAIN, ROLE):
        with bench(latency_ms) as place:
            for operation, rate in RATES.items():
                place.simulator.fault("throttle", operation=operation, count=None, per_second=rate)
            play = _play_plain if contestant == PLAIN else _play_role_deploy
            try:
                cost = play(place, PACED_SIZE)
            except CommandFailed as failure:
                if contestant == ROLE:
                    raise
                print(f"{contestant}: {str(failure).splitlines()[-1]}", file=sys.stderr)
                continue
            yield Row(contestant, PACED_DEPLOY, PACED_SIZE, latency_ms, cost)


def plain_boto3(size: int, latency_ms: int) -> Iterator[Row]:
    """The calls of Terraform's provider, from ten threads."""
    with bench(latency_ms) as place:
        command = [sys.executable, "-m", "tests.bench.plain_boto3"]
        phases = [phase for phase in PHASES if phase != "no-op" or not _takes_minutes(size, latency_ms)]
        yield from _phases(PLAIN, size, latency_ms, lambda phase: place.run([*command, phase, str(size)]), phases)


def hosts(sizes: t.Sequence[int], latency_ms: int) -> Iterator[Row]:
    """Many hosts, each with a region and a fleet of its own, with Ansible's default number of forks."""
    for size in sizes:
        declared = {
            f"host-{number:02}": fleet.inventory(size) | {"sagemaker_inference_region": f"us-east-{number}"}
            for number in range(1, HOSTS + 1)
        }
        with bench(latency_ms) as place:
            for phase in ("deploy", "no-op"):
                cost = place.play_hosts(ROOT / "playbooks" / "apply.yml", declared)
                yield Row(MANY_HOSTS, phase, size, latency_ms, cost)
                place.simulator.advance(OLD_SECONDS)


def looped(latency_ms: int) -> Iterator[Row]:
    """A task for every resource, with the collection's modules."""
    with bench(latency_ms) as place:
        playbook = place.write("looped.yml", playbooks.looped(fleet.inventory(LOOPED_SIZE)))
        for phase in ("deploy", "no-op"):
            yield Row(LOOPED, phase, LOOPED_SIZE, latency_ms, place.play(playbook, {}))


def alarms(latency_ms: int) -> Iterator[Row]:
    """Alarms one by one against alarms in a list, and what ansible-playbook takes without either."""
    plays = {
        CLOUDWATCH_ALARM: playbooks.cloudwatch_alarms(ALARMS),
        SAGEMAKER_ALARM: playbooks.listed_alarms(ALARMS),
        STARTED: playbooks.nothing(),
    }
    for contestant, play in plays.items():
        with bench(latency_ms) as place:
            playbook = place.write("alarms.yml", play)
            for phase in ("deploy", "no-op"):
                yield Row(contestant, phase, ALARMS, latency_ms, place.play(playbook, {}))
                place.simulator.advance(OLD_SECONDS)


def _phases(
    contestant: str, size: int, latency_ms: int, play: t.Callable[[str], Cost], phases: t.Sequence[str] = PHASES
) -> Iterator[Row]:
    for phase in phases:
        rounds = NO_OPS if phase == "no-op" and size < LARGE else 1
        costs = [play(phase) for _round in range(rounds)]
        yield Row(contestant, phase, size, latency_ms, _median(costs))


def _takes_minutes(size: int, latency_ms: int) -> bool:
    """Whether what no promise is about is left out."""
    return bool(latency_ms) and size >= LARGE


def _median(costs: t.Sequence[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]


def _play_plain(place: Bench, size: int) -> Cost:
    """A deploy in botocore's standard mode of retries."""
    return place.run([sys.executable, "-m", "tests.bench.plain_boto3", "deploy", str(size)], STANDARD_RETRIES)


def _play_role_deploy(place: Bench, size: int) -> Cost:
    return _play_role(place, "deploy", size)


def _play_role(place: Bench, phase: str, size: int) -> Cost:
    release = 2 if phase in ("change", "destroy") else 1
    name = "destroy" if phase == "destroy" else "apply"
    confirmation = {"sagemaker_inference_confirm": "default"} if phase == "destroy" else {}
    return place.play(ROOT / "playbooks" / f"{name}.yml", fleet.inventory(size, release) | confirmation)
