# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import CallFailed
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    Answer,
    FakeAws,
    Options,
    client_error,
    listed_endpoint,
    missing,
)

ENDPOINTS: dict[str, Options] = {
    "plain": {"EndpointConfigName": "c-plain"},
    "twin": {"EndpointConfigName": "c-plain"},
    "moving": {"EndpointConfigName": "c-old", "PendingDeploymentSummary": {"EndpointConfigName": "c-new"}},
    "starting": {"PendingDeploymentSummary": {"EndpointConfigName": "c-first"}},
    "shadowed": {"EndpointConfigName": "c-shadow"},
}
CONFIGS: dict[str, Options] = {
    "c-plain": {"ProductionVariants": [{"ModelName": "a"}, {"ModelName": "b"}]},
    "c-old": {"ProductionVariants": [{"ModelName": "a"}]},
    "c-new": {"ProductionVariants": [{"ModelName": "a-01234567"}]},
    "c-first": {"ProductionVariants": [{"VariantName": "of inference components"}]},
    "c-shadow": {"ProductionVariants": [{"ModelName": "b"}], "ShadowProductionVariants": [{"ModelName": "s"}]},
    "c-unused": {"ProductionVariants": [{"ModelName": "unused"}]},
}


def named(found: dict[str, Options], kind: str, name: str) -> Options:
    if name not in found:
        raise missing(kind)
    return found[name]


def region(**answers: Answer) -> FakeAws:
    def describe_endpoint(**parameters: t.Any) -> Options:
        return {"EndpointName": parameters["EndpointName"], **named(ENDPOINTS, "endpoint", parameters["EndpointName"])}

    def describe_config(**parameters: t.Any) -> Options:
        return named(CONFIGS, "endpoint configuration", parameters["EndpointConfigName"])

    listed = [listed_endpoint(name, "InService") for name in [*ENDPOINTS, "vanishing"]]
    script: dict[str, Answer] = {
        "ListEndpoints": [{"Endpoints": listed[:2], "NextToken": "x"}, {"Endpoints": listed[2:]}],
        "DescribeEndpoint": describe_endpoint,
        "DescribeEndpointConfig": describe_config,
    }
    return FakeAws(**{**script, **answers})


def test_configurations_are_used_by_what_serves_them_or_is_moving_to_them() -> None:
    assert sagemaker.users_of_configs(region().api()) == {
        "c-plain": {"plain", "twin"},
        "c-old": {"moving"},
        "c-new": {"moving"},
        "c-first": {"starting"},
        "c-shadow": {"shadowed"},
    }


def test_models_are_used_in_production_in_shadow_and_in_rollouts() -> None:
    aws = region()
    assert sagemaker.users_of_models(aws.api()) == {
        "a": {"plain", "twin", "moving"},
        "b": {"plain", "twin", "shadowed"},
        "a-01234567": {"moving"},
        "s": {"shadowed"},
    }
    assert len(aws.named("DescribeEndpointConfig")) == 5


def test_a_configuration_that_was_deleted_under_its_endpoint_names_no_models() -> None:
    aws = region(DescribeEndpointConfig=missing("endpoint configuration"))
    assert sagemaker.users_of_models(aws.api()) == {}


@pytest.mark.parametrize("operation", ["ListEndpoints", "DescribeEndpoint", "DescribeEndpointConfig"])
def test_who_may_not_look_does_not_find_that_nobody_uses_it(operation: str) -> None:
    aws = region(**{operation: client_error("AccessDeniedException", "no")})
    with pytest.raises(CallFailed, match=f"{operation}: AccessDeniedException"):
        sagemaker.users_of_models(aws.api())
