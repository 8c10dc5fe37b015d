# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    LONG_AGO,
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
    "c-pools": {"ProductionVariants": [{"ModelName": "b", "InstancePools": [{"ModelNameOverride": "p"}, {}]}]},
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
    assert sagemaker.users_of_configs(sagemaker.describe_endpoints(region().api())) == {
        "c-plain": {"plain", "twin"},
        "c-old": {"moving"},
        "c-new": {"moving"},
        "c-first": {"starting"},
        "c-shadow": {"shadowed"},
    }


def config(name: str, created: datetime.datetime | None = LONG_AGO) -> sagemaker.Summary:
    return sagemaker.Summary(name, f"arn:{name}", created=created)


def test_models_are_named_in_production_in_shadow_and_in_pools_whether_served_or_not() -> None:
    named = sagemaker.configs_naming_models(region().api(), [config(name) for name in [*CONFIGS, "vanished"]])
    assert named == {
        "a": {"c-plain", "c-old"},
        "b": {"c-plain", "c-shadow", "c-pools"},
        "p": {"c-pools"},
        "a-01234567": {"c-new"},
        "s": {"c-shadow"},
        "unused": {"c-unused"},
    }


def test_a_configuration_is_described_once_in_a_run_unless_it_was_made_again() -> None:
    aws = region()
    api = aws.api()
    for _time in range(2):
        sagemaker.configs_naming_models(api, [config("c-plain"), config("c-old")])
    assert len(aws.named("DescribeEndpointConfig")) == 2
    sagemaker.configs_naming_models(api, [config("c-plain", LONG_AGO + datetime.timedelta(seconds=1))])
    sagemaker.configs_naming_models(api, [config("c-old", None)])
    assert len(aws.named("DescribeEndpointConfig")) == 4


@pytest.mark.parametrize("operation", ["ListEndpoints", "DescribeEndpoint"])
def test_who_may_not_look_does_not_find_that_nobody_uses_it(operation: str) -> None:
    aws = region(**{operation: client_error("AccessDeniedException", "no")})
    with pytest.raises(CallFailed, match=f"{operation}: AccessDeniedException"):
        sagemaker.users_of_configs(sagemaker.describe_endpoints(aws.api()))


def test_who_may_not_look_into_a_configuration_does_not_find_that_it_names_no_model() -> None:
    aws = region(DescribeEndpointConfig=client_error("AccessDeniedException", "no"))
    with pytest.raises(CallFailed, match="DescribeEndpointConfig: AccessDeniedException"):
        sagemaker.configs_naming_models(aws.api(), [config("c-plain")])
