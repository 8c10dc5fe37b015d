# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of the export on the simulator: what is exported and applied changes nothing."""

from __future__ import annotations

import collections
import itertools
import json
import re
import types
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from ansible_collections.friendsofansible.sagemaker.plugins.modules import sagemaker_inference_info
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.inventories import INVENTORIES
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import EVERYTHING
from hypothesis import HealthCheck, Phase, given, settings

from simulator.client import Simulator

from .harness import Ended, Options, World
from .inventories import ERRORS, Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .test_random_walk import INVENTORIES as SUCCESSIVE
from .test_scenarios import endpoint, scaling_of_others, set_capacity

ACCOUNTS = (f"7{number:011}" for number in itertools.count(1))
SETTINGS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
SCALED = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS)))
SECRET = "correct horse"


def info(world: World, **options: t.Any) -> Options:
    """The result of sagemaker_inference_info, by default of what the deployment of these tests owns."""

    def end(**answer: t.Any) -> t.NoReturn:
        raise Ended(**answer)

    told: list[str] = []
    module = types.SimpleNamespace(
        params={"endpoint_names": None, "deployment": None, "include_environment": True, "parallelism": 1} | options,
        client=lambda service, **_config: world.client(service),
        exit_json=end,
        fail_json=end,
        warn=told.append,
    )
    with pytest.raises(Ended) as ended:
        sagemaker_inference_info.run(t.cast("t.Any", module))
    return json.loads(json.dumps(ended.value.result | {"warnings": told}))


def exported(world: World, **options: t.Any) -> Inventory:
    """The inventory as Ansible reads it from a file; it says everything."""
    found = info(world, **options)
    assert found["not_expressed"] == []
    return t.cast("Inventory", as_read(found["inventory"]))


def as_read(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: as_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_read(inner) for inner in value]
    return re.sub(r"{{ '({[{%#])' }}", r"\1", value) if isinstance(value, str) else value


def assert_changes_nothing(world: World, wanted: Inventory, **options: t.Any) -> None:
    world.simulator.clear_journal()
    for verify in ("tags", "full"):
        foretold = world.apply(wanted, check=True, verify=verify, **options)
        assert not foretold.error
        assert not foretold.changed, foretold.diff
    assert world.simulator.writes() == []


def test_every_key_of_the_schema_is_exported_as_it_was(world: World) -> None:
    assert not world.apply(EVERYTHING).error
    found = exported(world, deployment="default")
    assert_changes_nothing(world, found)
    assert {name: list(part) for name, part in found.items()} == {
        "models": sorted(EVERYTHING["models"]),
        "endpoints": sorted(EVERYTHING["endpoints"]),
        "additional_tags_all": ["stage"],
    }


def test_whatever_our_runs_make_is_exported_as_it_was(server: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reset()

    @SETTINGS
    @given(INVENTORIES)
    def export(wanted: Inventory) -> None:
        world = World(server, monkeypatch, next(ACCOUNTS))
        assert not world.apply(wanted).error
        world.simulator.advance(100)
        found = exported(world, deployment="default")
        assert_changes_nothing(world, found)
        assert found["models"].keys() == wanted["models"].keys()

    export()


def test_whatever_our_runs_make_of_what_they_have_made_is(server: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generations, replacements, and counts and weights that were changed in place."""
    server.reset()

    @SETTINGS
    @given(SUCCESSIVE, SUCCESSIVE)
    def export(before: Inventory, after: Inventory) -> None:
        world = World(server, monkeypatch, next(ACCOUNTS))
        assert not world.apply(before).error
        assert not world.apply(after, allow_replace=True).error
        # Endpoints that are no longer declared may serve older generations.
        found = info(world, endpoint_names=list(after["endpoints"]))
        assert not any(each["would_change"] for each in found["not_expressed"])
        assert_changes_nothing(world, as_read(found["inventory"]))

    export()


def scaling(world: World, operation: str, **parameters: t.Any) -> None:
    client = world.client("application-autoscaling")
    key = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/e/variant/v"}
    dimension = {"ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    getattr(client, operation)(**key, **dimension, **parameters)


def step_policy(world: World, name: str) -> None:
    steps = {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0}],
    }
    scaling(
        world, "put_scaling_policy", PolicyName=name, PolicyType="StepScaling", StepScalingPolicyConfiguration=steps
    )


def alarm(world: World, name: str, **more: t.Any) -> None:
    request = {
        "AlarmName": name,
        "Namespace": "AWS/SageMaker",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": "v"}],
        "Statistic": "Sum",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 5.0,
        "Period": 60,
        "EvaluationPeriods": 1,
    }
    sent = {name: value for name, value in (request | more).items() if value is not None}
    world.client("cloudwatch").put_metric_alarm(**sent)


def math_alarm(world: World) -> None:
    stat = {"Metric": {"MetricName": "Invocations", "Dimensions": [{"Name": "EndpointName", "Value": "e"}]}}
    query = {"Id": "q", "MetricStat": {**stat, "Period": 60, "Stat": "Sum"}, "ReturnData": True}
    none = dict.fromkeys(("Namespace", "MetricName", "Dimensions", "Statistic", "Period"))
    alarm(world, "e/v/math", **none, Metrics=[query])


def tag_endpoint(world: World, *, only_config: bool = False) -> None:
    client, found = world.client("sagemaker"), endpoint(world)
    config = client.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
    tags = [{"Key": "theirs", "Value": "1"}]
    for arn in [config["EndpointConfigArn"], *([] if only_config else [found["EndpointArn"]])]:
        client.add_tags(ResourceArn=arn, Tags=tags)


# What others do to the endpoint of SCALED, and what of it the inventory does not say: resource, path, whether an apply
# would change it.
FOREIGN: dict[str, tuple[t.Callable[[World], object], list[tuple[str, str, bool]]]] = {
    "scaled by others": (lambda world: set_capacity(world, DesiredInstanceCount=3), []),
    "weights by others": (lambda world: set_capacity(world, DesiredWeight=0.3), []),
    "tags of the endpoint": (
        tag_endpoint,
        [("alarm e/v/errors", "tags.theirs", True), ("scaling endpoint/e/variant/v", "tags.theirs", True)],
    ),
    "tags of the configuration": (
        lambda world: tag_endpoint(world, only_config=True),
        [("endpoint configuration", "tags.theirs", True)],
    ),
    "scaling of others": (
        scaling_of_others,
        [
            ("scaling endpoint/e/variant/v", "scheduled_actions.nightly", False),
            ("scaling endpoint/e/variant/v", "policies.theirs", False),
        ],
    ),
    "a step policy named as ours are": (
        lambda world: step_policy(world, "e/v/steps"),
        [("scaling endpoint/e/variant/v", "policies.e/v/steps", True)],
    ),
    "suspended scaling": (
        lambda world: scaling(world, "register_scalable_target", SuspendedState={"DynamicScalingInSuspended": True}),
        [("scaling endpoint/e/variant/v", "suspended_state.dynamic_scaling_in_suspended", False)],
    ),
    "a wider range": (lambda world: scaling(world, "register_scalable_target", MaxCapacity=9), []),
    "an alarm of others": (lambda world: alarm(world, "theirs"), [("alarm theirs", "", False)]),
    "an alarm named as ours are": (lambda world: alarm(world, "e/v/more"), []),
    "an alarm on another period": (lambda world: alarm(world, "e/v/odd", Period=30), [("alarm e/v/odd", "", False)]),
    "an alarm on mathematics": (math_alarm, [("alarm e/v/math", "", False)]),
    "an alarm of another variant": (lambda world: alarm(world, "e/w/more"), [("alarm e/w/more", "", False)]),
    "an alarm with more to do": (
        lambda world: alarm(world, "e/v/more", InsufficientDataActions=["arn:aws:sns:eu-west-1:111122223333:t"]),
        [("alarm e/v/more", "insufficient_data_actions", True)],
    ),
    "an alarm on another endpoint": (
        lambda world: alarm(world, "e/v/other", Dimensions=[{"Name": "EndpointName", "Value": "other"}]),
        [],
    ),
    "a muted alarm": (
        lambda world: world.client("cloudwatch").disable_alarm_actions(AlarmNames=["e/v/errors"]),
        [("alarm e/v/errors", "actions_enabled", False)],
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_others_did_is_exported_or_listed(world: World, name: str) -> None:
    """Whatever an apply would change is listed as such, and nothing else is."""
    happen, listed = FOREIGN[name]
    assert not world.apply(SCALED).error
    happen(world)
    found = info(world, deployment="default")
    not_expressed = found["not_expressed"]
    assert [(each["resource"].split(" e-")[0], each["path"], each["would_change"]) for each in not_expressed] == listed
    assert all(each["reason"] for each in not_expressed)
    foretold = world.apply(as_read(found["inventory"]), check=True)
    assert not foretold.error
    would_change = any(would for _resource, _path, would in listed)
    is_adopted = "deployment: default" in foretold.diff
    assert foretold.changed == (would_change or is_adopted), foretold.diff


def make(world: World, variant_more: dict[str, t.Any] | None = None, **more: t.Any) -> None:
    """An endpoint as others make it."""
    client = world.client("sagemaker")
    container = {"ContainerHostname": "main", "Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
    container |= more.pop("container", {})
    role = {"ExecutionRoleArn": "arn:aws:iam::111122223333:role/sagemaker"}
    sent = {name: value for name, value in container.items() if value is not None}
    client.create_model(ModelName="m", Containers=[sent], **(role | more.pop("model", {})))
    one = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(
        EndpointConfigName="e", ProductionVariants=[one | (variant_more or {})], **more.pop("config", {})
    )
    client.create_endpoint(EndpointName="e", EndpointConfigName="e", **more)
    world.simulator.advance(100)


V = "production_variants.v"
# What others have made: how, the paths that the inventory does not say, and whether an apply would change them.
STRANGE: dict[str, tuple[dict[str, t.Any], dict[str, bool]]] = {
    "plain": ({}, {}),
    "routing": (
        {"variant_more": {"RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"}}},
        {f"{V}.routing_config.routing_strategy": True},
    ),
    "an image of one's own AMI": (
        {"variant_more": {"InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2"}},
        {f"{V}.inference_ami_version": True},
    ),
    "metrics": (
        {"config": {"MetricsConfig": {"EnableEnhancedMetrics": True}}},
        {
            "metrics_config.enable_enhanced_metrics": False,
            "metrics_config.enable_detailed_observability": False,
            "metrics_config.metric_publish_frequency_in_seconds": False,
        },
    ),
    "no host name": ({"container": {"ContainerHostname": None}}, {"containers[0].container_hostname": True}),
    "a registry in a VPC": (
        {
            "container": {"ImageConfig": {"RepositoryAccessMode": "Platform"}},
        },
        {"containers[0].image_config.repository_access_mode": False},
    ),
    "a capture that is off": (
        {
            "config": {
                "DataCaptureConfig": {
                    "EnableCapture": False,
                    "InitialSamplingPercentage": 5,
                    "DestinationS3Uri": "s3://bucket/captured",
                    "CaptureOptions": [{"CaptureMode": "Input"}],
                }
            }
        },
        {
            "data_capture_config.enable_capture": True,
            "data_capture_config.initial_sampling_percentage": True,
            "data_capture_config.destination_s3_uri": True,
            "data_capture_config.capture_options.Input": True,
        },
    ),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_others_have_made_is_exported_or_listed(world: World, name: str) -> None:
    made, listed = STRANGE[name]
    make(world, **made)
    found = info(world, endpoint_names=["e"])
    assert {each["path"]: each["would_change"] for each in found["not_expressed"]} == listed
    foretold = world.apply(as_read(found["inventory"]), check=True)
    assert not foretold.error
    effects = {each["effect"] for kind, task in foretold.tasks.items() for each in task[kind]}
    assert (effects <= {"tags only", "no change"}) == (not any(listed.values())), foretold.diff


def test_an_endpoint_whose_model_cannot_be_said_is_left_out(world: World) -> None:
    make(world, container={"ModelDataUrl": "s3://bucket/model.tgz"})
    found = info(world)
    assert found["inventory"] == {"models": {}, "endpoints": {}}
    model_entry, endpoint_entry = found["not_expressed"]
    assert (model_entry["resource"], endpoint_entry["resource"]) == ("model m", "endpoint e")
    assert "does not end in .tar.gz" in model_entry["reason"]
    assert "an apply leaves it alone" in endpoint_entry["reason"]
    assert not world.apply(found["inventory"], check=True).changed


def test_what_is_gone_or_going_is_said(world: World) -> None:
    assert not world.apply(SCALED).error
    client, found = world.client("sagemaker"), endpoint(world)
    assert told(info(world, endpoint_names=["nope"])) == [("endpoint nope", "it does not exist")]
    world.simulator.put_endpoint("e", "SystemUpdating", 10)
    assert told(info(world)) == []
    world.simulator.put_endpoint("e", "Failed")
    assert told(info(world)) == [("endpoint e", "it does not serve; an apply has to replace it")]
    world.simulator.put_endpoint("e", "InService")
    client.delete_model(ModelName="m")
    assert told(info(world)) == [("endpoint e", "its model m has been deleted")]
    client.delete_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
    gone = f"its configuration {found['EndpointConfigName']} has been deleted"
    assert told(info(world)) == [("endpoint e", gone)]
    client.delete_endpoint(EndpointName="e")
    assert told(info(world)) == [("endpoint e", "it is being deleted")]


def test_what_is_being_updated_is_exported_as_it_was(world: World) -> None:
    assert not world.apply(SCALED).error
    before = exported(world)
    assert not world.apply(inventory(provisioned(v=variant(volume_size=64))), wait=False).error
    found = info(world)
    (entry,) = found["not_expressed"]
    assert (entry["path"], entry["value"]) == ("endpoint_status", "Updating")
    assert "on its way to the configuration e-" in entry["reason"]
    assert found["inventory"] == before


def told(found: Options) -> list[tuple[str, str]]:
    return [(each["resource"], each["reason"]) for each in found["not_expressed"]]


def test_an_endpoint_that_serves_an_older_generation_is_listed(world: World) -> None:
    """A rollout to the new generation failed for one of two."""
    two = {"models": {"m": model()}, "endpoints": {"e": provisioned(), "f": provisioned()}}
    assert not world.apply(two).error
    world.simulator.fault("rollout_fails", operation="UpdateEndpoint", name="f", reason="no luck")
    assert world.apply({**two, "models": {"m": model(2)}}).error
    found = info(world, deployment="default")
    (entry,) = found["not_expressed"]
    assert (entry["resource"], entry["path"], entry["value"]) == ("endpoint f", f"{V}.model_name", "m")
    foretold = world.apply(found["inventory"], check=True)
    assert (foretold.effect("e"), foretold.effect("f")) == ("no change", "redeploy")


def test_a_model_that_no_endpoint_uses_belongs_to_its_deployment(world: World) -> None:
    assert not world.apply(inventory(models={"m": model(), "spare": model(2)})).error
    assert list(exported(world, deployment="default")["models"]) == ["m", "spare"]
    assert list(exported(world)["models"]) == ["m"]
    world.simulator.allow(["sagemaker:*", "cloudwatch:*", "application-autoscaling:*"])
    found = info(world, deployment="default")
    assert list(found["inventory"]["models"]) == ["m"]
    (warning,) = found["warnings"]
    assert "models of the deployment that no endpoint uses are not looked for: GetResources" in warning


def test_deployments_are_told_apart(world: World) -> None:
    assert not world.apply(SCALED).error
    other = {"models": {"n": model()}, "endpoints": {"f": provisioned(v=variant(model_name="n"))}}
    assert not world.apply(other, deployment="other").error
    assert list(exported(world, deployment="other")["endpoints"]) == ["f"]
    assert list(exported(world)["endpoints"]) == ["e", "f"]
    assert [each["deployment"] for each in info(world)["endpoints"]] == ["default", "other"]
    assert list(exported(world, endpoint_names=["f"])["endpoints"]) == ["f"]


def test_without_its_environment_an_export_is_not_applied_in_silence(world: World) -> None:
    container = {"image": "i", "environment_variables": {"TOKEN": SECRET, "BRACES": "{{ x }}"}}
    wanted = inventory(models={"m": model(container_definitions={"main": container})})
    assert not world.apply(wanted).error
    found = info(world, include_environment=False)
    assert SECRET not in json.dumps(found)
    assert [(each["path"], each["value"]) for each in found["not_expressed"]] == [
        ("containers[0].environment.TOKEN", "(hidden)"),
        ("containers[0].environment.BRACES", "(hidden)"),
    ]
    with pytest.raises(InvalidInput) as refusal:
        compile_inventory(found["inventory"])
    assert [problem.path for problem in refusal.value.problems] == [
        f"models.m.container_definitions.main.environment_variables.{name}" for name in ("TOKEN", "BRACES")
    ]
    with_values = info(world, include_environment=True)
    assert SECRET not in json.dumps(with_values["endpoints"])
    assert_changes_nothing(world, as_read(with_values["inventory"]))


def test_a_fleet_is_read_with_few_calls(world: World) -> None:
    size = 12
    fleet = {
        "models": {"m": model()},
        "endpoints": {f"e{number:02}": provisioned(v=scaled(cloudwatch_alarms=ERRORS)) for number in range(size)},
    }
    assert not world.apply(fleet).error
    world.simulator.clear_journal()
    assert_few = collections.Counter(entry["operation"] for entry in _calls_of(world))
    assert assert_few == {
        "ListEndpoints": 1,
        "DescribeEndpoint": size,
        "DescribeEndpointConfig": size,
        "DescribeModel": 1,
        "DescribeScalableTargets": 1,
        "DescribeScalingPolicies": 2,
        "DescribeScheduledActions": 1,
        "DescribeAlarms": 1,
        "ListTags": 2 * size + 1,
        "ListTagsForResource": 2 * size,
    }


def _calls_of(world: World) -> list[Options]:
    exported(world)
    return world.simulator.journal()


def test_a_refused_read_fails_the_whole(world: World) -> None:
    assert not world.apply(SCALED).error
    world.simulator.allow(["sagemaker:*", "application-autoscaling:*"])
    assert "the endpoints cannot be read: DescribeAlarms: AccessDenied" in info(world)["msg"]


def test_the_endpoints_come_in_the_words_of_the_modules(world: World) -> None:
    assert not world.apply(SCALED).error
    (found,) = info(world)["endpoints"]
    assert found["endpoint_status"] == "InService"
    assert found["endpoint_config"]["production_variants"][0]["instance_type"] == "ml.m5.large"
    assert found["endpoint_config"]["tags"]["friendsofansible.sagemaker/generation-of"] == "e"
    (one,) = found["variants"]
    assert (one["variant_name"], one["current_instance_count"], one["current_weight"]) == ("v", 1, 1.0)
    (model_found,) = found["models"]
    assert (model_found["name"], model_found["containers"][0]["image"]) == ("m", "registry/image:1")
    (scaling_found,) = found["scaling"]
    assert (scaling_found["max_capacity"], scaling_found["policies"][0]["policy_name"]) == (4, "e/v/requests")
    (alarm_found,) = found["alarms"]
    assert (alarm_found["alarm_name"], alarm_found["state_value"]) == ("e/v/errors", "INSUFFICIENT_DATA")


def test_serverless_and_asynchronous_endpoints_are_read(world: World) -> None:
    endpoints = {"e": serverless(max_concurrency=7, cloudwatch_alarms=ERRORS), "f": asynchronous()}
    assert not world.apply({"models": {"m": model()}, "endpoints": endpoints}).error
    set_concurrency = [{"VariantName": "m", "ServerlessUpdateConfig": {"MaxConcurrency": 9}}]
    world.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName="e", DesiredWeightsAndCapacities=set_concurrency
    )
    world.simulator.advance(100)
    found = exported(world)
    assert found["endpoints"]["e"]["serverless"]["variant"]["max_concurrency"] == 9
    assert_changes_nothing(world, found)
