# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which steps have created something whose tags are those that were sent."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.apply import Job, made_by
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import as_sent, sent_tags
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Effect,
    Made,
    Plan,
    ResourceId,
    Step,
    Until,
    Wait,
)

TAGS = {"team": "vision", "a": ""}


def create(service: str = "sagemaker", operation: str = "CreateModel", name: str = "ModelName") -> Step:
    return Step(service, operation, {name: "m", "Tags": as_sent(service, TAGS)}, "missing")


def job(*steps: Step | Wait, effect: Effect = Effect.CREATE, answered: bool = True) -> Job:
    found = Job(Plan(ResourceId("model", "m"), effect, steps=steps))
    found.left.clear()
    found.outputs = {step.operation: {} for step in found.plan.calls} if answered else {}
    return found


@pytest.mark.parametrize(
    ("service", "operation", "name"),
    [
        ("sagemaker", "CreateModel", "ModelName"),
        ("cloudwatch", "PutMetricAlarm", "AlarmName"),
        ("application-autoscaling", "RegisterScalableTarget", "ResourceId"),
    ],
)
def test_tags_are_read_from_what_was_sent(service: str, operation: str, name: str) -> None:
    step = create(service, operation, name)
    assert sent_tags([Made((step,))], operation, name) == {"m": TAGS}
    assert sent_tags([Made((step,))], "CreateEndpoint", name) == {}


def test_a_put_without_tags_tells_of_none() -> None:
    step = Step("cloudwatch", "PutMetricAlarm", {"AlarmName": "a"}, "changed")
    assert sent_tags([Made((step,))], "PutMetricAlarm", "AlarmName") == {}


def test_a_job_that_created_its_resource_has_made_it_as_planned() -> None:
    assert made_by(job(create())) == Made((create(),))


def test_the_last_look_counts_if_nothing_followed() -> None:
    wait = Wait("m", Until.IN_SERVICE)
    waited, went_on = job(create(), wait), job(create(), wait, create())
    waited.seen = went_on.seen = {"EndpointStatus": "InService"}
    assert made_by(waited) == Made((create(),), {"EndpointStatus": "InService"})
    assert made_by(went_on) == Made((create(), create()))


TAGGED = Step("sagemaker", "AddTags", {"ResourceArn": "arn", "Tags": []}, "set tags")


@pytest.mark.parametrize(
    "found",
    [
        job(create(), effect=Effect.IN_PLACE),
        job(create(), effect=Effect.REPLACE),
        job(create(), TAGGED),
        job(create(), answered=False),
    ],
)
def test_others_have_not(found: Job) -> None:
    assert made_by(found) is None


@pytest.mark.parametrize(
    "trouble", [{"error": "Denied"}, {"overtaken_by": "busy"}, {"refusals": ["no"]}, {"left": [create()]}]
)
def test_nor_has_one_that_did_not_get_to_its_end(trouble: dict[str, t.Any]) -> None:
    found = job(create())
    for name, value in trouble.items():
        setattr(found, name, value)
    assert made_by(found) is None
