# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals that say that a resource is not as it was read: others were at work, or an answer was lost."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.apply import Job, apply
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Effect,
    Plan,
    Recovery,
    Step,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    FakeAws,
    FakeClock,
    client_error,
    resource_of,
)

SERVICE = "sagemaker"
IN_PROGRESS = 'Cannot update in-progress endpoint "arn".'
OVERTAKEN = [
    ("CreateModel", 'Cannot create already existing model "arn".'),
    ("CreateEndpointConfig", 'Cannot create already existing endpoint configuration "arn".'),
    ("CreateEndpoint", 'Cannot create already existing endpoint "arn".'),
    ("RegisterScalableTarget", "The scalable target that you tried to tag already exists. To update tags, use x."),
    ("UpdateEndpoint", IN_PROGRESS),
    ("UpdateEndpoint", 'Cannot update endpoint with the currently in use endpoint configuration "arn".'),
    ("UpdateEndpointWeightsAndCapacities", IN_PROGRESS),
    ("DeleteEndpoint", IN_PROGRESS),
]
RECOVERY = Recovery("autoscaling of variant v", (Step(SERVICE, "RegisterScalableTarget", {}, "restored"),))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


def run(aws: FakeAws, operation: str) -> Job:
    refused = Step(SERVICE, operation, {}, "wanted", RECOVERY)
    plan = Plan(resource_of("thing"), Effect.CREATE, steps=(refused, Step(SERVICE, "AddTags", {}, "wanted")))
    (job,) = apply(aws.api(), [plan])
    assert aws.named("AddTags") == []
    return job


@pytest.mark.parametrize("retries", [0, 1])
@pytest.mark.parametrize(("operation", "message"), OVERTAKEN)
def test_the_resource_is_to_be_planned_again(operation: str, message: str, retries: int, clock: FakeClock) -> None:
    aws = FakeAws(**{operation: client_error("ValidationException", message, retries)})
    job = run(aws, operation)
    assert (job.error, job.is_overtaken, job.to_restore) == (None, True, RECOVERY)
    assert job.has_written == bool(retries)
    assert len(aws.calls) == 1
    assert clock.sleeps


@pytest.mark.parametrize(("operation", "message"), [("DeleteModel", IN_PROGRESS), ("CreateModel", "no such role")])
def test_every_other_refusal_fails_and_is_made_good(operation: str, message: str) -> None:
    aws = FakeAws(**{operation: client_error("ValidationException", message, 1)})
    job = run(aws, operation)
    assert (
        job.error
        == f"{operation}: ValidationException: {message.removesuffix('.')}; autoscaling of variant v was restored"
    )
    assert not job.is_overtaken
    assert [called for called, _parameters in aws.calls] == [operation, "RegisterScalableTarget"]


def test_a_recovery_that_fails_says_so_after_the_first_cause() -> None:
    denied = client_error("AccessDeniedException", "no")
    job = run(FakeAws(UpdateEndpoint=denied, RegisterScalableTarget=denied), "UpdateEndpoint")
    assert job.error == (
        "UpdateEndpoint: AccessDeniedException: no; autoscaling of variant v is missing and could not be restored; "
        "the next run tries again: RegisterScalableTarget: AccessDeniedException: no"
    )


def test_what_somebody_has_restored_meanwhile_is_restored() -> None:
    exists = client_error("ValidationException", "The scalable target that you tried to tag already exists.")
    denied = client_error("AccessDeniedException", "no")
    job = run(FakeAws(UpdateEndpoint=denied, RegisterScalableTarget=exists), "UpdateEndpoint")
    assert str(job.error).endswith("autoscaling of variant v was restored")
