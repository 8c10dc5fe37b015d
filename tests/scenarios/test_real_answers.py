# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of AWS from public sources, compared with the simulator and with the readers of the collection."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import autoscaling, sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.retries import retry_seconds
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.service_model import service_model
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import Rules
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import differences
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.requests import sent_members
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources import (
    model_requests,
    policies,
    scaling_state,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import config
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import (
    live_capacity as in_place,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.policies import PUT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling_state import (
    REGISTER,
    LiveScaling,
)
from botocore.model import ListShape, MapShape, Shape, StructureShape

from simulator.client import Simulator
from simulator.operations import OPERATIONS
from simulator.testing import refusal

from .exports import as_read, info
from .harness import REGION, World
from .real_answers import ANSWERS, ERRORS, REQUESTS, Facts, account, ask, comparable, in_region, make, service_of
from .refereed import Refereed

SIMULATED = [each for each in ANSWERS if "deployment" in each]
REFUSED = [each for each in ERRORS if "asked" in each]
WITH_ENDPOINT = [name for name, each in REQUESTS.items() if any(call[1] == "CreateEndpoint" for call in each["calls"])]


def named(facts: Facts) -> str:
    return " ".join(str(facts.get(member, "")) for member in ("operation", "deployment", "circumstances", "date"))


@pytest.mark.parametrize("facts", SIMULATED, ids=named)
def test_the_simulator_answers_as_aws_has(judged: Simulator, facts: Facts) -> None:
    made = REQUESTS[facts["deployment"]]
    left_out = facts.get("left_out", {})
    found = ask(account(judged, made["region"], made["calls"]), facts["operation"], facts["asked"])
    assert comparable(found, left_out) == comparable(facts["answer"], left_out)
    assert comparable(facts["answer"], left_out) == comparable(facts["answer"]), "what is left out is there"


@pytest.mark.parametrize("facts", REFUSED, ids=named)
def test_the_simulator_refuses_as_aws_has(judged: Simulator, facts: Facts) -> None:
    aws = account(judged, "us-east-1", facts["given"], is_busy=facts.get("is_busy", False))
    for instance_type, limit in facts.get("quota", {}).items():
        judged.quota(instance_type, limit)
    code, message = refusal(lambda **asked: ask(aws, facts["operation"], asked), **facts["asked"])
    assert code == facts["code"]
    start, elided, end = facts["message"].partition("...")
    assert message.startswith(start)
    assert message.endswith(end)
    assert elided or "cut" in facts or message == facts["message"]


def test_what_is_not_simulated_says_why() -> None:
    """Of answers, only what the simulator does not know at all."""
    for each in ANSWERS:
        is_known = each["operation"] in OPERATIONS[service_of(each["operation"])]
        assert ("deployment" in each) == is_known != bool(each.get("not_simulated"))
    for each in ERRORS:
        assert ("asked" in each) != bool(each.get("not_simulated"))


@pytest.mark.parametrize("facts", ERRORS, ids=named)
def test_the_product_takes_errors_for_what_they_are(facts: Facts) -> None:
    failure = CallFailed(facts["operation"], facts["code"], facts["message"])
    is_passing = retry_seconds(failure.operation, failure.code, failure.message) > 0
    means = {"missing": failure.is_missing, "overtaken": failure.is_overtaken, "passing": is_passing}
    assert [word for word, holds in means.items() if holds] == sorted(facts["means"], key=list(means).index)


@pytest.mark.parametrize("facts", ANSWERS, ids=named)
def test_the_service_model_knows_every_member(facts: Facts) -> None:
    """So botocore parses the answer whole."""
    operation = service_model(service_of(facts["operation"])).operation_model(facts["operation"])
    assert unknown(operation.output_shape, facts["answer"]) == []


def unknown(shape: Shape | None, value: t.Any) -> list[str]:
    if isinstance(shape, StructureShape):
        found = [name for name in value if name not in shape.members]
        return found + [name for each in value.keys() - found for name in unknown(shape.members[each], value[each])]
    if isinstance(shape, ListShape):
        return [name for each in value for name in unknown(shape.member, each)]
    if isinstance(shape, MapShape):
        return [name for each in value.values() for name in unknown(shape.value, each)]
    return []


def requested(facts: Facts, operation: str) -> list[Facts]:
    return [params for _service, each, params in REQUESTS[facts["deployment"]]["calls"] if each == operation]


def read_config(facts: Facts) -> list[tuple[Rules, Facts, Facts]]:
    (request,) = requested(facts, config.CREATE)
    return [(config.RULES, sent_members(sagemaker.SERVICE, config.CREATE, facts["answer"]), request)]


def read_model(facts: Facts) -> list[tuple[Rules, Facts, Facts]]:
    (request,) = requested(facts, model_requests.CREATE)
    found = sent_members(sagemaker.SERVICE, model_requests.CREATE, facts["answer"])
    return [(model_requests.RULES, model_requests.normalised(found), model_requests.normalised(request))]


def read_endpoint(facts: Facts) -> list[tuple[Rules, Facts, Facts]]:
    """The configuration with what is live of counts, weights and concurrency."""
    (request,) = requested(facts, config.CREATE)
    return [(config.RULES, in_place.with_live_capacity(request, facts["answer"]), request)]


def read_targets(facts: Facts) -> list[tuple[Rules, Facts, Facts]]:
    (request,) = requested(facts, REGISTER)
    (target,) = facts["answer"]["ScalableTargets"]
    # The answers that are quoted leave its ARN out.
    found = LiveScaling.from_description({"ScalableTargetARN": "", **target})
    return [(scaling_state.TARGET_RULES, found.target, request)]


def read_policies(facts: Facts) -> list[tuple[Rules, Facts, Facts]]:
    requests = {each["PolicyName"]: each for each in requested(facts, PUT)}
    found = [sent_members(autoscaling.SERVICE, PUT, each) for each in facts["answer"]["ScalingPolicies"]]
    assert {each["PolicyName"] for each in found} == requests.keys()
    return [(policies.RULES, each, requests[each["PolicyName"]]) for each in found]


READERS: dict[str, t.Callable[[Facts], list[tuple[Rules, Facts, Facts]]]] = {
    "DescribeEndpointConfig": read_config,
    "DescribeModel": read_model,
    "DescribeEndpoint": read_endpoint,
    "DescribeScalableTargets": read_targets,
    "DescribeScalingPolicies": read_policies,
}


@pytest.mark.parametrize("facts", SIMULATED, ids=named)
def test_an_answer_is_read_as_the_request_that_made_it(facts: Facts) -> None:
    pairs = READERS[facts["operation"]](facts)
    assert pairs
    for rules, found, request in pairs:
        assert differences(rules, found, request) == ()


@pytest.mark.parametrize("name", WITH_ENDPOINT)
def test_what_is_exported_of_it_changes_nothing(judged: Refereed, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Tags apart, which make it ours; what the inventory cannot express of it is reported, and refused.

    The configurations have other names than an inventory gives, for which the page's policies have to be widened.
    """
    world = World(judged, monkeypatch, is_bound=False)
    calls = in_region(REQUESTS[name]["calls"], REQUESTS[name]["region"], REGION)
    make(world.client, lambda: world.simulator.advance(100), calls)
    (endpoint,) = (call[2]["EndpointName"] for call in calls if call[1] == "CreateEndpoint")
    found = info(world, endpoint_names=[endpoint])
    would_change = [each["path"] for each in found["not_expressed"] if each["would_change"]]
    known = tuple(REQUESTS[name].get("would_change", {}))
    assert all(path.startswith(known) for path in would_change), would_change
    planned = world.apply(as_read(found["inventory"]), check=True)
    assert bool(planned.error) == bool(would_change)
    assert planned.effects <= {"no change", "tags only"}, planned.diff
