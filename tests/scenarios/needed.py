# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM policies that the journeys turn out to need."""

from __future__ import annotations

import typing as t
from fnmatch import fnmatchcase

from simulator.permissions import ANY, needs

from .exports import info
from .harness import REGION, World
from .inventories import ROLE, Inventory
from .journeys import Journey, journeys, without_the_index
from .policies import Document, Narrowing
from .test_prune import make_by_hand

Needed = dict[str, set[str]]
"""By action the resources, each once."""

WITHOUT_A_CALL = ("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms")
"""[D AS] What Application Auto Scaling does in the caller's name when a target tracking policy is put or deleted."""
WITHOUT_PERMISSION = ("GetCallerIdentity",)
"""[D] API reference of STS: everybody may call it, and no policy can forbid it."""
READINGS: tuple[dict[str, t.Any], ...] = ({}, {"deployment": "default"})


def prepare(world: World, journey: Journey) -> None:
    """The journey's start, in an account in which others have an endpoint too."""
    journey.prepare(world)
    make_by_hand(world, "theirs", [])
    world.simulator.clear_journal()


def planned(world: World) -> list[dict[str, t.Any]]:
    """The calls of check mode over all journeys."""
    return [entry for journey in _all() for entry in calls(world, journey, journey.plan)]


def applied(world: World) -> list[dict[str, t.Any]]:
    """The calls of all journeys."""
    return [entry for journey in _all() for entry in calls(world, journey, journey.act)]


def _all() -> list[Journey]:
    return [*journeys(), *without_the_index()]


def looked_at(world: World) -> list[dict[str, t.Any]]:
    """The calls of sagemaker_inference_info, and so of the export, on what each journey starts from."""
    return [entry for journey in journeys() for entry in read(world, journey)]


def read(world: World, journey: Journey) -> list[dict[str, t.Any]]:
    prepare(world, journey)
    world.client("cloudwatch").put_metric_alarm(
        AlarmName="theirs",
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Dimensions=[{"Name": "EndpointName", "Value": "theirs-e"}, {"Name": "VariantName", "Value": "v"}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    world.simulator.clear_journal()
    for options in READINGS:
        assert not info(world, **options)["warnings"]
    return world.simulator.journal()


def calls(world: World, journey: Journey, act: t.Callable[[World], t.Any]) -> list[dict[str, t.Any]]:
    prepare(world, journey)
    assert not act(world).error
    return world.simulator.journal()


def needed(entries: t.Iterable[dict[str, t.Any]]) -> Needed:
    """What these calls needed."""
    found: Needed = {}
    for entry in (each for each in entries if each["operation"] not in WITHOUT_PERMISSION):
        place = (entry["region"], entry["account"])
        for need in needs(entry["service"], entry["operation"], entry["parameters"], *place):
            found.setdefault(need.action, set()).update(need.resources)
    return found


def document(found: Needed, seen: Narrowing, wanted: Narrowing) -> Document:
    """The policy for the inventory *wanted*, where *seen* are the names with which the calls were watched."""
    by_resources: dict[tuple[str, ...], list[str]] = {}
    for action in sorted(found):
        resources = _resources(action, found[action], seen, wanted)
        by_resources.setdefault(tuple(resources), []).append(action)
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": list(resources)}
        for resources, actions in sorted(by_resources.items())
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _resources(action: str, touched: set[str], seen: Narrowing, wanted: Narrowing) -> list[str]:
    """Names where only declared ones were touched, a whole type where the run has to look at those of others."""
    if not touched:
        return ["*"]
    if action == "iam:PassRole":
        return wanted.roles
    kinds = sorted({_kind(arn) for arn in touched if arn != ANY})
    if not kinds:
        return [wanted.everything("endpoint-config")]
    resources: list[str] = []
    for kind in kinds:
        narrow = seen.of_type(kind)
        strangers = [
            arn
            for arn in touched
            if arn != ANY and _kind(arn) == kind and not any(fnmatchcase(arn, pattern) for pattern in narrow)
        ]
        resources += [wanted.everything(kind)] if strangers else wanted.of_type(kind)
    if action in WITHOUT_A_CALL:
        resources += wanted.tracking_alarms
    return resources


def _kind(arn: str) -> str:
    resource = arn.split(":", 5)[5]
    return "alarm" if resource.startswith("alarm:") else resource.partition("/")[0]


def watched(account: str) -> Narrowing:
    """The names that the journeys declare."""
    declared: Inventory = {
        "models": {name: {"iam_role_arn": ROLE} for name in "mn"},
        "endpoints": {name: {} for name in "efgh"},
    }
    return Narrowing(declared, REGION, account)
