# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line for one cause, with what helps: of a whole host, and of many resources that fail alike."""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from .conftest import ACCESS_KEY, Outcome, Workplace
from .samples import COLLECTION
from .test_failures import fleet

NOBODY = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
NAMES = ("a", "b", "c", "d")
ROLE = {"ansible.builtin.import_role": {"name": f"{COLLECTION}.sagemaker_inference"}}


def message(outcome: Outcome) -> str:
    """Of the task that fails."""
    assert outcome.returncode == 2, outcome.output
    (found,) = re.findall(r"fatal: \[account\]: FAILED! => (.*)", outcome.output)
    return t.cast("str", json.loads(found)["msg"])


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (NOBODY, "no AWS credentials were found: set sagemaker_inference_profile, or AWS_ACCESS_KEY_ID"),
        ({"AWS_DEFAULT_REGION": "", "AWS_REGION": ""}, "no region is set: set sagemaker_inference_region"),
    ],
    ids=["credentials", "region"],
)
@pytest.mark.parametrize("playbook", ["apply", "destroy"])
def test_a_cause_of_the_host_is_reported_once(
    workplace: Workplace,
    documented_example: dict[str, t.Any],
    playbook: str,
    environment: dict[str, str],
    expected: str,
) -> None:
    workplace.declare(**fleet(documented_example, *NAMES))
    outcome = workplace.run(playbook, environment=environment)
    found = message(outcome)
    assert "[WARNING]: could not look" not in outcome.output
    assert "[DEPRECATION WARNING]" not in outcome.output
    assert found.count(expected) == 1, found
    assert len(found.splitlines()) == 1, found
    assert workplace.simulator.journal() == []


@pytest.mark.parametrize("state", ["present", "absent"])
def test_that_there_is_no_way_to_aws_is_reported_once(
    workplace: Workplace, documented_example: dict[str, t.Any], state: str
) -> None:
    """With one attempt for each call: with all that users have, it takes half a minute."""
    workplace.declare(**fleet(documented_example, *NAMES), sagemaker_inference_state=state)
    once = {"aws_config": {"retries": {"total_max_attempts": 1}}}
    deserted = workplace.play(
        ROLE,
        environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        module_defaults={f"group/{COLLECTION}.all": once},
    )
    found = message(deserted)
    assert "[WARNING]: could not look" not in deserted.output
    assert found.count("AWS cannot be reached: check") == 1, found
    assert len(found.splitlines()) == 1, found
    assert workplace.simulator.journal() == []


def test_a_permission_is_reported_once(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**fleet(documented_example, *NAMES))
    workplace.simulator.fault("access_denied", operation="CreateEndpoint", count=None)
    outcome = workplace.run("apply")
    found = message(outcome)
    assert found.count("AccessDenied") == 1, found
    assert found.startswith(
        "the credentials lack a permission: grant the credentials of the run the permissions that the page"
    )
    assert found.endswith("failed: 4 endpoints, first: a, b, c")


def test_expired_credentials_are_reported_once(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**fleet(documented_example, *NAMES))
    workplace.simulator.fault("expired_token", count=None)
    found = message(workplace.run("apply"))
    assert found.count("the AWS credentials have expired: sign in again") == 1, found


def test_many_that_fail_alike_are_counted_and_the_result_has_them_all(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**fleet(documented_example, *NAMES))
    for name in NAMES:
        workplace.simulator.fault("rollout_fails", name=name, reason="no capacity")
    errors = {"ansible.builtin.set_stats": {"data": {"errors": "{{ sagemaker_inference_result.errors }}"}}}
    outcome = workplace.play({"block": [ROLE], "always": [errors]})
    found = message(outcome)
    assert found.startswith("4 of 4 endpoints failed with the same cause: the endpoint is Failed: no capacity;"), found
    assert found.endswith("; first: a, b, c")
    assert [each.partition(": ")[0] for each in outcome.statistics["errors"]] == list(NAMES)


def test_a_policy_that_does_not_fit_is_named_with_its_path_and_the_remedy(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example)
    (endpoint,) = documented_example["endpoints"].values()
    variants = endpoint["provisioned"]["production_variants"]
    (name,) = variants
    variants["other"] = variants[name] | {"model_name": name}
    endpoint["deployment"] = {"strategy": "canary", "size": "50%", "wait_interval": "10 minutes"}
    workplace.declare(**documented_example)
    found = message(workplace.run("apply"))
    assert (
        "endpoints.realtime-endpoint.deployment (the module's deployment_config): AWS needs the same variants" in found
    )
    assert "remove it from the endpoint for this run" in found
    assert ACCESS_KEY not in found
