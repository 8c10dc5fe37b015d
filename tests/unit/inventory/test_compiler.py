# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the inventory becomes, beyond the single leaves."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import request_check
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    OTHER_TOPIC,
    README,
    TOPIC,
    change,
    example,
)

DIMENSIONS = [
    {"name": "EndpointName", "value": "realtime-endpoint"},
    {"name": "VariantName", "value": "demo-model"},
]
C = "models.m.container_definitions.c"
V = "endpoints.e.provisioned.production_variants.m"
A = f"{V}.cloudwatch_alarms.a"
ASYNC = "endpoints.e.provisioned.async_invocation_config"


def _compiled(base: str, **changes: object) -> t.Any:
    inventory = example(base)
    for path, value in changes.items():
        change(inventory, path, value)
    return compile_inventory(inventory)


def test_readme_models_and_endpoints() -> None:
    compiled = compile_inventory(yaml.safe_load(README))
    role = "arn:aws:iam::111122223333:role/service-role/AmazonSageMakerServiceCatalogProductsExecutionRole"
    container = {
        "container_hostname": "container1",
        "image": "763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.19.0",
        "model_data_url": "s3://demo-bucket/demo-model.tar.gz",
    }
    assert compiled.models == [
        {
            "model_name": "demo-model",
            "execution_role_arn": role,
            "containers": [container],
            "enable_network_isolation": False,
            "tags": {},
        }
    ]
    variant = {
        "variant_name": "demo-model",
        "model_name": "demo-model",
        "instance_type": "ml.m5.large",
        "initial_instance_count": 1,
        "initial_variant_weight": 1.0,
    }
    hung = {
        "scaled_variants": ["demo-model"],
        "alarm_names": [
            "realtime-endpoint/demo-model/invocations-greater-than-1000",
            "realtime-endpoint/demo-model/invocation-5xx-errors-greater-than-10",
        ],
    }
    endpoint = {"endpoint_name": "realtime-endpoint", "production_variants": [variant], "tags": {}}
    assert compiled.endpoints == [endpoint | hung]


def test_readme_alarms() -> None:
    common = {"namespace": "AWS/SageMaker", "dimensions": DIMENSIONS, "statistic": "Average", "period": 60,
              "evaluation_periods": 1, "tags": {}}  # fmt: skip
    assert compile_inventory(yaml.safe_load(README)).alarms == [
        {
            "alarm_name": "realtime-endpoint/demo-model/invocations-greater-than-1000",
            "metric_name": "Invocations",
            "comparison_operator": "GreaterThanThreshold",
            "threshold": 1000.0,
            **common,
        },
        {
            "alarm_name": "realtime-endpoint/demo-model/invocation-5xx-errors-greater-than-10",
            "metric_name": "Invocation5XXErrors",
            "comparison_operator": "GreaterThanOrEqualToThreshold",
            "threshold": 10.0,
            **common,
        },
    ]


def test_readme_targets() -> None:
    rest = {"disable_scale_in": False, "scale_in_cooldown": 300, "scale_out_cooldown": 300}
    predefined = {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"}
    customized = {
        "metric_name": "Invocations",
        "namespace": "AWS/SageMaker",
        "dimensions": DIMENSIONS,
        "statistic": "Average",
    }
    (target,) = compile_inventory(yaml.safe_load(README)).targets
    policies = target.pop("policies")
    assert target == {
        "endpoint_name": "realtime-endpoint",
        "variant_name": "demo-model",
        "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
        "min_capacity": 1,
        "max_capacity": 1,
        "scheduled_actions": [],
        "tags": {},
    }
    assert {policy["policy_type"] for policy in policies} == {"TargetTrackingScaling"}
    assert [(policy["policy_name"], policy["target_tracking_scaling_policy_configuration"]) for policy in policies] == [
        (
            "realtime-endpoint/demo-model/builtin-policy",
            {"target_value": 1000.0, "predefined_metric_specification": predefined, **rest},
        ),
        (
            "realtime-endpoint/demo-model/keep-invocations-near-100",
            {"target_value": 100.0, "customized_metric_specification": customized, **rest},
        ),
    ]


def test_nothing_compiles_to_nothing() -> None:
    compiled = compile_inventory({"models": {}, "endpoints": None, "additional_tags_all": None})
    assert (compiled.models, compiled.alarms, compiled.endpoints, compiled.targets) == ([], [], [], [])


def test_containers_keep_the_order_in_which_they_are_written() -> None:
    hosts = ["zebra", "apple", "mango"]
    compiled = _compiled("models", **{"models.m.container_definitions": {host: {"image": "i"} for host in hosts}})
    assert [container["container_hostname"] for container in compiled.models[0]["containers"]] == hosts


@pytest.mark.parametrize(
    ("address", "compression", "data"),
    [
        ("s3://b/m.tar.gz", "CompressedModel", "s3://b/m.tar.gz"),
        ("https://s3.amazonaws.com/b/m.tar.gz", "CompressedModel", "https://s3.amazonaws.com/b/m.tar.gz"),
        ("https://b.s3.eu-west-1.amazonaws.com/m.tar.gz", "CompressedModel", None),
        ("s3://b/m/", "UncompressedModel", ("S3Prefix", "None")),
        ("s3://b/m", "UncompressedModel", ("S3Object", "None")),
        ("https://s3.amazonaws.com/b/m/", "UncompressedModel", ("S3Prefix", "None")),
        ("s3://b/m.tar.gz", "UncompressedModel", ("S3Object", "Gzip")),
    ],
)
def test_model_data(address: str, compression: str, data: object) -> None:
    compiled = _compiled("models", **{f"{C}.model_data_location": address, f"{C}.compression_type": compression})
    container = compiled.models[0]["containers"][0]
    if isinstance(data, tuple):
        assert container["model_data_source"]["s3_data_source"] == {
            "s3_uri": address,
            "s3_data_type": data[0],
            "compression_type": data[1],
        }
        assert "model_data_url" not in container
    else:
        assert container["model_data_url"] == address
        assert "model_data_source" not in container


def test_many_models() -> None:
    many = {"image": "i", "model_data_location": "s3://b/models/", "use_multiple_models": {}}
    container = _compiled("models", **{C: many}).models[0]["containers"][0]
    assert container["mode"] == "MultiModel"
    assert container["model_data_url"] == "s3://b/models/"
    assert container["multi_model_config"] == {"model_cache_setting": "Enabled"}


def test_keys_of_the_user_stay_as_they_are() -> None:
    environment = {"camelCase": "1", "SNAKE_CASE": "", "_x": "é", "TEMPLATE": "{{ not.evaluated }}"}
    tags = {"CostCenter": "a b", "kebab-case": "", "émile": "1"}
    model = _compiled("models", **{f"{C}.environment_variables": environment, "models.m.additional_tags": tags}).models[
        0
    ]
    assert model["containers"][0]["environment"] == environment
    assert model["tags"] == tags


def test_tags_of_all_win() -> None:
    compiled = _compiled(
        "realtime",
        **{
            "models.m.additional_tags": {"a": "model", "b": "model"},
            "endpoints.e.additional_tags": {"a": "endpoint", "b": "endpoint", "c": "endpoint"},
            f"{V}.additional_tags": {"b": "variant", "c": "variant"},
            "additional_tags_all": {"c": "all"},
        },
    )
    assert compiled.models[0]["tags"] == {"a": "model", "b": "model", "c": "all"}
    assert compiled.endpoints[0]["tags"] == {"a": "endpoint", "b": "endpoint", "c": "all"}
    assert compiled.alarms[0]["tags"] == compiled.targets[0]["tags"] == {"a": "endpoint", "b": "variant", "c": "all"}


def test_two_variants_of_one_model() -> None:
    second = {"instance_type": "ml.c5.large", "model_name": "m", "initial_weight": "0.25"}
    compiled = _compiled("realtime", **{"endpoints.e.provisioned.production_variants.second": second})
    found = [(v["variant_name"], v["model_name"]) for v in compiled.endpoints[0]["production_variants"]]
    assert found == [("m", "m"), ("second", "m")]
    assert compiled.endpoints[0]["production_variants"][1]["initial_variant_weight"] == 0.25


def test_a_serverless_endpoint_beside_a_provisioned_one() -> None:
    serverless = example("serverless")["endpoints"]["e"]
    compiled = _compiled("realtime", **{"endpoints.less": serverless})
    assert [endpoint["endpoint_name"] for endpoint in compiled.endpoints] == ["e", "less"]
    assert [alarm["alarm_name"] for alarm in compiled.alarms] == ["e/m/a", "less/m/a"]
    assert [target["endpoint_name"] for target in compiled.targets] == ["e"]


def test_the_key_of_a_serverless_endpoint_is_not_sent() -> None:
    compiled = _compiled("serverless", **{"endpoints.e.encryption_key": "alias/demo"})
    assert "kms_key_id" not in compiled.endpoints[0]
    assert "not sent" in str(compiled.warnings[0])


def test_both_topics_get_the_response() -> None:
    compiled = _compiled(
        "async",
        **{f"{ASYNC}.error_notification_location": TOPIC, f"{ASYNC}.success_notification_location": OTHER_TOPIC},
    )
    notification = compiled.endpoints[0]["async_inference_config"]["output_config"]["notification_config"]
    assert notification == {
        "error_topic": TOPIC,
        "success_topic": OTHER_TOPIC,
        "include_inference_response_in": ["ERROR_NOTIFICATION_TOPIC", "SUCCESS_NOTIFICATION_TOPIC"],
    }


def test_an_asynchronous_endpoint_can_scale_to_nothing() -> None:
    scaling = {"minimum_capacity": 0, "maximum_capacity": "3",
               "policies": {"p": {"expression": "ApproximateBacklogSizePerInstance average = 5"}}}  # fmt: skip
    compiled = _compiled("async", **{f"{V}.auto_scaling": scaling})
    assert (compiled.targets[0]["min_capacity"], compiled.targets[0]["max_capacity"]) == (0, 3)
    assert compiled.warnings == ()


@pytest.mark.parametrize(
    ("base", "metric", "namespace", "dimensions"),
    [
        ("realtime", "Invocations", "AWS/SageMaker", ["EndpointName", "VariantName"]),
        ("realtime", "CPUUtilization", "/aws/sagemaker/Endpoints", ["EndpointName", "VariantName"]),
        ("realtime", "GPUMemoryUtilization", "/aws/sagemaker/Endpoints", ["EndpointName", "VariantName"]),
        ("realtime", "NobodyKnowsIt", "AWS/SageMaker", ["EndpointName", "VariantName"]),
        ("async", "ApproximateBacklogSize", "AWS/SageMaker", ["EndpointName"]),
        ("async", "HasBacklogWithoutCapacity", "AWS/SageMaker", ["EndpointName"]),
        ("async", "TimeInBacklog", "AWS/SageMaker", ["EndpointName", "VariantName"]),
    ],
)
def test_the_metric_decides_namespace_and_dimensions(
    base: str, metric: str, namespace: str, dimensions: list[str]
) -> None:
    scaling = {"maximum_capacity": 2, "policies": {"p": {"expression": f"{metric} average = 0.5"}}}
    alarms = {"a": {"expression": f"{metric} sum >= 1"}}
    compiled = _compiled(base, **{f"{V}.auto_scaling": scaling, f"{V}.cloudwatch_alarms": alarms})
    policy = compiled.targets[0]["policies"][0]["target_tracking_scaling_policy_configuration"]
    for found in (compiled.alarms[0], policy["customized_metric_specification"]):
        assert (found["namespace"], found["metric_name"]) == (namespace, metric)
        assert [dimension["name"] for dimension in found["dimensions"]] == dimensions


def test_a_policy_tracks_what_is_computed() -> None:
    scaling = {"policies": {"p": {"expression": "2 * CPUUtilization p90 / Invocations = 0.5"}}}
    compiled = _compiled("realtime", **{f"{V}.auto_scaling": scaling})
    tracking = compiled.targets[0]["policies"][0]["target_tracking_scaling_policy_configuration"]
    dimensions = [{"name": "EndpointName", "value": "e"}, {"name": "VariantName", "value": "m"}]
    metrics = [("CPUUtilization", "/aws/sagemaker/Endpoints", "p90"), ("Invocations", "AWS/SageMaker", "Sum")]
    assert tracking["target_value"] == 0.5
    assert tracking["customized_metric_specification"] == {
        "metrics": [
            *(
                {
                    "id": f"m{number}",
                    "metric_stat": {
                        "metric": {"metric_name": name, "namespace": namespace, "dimensions": dimensions},
                        "stat": stat,
                    },
                    "return_data": False,
                }
                for number, (name, namespace, stat) in enumerate(metrics, 1)
            ),
            {"id": "e1", "expression": "2 * m1 / m2", "return_data": True},
        ]
    }


@pytest.mark.parametrize(
    ("written", "key", "value"),
    [
        ("average", "statistic", "Average"),
        ("SAMPLECOUNT", "statistic", "SampleCount"),
        ("P99.5", "extended_statistic", "p99.5"),
        ("TM90", "extended_statistic", "tm90"),
        ("pr(1:5)", "extended_statistic", "PR(1:5)"),
    ],
)
def test_statistics(written: str, key: str, value: str) -> None:
    alarm = _compiled("realtime", **{f"{A}.expression": f"OverheadLatency {written} > 9000"}).alarms[0]
    assert alarm[key] == value
    assert len({"statistic", "extended_statistic"} & set(alarm)) == 1


def test_strict_makes_warnings_fail() -> None:
    with pytest.raises(InvalidInput) as caught:
        compile_inventory(yaml.safe_load(README), strict=True)
    assert len(caught.value.problems) == 4


def test_requests_are_held_against_the_service_model_as_a_whole() -> None:
    model = _compiled("models").models[0]
    assert list(request_check.model_problems(model)) == []
    problem, *_more = request_check.model_problems(model | {"execution_role_arn": "x"})
    assert problem.path == "models.m.(CreateModel execution_role_arn)"
    (problem,) = request_check.model_problems(model | {"surprise": 1})
    assert str(problem).startswith("models.m.(CreateModel surprise): unknown option")
