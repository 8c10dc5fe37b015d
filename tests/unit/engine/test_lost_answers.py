# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that AWS has accepted, but botocore sent again, since the answer was lost."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.apply import Job, apply
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import (
    Effect,
    Output,
    Plan,
    Step,
    Until,
    Wait,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import FakeAws, client_error

SERVICE = "sagemaker"
IN_PROGRESS = 'Cannot update in-progress endpoint "arn".'
EXISTS = 'Cannot create already existing endpoint configuration "arn".'
ECHOES = [
    ("CreateModel", 'Cannot create already existing model "arn".'),
    ("CreateEndpointConfig", EXISTS),
    ("CreateEndpoint", 'Cannot create already existing endpoint "arn".'),
    ("RegisterScalableTarget", "The scalable target that you tried to tag already exists. To update tags, use x."),
    ("UpdateEndpoint", IN_PROGRESS),
    ("UpdateEndpointWeightsAndCapacities", IN_PROGRESS),
]
LAST = Step(SERVICE, "AddTags", {}, "wanted")


def run(operation: str, message: str, retries: int, last: Step | Wait = LAST) -> Job:
    aws = FakeAws(**{operation: client_error("ValidationException", message, retries)})
    plan = Plan("thing", Effect.CREATE, steps=(Step(SERVICE, operation, {}, "wanted"), last))
    (job,) = apply(aws.api(), [plan], False, 0)
    assert job.has_written == (("AddTags", {}) in aws.calls)
    return job


@pytest.mark.parametrize(("operation", "message"), ECHOES)
def test_a_retry_that_meets_what_the_first_attempt_has_done_is_fine(operation: str, message: str) -> None:
    job = run(operation, message, retries=1)
    assert (job.error, list(job.left)) == (None, [])


@pytest.mark.parametrize(("operation", "message"), ECHOES)
def test_without_a_retry_it_is_the_work_of_somebody_else(operation: str, message: str) -> None:
    assert run(operation, message, retries=0).error == f"{operation}: ValidationException: {message}"


@pytest.mark.parametrize(("operation", "message"), [("DeleteEndpoint", IN_PROGRESS), ("CreateModel", "no such role")])
def test_every_other_refusal_of_a_retry_fails(operation: str, message: str) -> None:
    assert run(operation, message, retries=1).error


def test_an_answer_that_is_needed_is_not_done_without() -> None:
    tagging = Step(SERVICE, "AddTags", {"ResourceArn": Output("CreateEndpointConfig", "EndpointConfigArn")}, "wanted")
    for last in (tagging, Wait("e", Until.SETTLED, recovery=(tagging,))):
        assert "already existing" in str(run("CreateEndpointConfig", EXISTS, 1, last).error)
