# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random inventories that the compiler takes, from every part of the schema but the orders for a run."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import durations, metrics
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    KEY,
    OTHER_TOPIC,
    ROLE,
    TOPIC,
    Inventory,
    refused,
)
from hypothesis import strategies as st

Strategy = st.SearchStrategy[t.Any]

INSTANCE_TYPES = ["ml.m5.large", "ml.c5.xlarge", "ml.m5.2xlarge"]
WORDS = st.text("abc{}%' 1:é\n", min_size=1, max_size=8).filter(lambda text: bool(text.strip()))
TAGS = st.dictionaries(st.sampled_from(["team", "stage", "cost", "managed-by"]), st.sampled_from(["a", "b", ""]))
TOPICS = st.sampled_from([TOPIC, OTHER_TOPIC])


def some(**keys: Strategy) -> Strategy:
    """A map with any of the keys."""
    return st.fixed_dictionaries({}, optional=keys)


def _in_words(low: int, high: int, step: int = 1) -> Strategy:
    return st.integers(low // step, high // step).map(lambda number: durations.as_duration(number * step))


SOURCES = st.fixed_dictionaries(
    {"model_data_location": st.sampled_from(["s3://bucket/draft/", "s3://bucket/one", "s3://bucket/adapter.tar.gz"])},
    optional={
        "accept_eula": st.booleans(),
        "model_data_etag": st.just("abc"),
        "api_parameters": st.just({"S3DataSource": {"ManifestS3Uri": "s3://bucket/manifest.json"}}),
    },
)
PLAIN = st.fixed_dictionaries(
    {"image": st.sampled_from(["repo/image:1", "repo/image:2"])},
    optional={
        "model_data_location": st.just("s3://bucket/model.tar.gz"),
        "environment_variables": st.dictionaries(st.sampled_from(["A", "b_c", "Mixed"]), WORDS, max_size=2),
        "image_config": st.just({"repository_access_mode": "Platform"}),
        "additional_model_data_sources": st.dictionaries(st.sampled_from(["draft", "b.c", "a"]), SOURCES, max_size=2),
    },
)
HUB = "arn:aws:sagemaker:us-east-1:111122223333:hub-content/hub/Model/llama/1.0.0"
UNCOMPRESSED = st.fixed_dictionaries(
    {
        "image": st.just("repo/image:1"),
        "compression_type": st.just("UncompressedModel"),
        "model_data_location": st.sampled_from(["s3://bucket/prefix/", "s3://bucket/object", "s3://bucket/a.tar.gz"]),
    },
    optional={
        "accept_eula": st.booleans(),
        "hub_content_arn": st.just(HUB),
        "model_data_etag": st.sampled_from(["abc", "def"]),
    },
)
MANY = st.fixed_dictionaries(
    {
        "image": st.just("repo/image:1"),
        "model_data_location": st.just("s3://bucket/models/"),
        "use_multiple_models": some(enable_model_caching=st.booleans()),
    }
)
MODELS = st.fixed_dictionaries(
    {
        "iam_role_arn": st.just(ROLE),
        "container_definitions": st.dictionaries(
            st.sampled_from(["z", "a", "main-1"]), PLAIN | UNCOMPRESSED, min_size=1, max_size=3
        )
        | st.fixed_dictionaries({"host": MANY}),
    },
    optional={
        "additional_tags": TAGS,
        "enable_network_isolation": st.booleans(),
        "inference_execution_config": some(mode=st.sampled_from(["Serial", "Direct"])),
        "vpc_config": st.just({"security_group_ids": ["sg-2", "sg-1"], "subnet_ids": ["subnet-2", "subnet-1"]}),
    },
)

PLAIN_MODELS = st.fixed_dictionaries(
    {"iam_role_arn": st.just(ROLE), "container_definitions": st.fixed_dictionaries({"main": PLAIN})},
    optional={"additional_tags": TAGS, "redeploy": st.just("rebuilt")},
)


def _expression(*parts: Strategy) -> Strategy:
    return st.tuples(*parts).map(" ".join)


METRICS = st.sampled_from(sorted(metrics.CATALOGUE)) | st.just("Unknown")
STATISTICS = st.sampled_from(["average", "Sum", "SampleCount"])
NUMBERS = st.floats(-1e6, 1e17).map(repr) | st.sampled_from(["100", "0.5", "1e6"])
QUERIES = st.fixed_dictionaries(
    {"expression": st.sampled_from(["TimeToFirstToken p99.9 > 2 s for 5 minutes", "QueueDepth sum >= 10"])}
) | st.fixed_dictionaries(
    {"query": st.sampled_from(["up == 0", "sum(rate(vllm:x[5m])) > 1"])}, optional={"pending_period": _in_words(0, 600)}
)
PROMQL = st.tuples(
    QUERIES, some(recovery_period=_in_words(0, 600), period=st.sampled_from(["10 seconds", "5 minutes"]))
).map(lambda both: {**both[0], **both[1]})
CALLED = TOPICS | st.sampled_from(
    ["arn:aws:lambda:us-east-1:111122223333:function:page", "arn:aws:ssm:us-east-1:111122223333:opsitem:1"]
)
MATH = st.sampled_from(
    ["Invocation5XXErrors / Invocations > 1%", "100 * (Invocations - 2) >= 1", "ModelLatency p99 / Unknown sum < 0.5"]
)
BANDS = st.sampled_from(["ModelLatency p90 outside 2 bands", "Invocations above 1.5 bands"])
ALARM_OPTIONS = {
    "description": WORDS,
    "evaluation_periods": st.integers(1, 4),
    "datapoints_to_alarm": st.just(1),
    "period": _in_words(60, 21600, 60) | st.sampled_from(["10 seconds", "30 seconds"]),
    "notification_sns_topic": TOPICS,
    "actions": some(**dict.fromkeys(("alarm", "ok", "insufficient_data"), st.lists(CALLED, max_size=2, unique=True))),
    "actions_enabled": st.booleans(),
    "evaluate_low_sample_count_percentile": st.sampled_from(["evaluate", "ignore"]),
    "unit": st.sampled_from(["None", "Microseconds"]),
    "treat_missing_data": st.sampled_from(["breaching", "notBreaching", "ignore", "missing"]),
}
ALARMS = st.fixed_dictionaries(
    {
        "expression": MATH
        | BANDS
        | _expression(
            METRICS,
            STATISTICS | st.sampled_from(["p99.9", "IQM", "TM(10%:90%)", "PR(1:)"]),
            st.sampled_from([">", ">=", "<", "<="]),
            NUMBERS,
        )
    },
    optional=ALARM_OPTIONS,
)
TRACKING = "target_tracking_scaling_policy_configuration"
PREDEFINED = ["SageMakerVariantInvocationsPerInstance", "SageMakerVariantConcurrentRequestsPerModelHighResolution"]
OF_POLICY = {
    "enable_scale_in": st.booleans(),
    "scale_in_cooldown_period": _in_words(0, 90000),
    "scale_out_cooldown_period": _in_words(0, 400),
}
WITH_UNIT = st.just({TRACKING: {"CustomizedMetricSpecification": {"unit": "Percent"}}})
POLICIES = st.fixed_dictionaries(
    {"expression": _expression(st.sampled_from(PREDEFINED), st.just("="), NUMBERS)}, optional=OF_POLICY
) | st.fixed_dictionaries(
    {"expression": _expression(METRICS, STATISTICS, st.just("="), NUMBERS)},
    optional={**OF_POLICY, "api_parameters": WITH_UNIT},
)
COMPUTED = st.sampled_from(
    ["Invocations / ConcurrentRequestsPerModel average", "100 * (Invocations - 2)", "ModelLatency p99 / Unknown sum"]
)
POLICIES |= st.fixed_dictionaries({"expression": _expression(COMPUTED, st.just("="), NUMBERS)}, optional=OF_POLICY)
STEPS = st.sampled_from(
    [
        "CPUUtilization average >= 60.5 then +1, >= 90 then +3",
        "MemoryUtilization average < 0.3 then -50%, <= 0.1 then -100%",
        "Invocation5XXErrors / Invocations > 0.1% then +1, >= 2.5% then +2",
        "ModelLatency p99 > 500000 then 4",
    ]
)
NOT_OF_STEPS = ("expression", "query", "pending_period", "recovery_period", "evaluate_low_sample_count_percentile")
STEPPED = st.fixed_dictionaries(
    {"expression": STEPS},
    optional={
        "cooldown_period": _in_words(0, 900),
        "aggregation": st.sampled_from(["average", "minimum", "maximum"]),
        "alarm": some(**{name: each for name, each in ALARM_OPTIONS.items() if name not in NOT_OF_STEPS}),
    },
)
BOUNDS = st.fixed_dictionaries({"minimum": st.integers(1, 2)}, optional={"maximum": st.integers(2, 9)})
ZONED = st.fixed_dictionaries({"at": st.sampled_from(["7:05", "20:00 MON-FRI", "9:30 sat-sun", "2099-12-24 18:00"])})
ZONED |= st.fixed_dictionaries({"cron": st.sampled_from(["0/10 8-17 ? JAN MON-FRI *", "0 8 L * ? *", "0 8 ? * 2 *"])})
ZONES = some(time_zone=st.sampled_from(["Europe/Berlin", "UTC"]))
RATES = st.fixed_dictionaries({"rate": _in_words(60, 200000, 60)})
TIMES = st.tuples(ZONED, ZONES).map(lambda parts: parts[0] | parts[1]) | RATES
PERIODS = some(start=st.just("2027-01-01 08:00"), end=st.just("2099-01-01 08:00:01"))
SCHEDULES = st.tuples(BOUNDS, TIMES, PERIODS).map(lambda parts: {**parts[0], **parts[1], **parts[2]})
SCALING = st.fixed_dictionaries(
    {"policies": st.dictionaries(st.sampled_from(["p", "q/r"]), POLICIES | STEPPED)},
    optional={
        "minimum_capacity": st.integers(1, 3),
        "maximum_capacity": st.integers(3, 9),
        "schedules": st.dictionaries(st.sampled_from(["night", "a.b"]), SCHEDULES, max_size=2),
        "suspended": st.lists(st.sampled_from(["in", "out", "scheduled"]), min_size=1, unique=True),
    },
)
SCALING_TO_ZERO = st.fixed_dictionaries(
    {
        "policies": st.dictionaries(st.sampled_from(["p", "q/r"]), POLICIES | STEPPED),
        "minimum_capacity": st.integers(0, 1),
        "wake_from_zero": st.booleans(),
    },
    optional={"maximum_capacity": st.integers(3, 9)},
)
CONCURRENCY = [
    "SageMakerVariantProvisionedConcurrencyUtilization = 0.7",
    "ServerlessProvisionedConcurrencyUtilization maximum = 0.9",
    "ServerlessProvisionedConcurrencyUtilization maximum >= 0.8 then +10%",
]
SCALING_OF_CONCURRENCY = st.fixed_dictionaries(
    {
        "maximum_capacity": st.integers(6, 9),
        "policies": st.dictionaries(st.just("p"), some(expression=st.sampled_from(CONCURRENCY)).filter(bool)),
    },
    optional={
        "minimum_capacity": st.integers(1, 3),
        "schedules": st.dictionaries(st.sampled_from(["night", "a.b"]), SCHEDULES, max_size=2),
        "suspended": st.lists(st.sampled_from(["in", "out", "scheduled"]), min_size=1, unique=True),
    },
)
INSTANCE = {"instance_type": st.sampled_from(INSTANCE_TYPES)}
POOLS = st.lists(st.sampled_from(INSTANCE_TYPES), min_size=1, max_size=3, unique=True) | st.just(
    [{"instance_type": "ml.m5.large", "priority": 5}, {"instance_type": "ml.c5.xlarge", "model_name": "any"}]
)
PLAINLY = {**INSTANCE, "model_name": st.just("plain")}
DUMPS = st.just({"CoreDumpConfig": {"destination_s3_uri": "s3://b/dumps"}})
OPTIONAL = {
    "initial_instance_count": st.integers(1, 3),
    "initial_weight": st.sampled_from([0.3, 1, 2, 0.75]) | st.floats(0, 1000, width=32).map(lambda x: round(x, 4)),
    "volume_size": st.sampled_from([5, 30, 64]),
    "container_startup_timeout": _in_words(60, 3600),
    "model_data_download_timeout": _in_words(60, 3600),
    "inference_ami_version": st.just("al2-ami-sagemaker-inference-gpu-2"),
    "routing_strategy": st.sampled_from(["least_outstanding_requests", "random"]),
    "enable_ssm_access": st.booleans(),
    "capacity_reservation": st.just("arn:aws:sagemaker:us-east-1:111122223333:training-plan/plan"),
    "api_parameters": DUMPS,
}
ALARMED = {
    "cloudwatch_alarms": st.dictionaries(st.sampled_from(["x", "y/z", "{{ w }}"]), ALARMS | PROMQL, max_size=2),
    "additional_tags": TAGS,
}
OF_VARIANT = {**OPTIONAL, **ALARMED, "auto_scaling": SCALING}
NAMESAKES = st.fixed_dictionaries(INSTANCE, optional=OF_VARIANT)
WAKING = st.fixed_dictionaries({**INSTANCE, "auto_scaling": SCALING_TO_ZERO}, optional={**OPTIONAL, **ALARMED})
VARIANTS = st.fixed_dictionaries({**INSTANCE, "model_name": st.sampled_from(["any", "plain"])}, optional=OF_VARIANT)
PLAIN_VARIANTS = st.fixed_dictionaries(PLAINLY, optional=OF_VARIANT)
POOLED = st.fixed_dictionaries(
    {"instance_pools": POOLS, "model_name": st.just("plain")},
    optional={"instance_provision_timeout": _in_words(300, 3600), "initial_instance_count": st.integers(1, 3)},
)
CAPTURES = st.fixed_dictionaries(
    {"s3_location_to_store_data_collected": st.just("s3://bucket/captured")},
    optional={
        "sampling_percentage": st.integers(0, 100),
        "enabled": st.booleans(),
        "encryption_key": st.sampled_from([KEY, "alias/captured"]),
        "capture_content_type": some(csv_text=st.just(["text/csv"]), json=st.just(["application/json"])),
        "data_capture_options": some(prediction_request=st.booleans(), prediction_response=st.booleans()),
    },
)
ASYNC = st.fixed_dictionaries(
    {"s3_output_path": st.just("s3://bucket/out")},
    optional={
        "s3_failure_path": st.just("s3://bucket/failed"),
        "encryption_key": st.just(KEY),
        "error_notification_location": TOPICS,
        "success_notification_location": TOPICS,
        "max_concurrent_invocations_per_instance": st.integers(1, 4),
        "include_response_in_notifications": st.booleans(),
    },
)
PROVISIONED = st.one_of(
    st.fixed_dictionaries({"production_variants": st.dictionaries(st.sampled_from("vw"), VARIANTS, min_size=1)}),
    st.fixed_dictionaries({"production_variants": st.fixed_dictionaries({"v": POOLED})}),
    st.fixed_dictionaries({"production_variants": some(any=NAMESAKES, plain=NAMESAKES).filter(bool)}),
    st.fixed_dictionaries(
        {"production_variants": st.fixed_dictionaries({"v": PLAIN_VARIANTS}), "enable_data_capture": CAPTURES}
    ),
    st.fixed_dictionaries(
        {"production_variants": st.fixed_dictionaries({"plain": NAMESAKES | WAKING}), "async_invocation_config": ASYNC}
    ),
    st.fixed_dictionaries(
        {
            "production_variants": st.fixed_dictionaries({"v": PLAIN_VARIANTS}),
            "shadow_variants": st.fixed_dictionaries({"s": st.fixed_dictionaries(PLAINLY, optional=OPTIONAL)}),
        }
    ),
)
SERVERLESS = st.fixed_dictionaries(
    {"model_name": st.just("plain")},
    optional={
        "variant_name": st.sampled_from(["AllTraffic", "plain"]),
        "max_concurrency": st.integers(10, 30),
        "memory_size": st.sampled_from([1024, 2048]),
        "provisioned_concurrency": st.integers(1, 10),
        "api_parameters": DUMPS,
        **ALARMED,
    },
)
METRICS_OF = some(
    enable_detailed_observability=st.booleans(),
    enable_enhanced_metrics=st.booleans(),
    publish_frequency=st.sampled_from(["10 seconds", "1 minute"]),
)
SHAP = {"shap_config": {"ShapBaselineConfig": {"mime_type": "text/csv"}}}
EXPLAINED = st.just({"ExplainerConfig": {"clarify_explainer_config": SHAP}})
SCALED_SERVERLESS = st.fixed_dictionaries(
    {
        "model_name": st.just("plain"),
        "max_concurrency": st.integers(10, 30),
        "provisioned_concurrency": st.integers(1, 10),
        "auto_scaling": SCALING_OF_CONCURRENCY,
    },
    optional=ALARMED,
)
ENDPOINTS = st.one_of(
    st.fixed_dictionaries(
        {"provisioned": PROVISIONED},
        optional={
            "encryption_key": st.just(KEY),
            "additional_tags": TAGS,
            "api_parameters": EXPLAINED,
            "metrics": METRICS_OF,
            "redeploy": st.sampled_from(["2026-11-27", "once more"]),
        },
    ),
    st.fixed_dictionaries(
        {"serverless": st.fixed_dictionaries({"variant": SERVERLESS | SCALED_SERVERLESS})},
        optional={"additional_tags": TAGS, "redeploy": st.just("once more")},
    ),
)


COMPOSED = some(
    description=WORDS,
    notification_sns_topic=TOPICS,
    actions=some(**dict.fromkeys(("alarm", "ok", "insufficient_data"), st.lists(CALLED, max_size=2, unique=True))),
    actions_enabled=st.booleans(),
    api_parameters=st.just(
        {
            "ActionsSuppressor": "quiet",
            "actions_suppressor_wait_period": 60,
            "actions_suppressor_extension_period": 120,
        }
    ),
)


@st.composite
def _composed(draw: st.DrawFn, endpoints: Strategy) -> Inventory:
    """The endpoint with composite alarms over those that it has."""
    endpoint: Inventory = draw(endpoints)
    words = _words_of_alarms(endpoint)
    if not words:
        return endpoint
    chosen = st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True)
    rules = st.tuples(st.sampled_from(["any_of", "all_of"]), chosen).map(lambda rule: dict([rule]))
    both = st.tuples(rules, COMPOSED).map(lambda parts: {**parts[0], **parts[1]})
    return endpoint | {"composite_alarms": draw(st.dictionaries(st.sampled_from(["any", "a.b"]), both, min_size=1))}


def _words_of_alarms(endpoint: Inventory) -> list[str]:
    """In the long form, which is never unclear."""
    if "serverless" in endpoint:
        variant = endpoint["serverless"]["variant"]
        found = {variant.get("variant_name", variant["model_name"]): variant}
    else:
        found = endpoint["provisioned"]["production_variants"]
    return [f"{name}/{key}" for name, variant in found.items() for key in variant.get("cloudwatch_alarms", ())]


def fitting(inventory: Inventory) -> Inventory:
    """The inventory without the endpoints that the compiler refuses."""
    endpoints = {
        name: endpoint
        for name, endpoint in inventory["endpoints"].items()
        if not refused({**inventory, "endpoints": {name: endpoint}})
    }
    return {**inventory, "endpoints": endpoints}


INVENTORIES: st.SearchStrategy[Inventory] = (
    st.fixed_dictionaries(
        {
            "models": st.fixed_dictionaries({"any": MODELS, "plain": PLAIN_MODELS}),
            "endpoints": st.dictionaries(st.sampled_from(["e", "f", "g-1"]), _composed(ENDPOINTS), min_size=1),
        },
        optional={"additional_tags_all": TAGS},
    )
    .filter(lambda inventory: not refused({"models": inventory["models"]}))
    .map(fitting)
)
