# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""UpdateEndpoint: what it refuses, what it keeps, how it ends."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.testing import ROLE, Aws, provisioned, refusal, serverless

COUNT = {"VariantPropertyType": "DesiredInstanceCount"}
WEIGHT = {"VariantPropertyType": "DesiredWeight"}
CAPTURE = {"VariantPropertyType": "DataCaptureConfig"}


@pytest.fixture
def live(aws: Aws) -> Aws:
    """An endpoint on "config", a configuration "next" beside it."""
    aws.model()
    aws.config()
    aws.config("next", provisioned(InitialInstanceCount=1, InitialVariantWeight=3))
    aws.endpoint()
    return aws


def _update(aws: Aws, config: str = "next", **params: Any) -> None:
    aws.sagemaker.update_endpoint(EndpointName="endpoint", EndpointConfigName=config, **params)


def _refused(aws: Aws, config: str = "next", **params: Any) -> str:
    code, message = refusal(aws.sagemaker.update_endpoint, EndpointName="endpoint", EndpointConfigName=config, **params)
    assert code == "ValidationException"
    return message


def _scale(aws: Aws, **change: Any) -> None:
    changes = [{"VariantName": "main", **change}]
    aws.sagemaker.update_endpoint_weights_and_capacities(EndpointName="endpoint", DesiredWeightsAndCapacities=changes)
    aws.settle()


def _main(aws: Aws) -> dict[str, Any]:
    variant: dict[str, Any] = aws.describe()["ProductionVariants"][0]
    return variant


def test_goes_through_its_stages(live: Aws) -> None:
    _update(live)
    found = live.describe()
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("Updating", "config")
    assert found["ProductionVariants"][0]["VariantStatus"] == [{"Status": "Updating"}]
    stages = []
    for _time in range(3):
        pending = live.describe()["PendingDeploymentSummary"]
        assert pending["EndpointConfigName"] == "next"
        stages.append(pending["ProductionVariants"][0]["VariantStatus"][0]["Status"])
        live.simulator.advance(20)
    assert stages == ["Creating", "ActivatingTraffic", "Baking"]
    found = live.describe()
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", "next")
    assert "PendingDeploymentSummary" not in found
    assert "VariantStatus" not in found["ProductionVariants"][0]


def test_refuses_the_configuration_in_use(live: Aws) -> None:
    arn = live.arn("sagemaker", "endpoint-config/config")
    expected = f'Cannot update endpoint with the currently in use endpoint configuration "{arn}".'
    assert _refused(live, "config") == expected


def test_refuses_an_unknown_configuration(live: Aws) -> None:
    assert _refused(live, "none").startswith("Could not find endpoint configuration")


def test_refuses_when_the_old_configuration_is_gone(live: Aws) -> None:
    live.sagemaker.delete_endpoint_config(EndpointConfigName="config")
    arn = live.arn("sagemaker", "endpoint-config/config")
    assert _refused(live) == f'Could not find endpoint configuration "{arn}".'


def test_counts_and_weights_are_reset_by_default(live: Aws) -> None:
    _scale(live, DesiredInstanceCount=5, DesiredWeight=7)
    _update(live)
    live.settle()
    assert (_main(live)["CurrentInstanceCount"], _main(live)["CurrentWeight"]) == (1, 3.0)


@pytest.mark.parametrize(
    ("excluded", "count", "weight"),
    [([], 5, 7.0), ([COUNT], 1, 7.0), ([WEIGHT], 5, 3.0), ([COUNT, WEIGHT], 1, 3.0)],
)
def test_retains_what_is_not_excluded(live: Aws, excluded: list[Any], count: int, weight: float) -> None:
    _scale(live, DesiredInstanceCount=5, DesiredWeight=7)
    _update(live, RetainAllVariantProperties=True, ExcludeRetainedVariantProperties=excluded)
    live.settle()
    variant = _main(live)
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (count, count)
    assert (variant["CurrentWeight"], variant["DesiredWeight"]) == (weight, weight)


def test_retains_only_variants_of_the_same_name(live: Aws) -> None:
    live.config("renamed", provisioned("other", InitialInstanceCount=4))
    _scale(live, DesiredInstanceCount=5)
    _update(live, "renamed", RetainAllVariantProperties=True)
    live.settle()
    assert (_main(live)["VariantName"], _main(live)["CurrentInstanceCount"]) == ("other", 4)


def test_exclusions_need_retaining_and_no_data_capture(live: Aws) -> None:
    assert "requires RetainAllVariantProperties" in _refused(live, ExcludeRetainedVariantProperties=[COUNT])
    message = _refused(live, RetainAllVariantProperties=True, ExcludeRetainedVariantProperties=[CAPTURE])
    assert "does not support DataCaptureConfig" in message


def test_switches_of_the_kind_of_endpoint(live: Aws) -> None:
    live.config("serverless", serverless())
    live.config("async", AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://b/o"}})
    assert "to a serverless endpoint" in _refused(live, "serverless")
    assert "asynchronous" in _refused(live, "async")
    live.endpoint("second", "serverless")
    live.sagemaker.update_endpoint(EndpointName="second", EndpointConfigName="next")
    live.settle()
    assert live.describe("second")["EndpointConfigName"] == "next"


def test_no_update_leads_from_models_to_inference_components_or_back(live: Aws) -> None:
    component = {"VariantName": "main", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    live.config("components", component, ExecutionRoleArn=ROLE)
    live.endpoint("second", "components")
    assert live.describe("second")["EndpointStatus"] == "InService"
    live.config("more", {**component, "InitialInstanceCount": 2}, ExecutionRoleArn=ROLE)
    live.sagemaker.update_endpoint(EndpointName="second", EndpointConfigName="more")
    live.settle()
    for endpoint, config in (("endpoint", "components"), ("second", "next")):
        _code, message = refusal(live.sagemaker.update_endpoint, EndpointName=endpoint, EndpointConfigName=config)
        assert message == "Cannot switch an endpoint between models and inference components."


@pytest.mark.parametrize("lost", ["model", "config"])
def test_an_update_that_loses_what_it_needs_is_rollback_task(live: Aws, lost: str) -> None:
    _update(live)
    if lost == "model":
        live.sagemaker.delete_model(ModelName="model")
    else:
        live.sagemaker.delete_endpoint_config(EndpointConfigName="next")
    live.settle()
    found = live.describe()
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", "config")
    assert "Unable to find" in found["FailureReason"]


@pytest.mark.parametrize("reason", [None, "", "no capacity"])
def test_a_failed_update_is_in_service_with_the_old_configuration(live: Aws, reason: str | None) -> None:
    live.simulator.fault("rollout_fails", operation="UpdateEndpoint", name="endpoint", reason=reason)
    _update(live)
    assert live.status() == "Updating"
    live.settle()
    found = live.describe()
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", "config")
    if reason is None:
        assert found["FailureReason"].startswith("Request to service failed")
    else:
        assert found.get("FailureReason", "") == reason


def test_failure_reason_stays_until_the_next_update(live: Aws) -> None:
    live.simulator.fault("rollout_fails", operation="UpdateEndpoint", reason="broken")
    _update(live)
    live.settle()
    assert live.describe()["FailureReason"] == "broken"
    _update(live)
    assert "FailureReason" not in live.describe()
    live.settle()
    assert live.describe()["EndpointConfigName"] == "next"


def test_update_and_rollback_fail(live: Aws) -> None:
    live.simulator.fault("rollback_fails", operation="UpdateEndpoint", reason="both broken")
    _update(live)
    live.settle()
    found = live.describe()
    assert (found["EndpointStatus"], found["FailureReason"]) == ("UpdateRollbackFailed", "both broken")


def test_the_image_is_resolved_anew(live: Aws) -> None:
    before = _main(live)["DeployedImages"][0]["ResolutionTime"]
    _update(live)
    live.settle()
    assert _main(live)["DeployedImages"][0]["ResolutionTime"] > before


def _scaled(aws: Aws, variant: str = "main") -> dict[str, str]:
    identity = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/endpoint/variant/{variant}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    aws.autoscaling.register_scalable_target(MinCapacity=1, MaxCapacity=9, **identity)
    return identity


@pytest.mark.parametrize(
    "variant", [provisioned(InstanceType="ml.m5.xlarge"), provisioned("other")], ids=["type", "removed"]
)
def test_a_scaled_variant_must_be_deregistered_first(live: Aws, variant: dict[str, Any]) -> None:
    live.config("changed", variant)
    identity = _scaled(live)
    assert _refused(live, "changed") == (
        'The variant(s) "[main]" must be deregistered as AutoScaling targets before they can be removed or have '
        "their instance type updated."
    )
    live.autoscaling.deregister_scalable_target(**identity)
    _update(live, "changed")


def test_a_scaled_variant_may_change_its_model(live: Aws) -> None:
    live.model("model-2")
    live.config("changed", provisioned(ModelName="model-2"))
    _scaled(live)
    _update(live, "changed")
