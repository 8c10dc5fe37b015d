# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of AWS in tests/real_answers, and how to make the simulator give them."""

from __future__ import annotations

import json
import re
import typing as t
from datetime import datetime
from pathlib import Path

from botocore import xform_name

from simulator.client import Simulator
from simulator.testing import Aws

Facts = dict[str, t.Any]
Call = tuple[str, str, Facts]

_FOLDER = Path(__file__).resolve().parents[1] / "real_answers"
_SERVICES = {"ScalableTarget": "application-autoscaling", "Scaling": "application-autoscaling", "Alarms": "cloudwatch"}
# What differs with each answer.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def _read(name: str) -> t.Any:
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


ANSWERS: list[Facts] = _read("answers")
ERRORS: list[Facts] = _read("errors")
REQUESTS: dict[str, Facts] = _read("requests")


def service_of(operation: str) -> str:
    return next((service for part, service in _SERVICES.items() if part in operation), "sagemaker")


def in_region(value: t.Any, old: str, new: str) -> t.Any:
    """The same, with everything in another region."""
    return json.loads(json.dumps(value).replace(old, new))


def make(clients: t.Callable[[str], t.Any], settle: t.Callable[[], object], calls: t.Iterable[Call]) -> None:
    """Makes the calls, each once the one before has come to its end; ``<Member>`` is what one has answered."""
    answered: dict[str, str] = {}
    for service, operation, parameters in calls:
        text = json.dumps(parameters)
        for member, value in answered.items():
            text = text.replace(f"<{member}>", value)
        answer = getattr(clients(service), xform_name(operation))(**json.loads(text))
        answered |= {member: value for member, value in answer.items() if isinstance(value, str)}
        settle()


def account(simulator: Simulator, region: str, given: t.Iterable[Call], *, is_busy: bool = False) -> Aws:
    """An account in which these calls were made; unless it is busy, all work has ended."""
    simulator.reset()
    aws = Aws(simulator, region)
    make(aws.client, (lambda: None) if is_busy else aws.settle, given)
    return aws


def ask(aws: Aws, operation: str, parameters: Facts) -> Facts:
    answer: Facts = getattr(aws.client(service_of(operation)), xform_name(operation))(**parameters)
    return {member: value for member, value in answer.items() if member != "ResponseMetadata"}


def comparable(value: t.Any, left_out: t.Container[str] = ()) -> t.Any:
    """The answer without what differs each time: moments, identifiers, digests, the order of lists of named things."""
    if isinstance(value, dict):
        return {
            name: "a moment" if name.endswith("Time") else comparable(inner, left_out)
            for name, inner in value.items()
            if name not in left_out
        }
    if isinstance(value, list):
        return sorted((comparable(each, left_out) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, str):
        return _DIGEST.sub("a digest", _UUID.sub("a uuid", value))
    return str(value) if isinstance(value, datetime) else value
