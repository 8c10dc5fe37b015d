# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line for one cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.causes import (
    CAUSES,
    cause_of,
    with_advice,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.failure_lines import (
    Failed,
    failure_lines,
)

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "troubleshooting.md").read_text()
NO_CREDENTIALS = "Unable to locate credentials"
DENIED = "AccessDeniedException: User: u is not authorized to perform: sagemaker:{0} on resource: arn:{1}"


def of(plural: str, errors: dict[str, str]) -> list[Failed]:
    return [Failed(plural, name, error) for name, error in errors.items()]


def lines(failed: list[Failed], *others: str, **totals: int) -> list[str]:
    return ["\n- ".join(group) for group in failure_lines(failed, totals, others)]


def test_a_few_failures_have_a_line_each() -> None:
    failed = of("endpoints", {"a": "no capacity", "b": "no capacity", "c": "timed out"})
    assert lines(failed, "old e: z", endpoints=5) == [
        "3 of 5 endpoints failed:\n- a: no capacity\n- b: no capacity\n- c: timed out",
        "old e: z",
    ]


def test_many_that_fail_alike_are_counted() -> None:
    names = [f"e{number}" for number in range(500)]
    failed = of("endpoints", {name: f"Failed: no capacity; log group /endpoints/{name}" for name in names})
    failed.append(Failed("endpoints", "other", "timed out"))
    assert lines(failed, endpoints=501) == [
        "500 of 501 endpoints failed with the same cause: Failed: no capacity; log group /endpoints/…; "
        "first: e0, e1, e2",
        "1 of 501 endpoints failed:\n- other: timed out",
    ]


def test_a_generation_of_its_own_makes_no_other_cause() -> None:
    names = ["a", "b", "c", "d"]
    failed = of("endpoints", {name: f"the update to {name}-0123456{at} failed" for at, name in enumerate(names)})
    assert lines(failed, endpoints=4) == [
        "4 of 4 endpoints failed with the same cause: the update to … failed; first: a, b, c"
    ]


def test_what_is_skipped_for_its_model_is_counted() -> None:
    cause = "skipped: its model failed"
    failed = [Failed("endpoints", name, f"skipped: model m-{name} failed", cause) for name in "abcd"]
    assert lines(failed, endpoints=4) == [
        "4 of 4 endpoints failed with the same cause: skipped: its model failed; first: a, b, c"
    ]


def test_a_cause_of_the_host_is_reported_once_for_all_kinds_with_what_helps() -> None:
    failed = [
        *of("models", {"m": f"ListModels: {NO_CREDENTIALS}"}),
        *of("endpoints", {"e": f"DescribeEndpoint: {NO_CREDENTIALS}", "f": f"DescribeEndpoint: {NO_CREDENTIALS}"}),
    ]
    (line,) = lines(failed, models=1, endpoints=2)
    assert line.startswith("no AWS credentials were found: set sagemaker_inference_profile, or AWS_ACCESS_KEY_ID")
    assert line.endswith(f"(ListModels: {NO_CREDENTIALS}); failed: 1 model, 2 endpoints, first: m, e, f")


def test_each_operation_that_is_denied_is_reported_once() -> None:
    failed = of("models", {name: f"CreateModel: {DENIED.format('CreateModel', name)}" for name in "mn"})
    failed += of("endpoints", {"e": f"CreateEndpoint: {DENIED.format('CreateEndpoint', 'e')}"})
    first, second = lines(failed, models=2, endpoints=1)
    assert first.startswith(
        "the credentials lack a permission: grant the credentials of the run the permissions that the page"
    )
    assert "perform: sagemaker:CreateModel" in first
    assert first.endswith("failed: 2 models, first: m, n")
    assert second.endswith("failed: 1 endpoint, first: e")


def test_what_a_failure_leaves_behind_is_reported_for_each() -> None:
    left = "autoscaling of variant v is missing; the next run restores it"
    failed = of("endpoints", {"a": f"UpdateEndpoint: {DENIED.format('U', 'a')}"})
    failed += of("endpoints", {"b": f"UpdateEndpoint: {DENIED.format('U', 'b')}; {left}"})
    first, second = lines(failed, endpoints=2)
    assert left not in first
    assert left in second


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (NO_CREDENTIALS, "no AWS credentials were found"),
        ("The config profile (x) could not be found", "the profile of the AWS configuration was not found"),
        ("You must specify a region.", "no region is set"),
        ("ListModels: ExpiredTokenException: The security token included in the request is expired",
         "the AWS credentials have expired"),
        ("ListModels: UnrecognizedClientException: The security token is invalid",
         "AWS does not accept the credentials"),
        ("ListModels: Error loading SSO Token: Token for work does not exist", "the AWS credentials have expired"),
        ("ListModels: OptInRequired: The AWS Access Key Id needs a subscription",
         "AWS does not accept the credentials"),
        ("ListModels: MissingAuthenticationTokenException: Missing Authentication Token",
         "AWS does not accept the credentials"),
        ("CreateModel: NotAuthorized: You do not have permission to perform this action.",
         "the credentials lack a permission"),
        ('ListModels: Could not connect to the endpoint URL: "https://x/"', "AWS cannot be reached"),
        (f"CreateModel: {DENIED.format('CreateModel', 'm')}", "the credentials lack a permission"),
    ],
)  # fmt: skip
def test_a_cause_is_known_by_the_words_of_aws(error: str, title: str) -> None:
    found = cause_of(error)
    assert found is not None
    assert found[0].title == title
    message = with_advice(error)
    assert message == with_advice(message) == f"{title}: {found[0].advice} ({error})"


def test_every_cause_is_on_the_page() -> None:
    assert [cause.title for cause in CAUSES if f"### `{cause.title}`" not in PAGE] == []


def test_other_errors_stay_as_they_are() -> None:
    assert with_advice("ThrottlingException: slow down") == "ThrottlingException: slow down"
