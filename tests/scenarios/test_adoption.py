# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Terraform module has made is exported as an inventory that changes tags and nothing else."""

from __future__ import annotations

import itertools
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.tests.unit.export import inventories as parts
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import KEY
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from simulator.client import Simulator

from .exports import assert_changes_nothing, exported, info
from .harness import Result, World
from .inventories import Inventory, model
from .terraform import terraform_apply

ACCOUNTS = (f"8{number:011}" for number in itertools.count(1))
TAG_CALLS = {"AddTags", "TagResource"}
README = {
    "models": {"demo-model": model()},
    "endpoints": {
        "realtime-endpoint": {
            "provisioned": {
                "production_variants": {
                    "demo-model": {
                        "instance_type": "ml.m5.large",
                        # Terraform may have asked for it, or AWS filled it in: that cannot be seen.
                        "volume_size": 30,
                        "auto_scaling": {
                            "policies": {
                                "builtin-policy": {"expression": "SageMakerVariantInvocationsPerInstance = 1000"},
                                "keep-invocations-near-100": {"expression": "Invocations Average = 100"},
                            }
                        },
                        "cloudwatch_alarms": {
                            "invocations-greater-than-1000": {"expression": "Invocations Average > 1000"},
                            "invocation-5xx-errors-greater-than-10": {
                                "expression": "Invocation5XXErrors Average >= 10"
                            },
                        },
                    }
                }
            },
            "additional_tags": {"team": "search"},
        }
    },
    "additional_tags_all": {"stage": "test"},
}


def assert_only_tags_change(planned: Result) -> None:
    assert not planned.error
    assert {step.operation for step in planned.steps} <= TAG_CALLS, planned.diff
    assert planned.effects == {"tags only"}


def test_the_documented_example_is_adopted_with_tags_alone(world: World) -> None:
    terraform_apply(world, README)
    found = exported(world)
    assert found == README
    world.simulator.clear_journal()
    assert_only_tags_change(world.apply(found, check=True))
    assert world.simulator.writes() == []
    done = world.apply(found)
    assert_only_tags_change(done)
    assert {entry["operation"] for entry in world.simulator.writes()} == TAG_CALLS
    assert_changes_nothing(world, found)
    assert exported(world, deployment="default") == found


NUMBERS = st.sampled_from(["100", "0.5", "1e6", "-1"])
STATISTICS = st.sampled_from(["average", "Sum", "MAXIMUM", "minimum"])
# Those that are where the module looks for them.
METRICS = st.sampled_from(["Invocations", "ModelLatency", "Invocation5XXErrors", "TimeInBacklog", "Unknown"])
PREDEFINED = st.sampled_from(
    ["SageMakerVariantInvocationsPerInstance", "SageMakerVariantConcurrentRequestsPerModelHighResolution"]
)
ALARMS = st.fixed_dictionaries(
    {
        "expression": st.tuples(METRICS, STATISTICS, st.sampled_from([">", ">=", "<", "<="]), NUMBERS).map(" ".join),
    },
    optional={
        "description": parts.WORDS,
        "evaluation_periods": st.integers(1, 4),
        "period": st.sampled_from(["1 minute", "5 minutes", "6 hours"]),
        "notification_sns_topic": parts.TOPICS,
    },
)
POLICIES = st.fixed_dictionaries(
    {
        "expression": st.tuples(METRICS, STATISTICS, st.just("="), NUMBERS).map(" ".join)
        | st.tuples(PREDEFINED, st.just("="), NUMBERS).map(" ".join)
    },
    optional={
        "enable_scale_in": st.booleans(),
        "scale_in_cooldown_period": st.sampled_from(["0 seconds", "5 minutes", "1 hour"]),
    },
)
SCALING = st.fixed_dictionaries(
    {"policies": st.dictionaries(st.sampled_from(["p", "q"]), POLICIES)},
    optional={"minimum_capacity": st.integers(1, 2), "maximum_capacity": st.integers(2, 4)},
)
VARIANTS = st.fixed_dictionaries(
    {"instance_type": st.sampled_from(parts.INSTANCE_TYPES)},
    optional={
        **parts.OPTIONAL,
        "auto_scaling": SCALING,
        "cloudwatch_alarms": st.dictionaries(st.sampled_from(["x", "y"]), ALARMS),
    },
)
SHADOWS = st.fixed_dictionaries({"instance_type": st.just("ml.m5.large")}, optional=parts.OPTIONAL)
ASYNC = parts.ASYNC.map(
    lambda config: {name: value for name, value in config.items() if name != "include_response_in_notifications"}
)
ONE = st.fixed_dictionaries({"plain": VARIANTS})
PROVISIONED = st.one_of(
    st.fixed_dictionaries({"production_variants": parts.some(any=VARIANTS, plain=VARIANTS).filter(bool)}),
    st.fixed_dictionaries({"production_variants": ONE, "enable_data_capture": parts.CAPTURES}),
    st.fixed_dictionaries({"production_variants": ONE, "async_invocation_config": ASYNC}),
    st.fixed_dictionaries({"production_variants": ONE, "shadow_variants": st.fixed_dictionaries({"other": SHADOWS})}),
)
ENDPOINTS: st.SearchStrategy[Inventory] = st.fixed_dictionaries(
    {"provisioned": PROVISIONED}, optional={"encryption_key": st.just(KEY), "additional_tags": parts.TAGS}
)
INVENTORIES = (
    st.fixed_dictionaries(
        {
            "models": st.fixed_dictionaries(
                {"any": parts.MODELS, "plain": parts.PLAIN_MODELS, "other": parts.PLAIN_MODELS}
            ),
            "endpoints": st.dictionaries(st.sampled_from(["e", "f"]), ENDPOINTS, min_size=1),
        },
        optional={"additional_tags_all": parts.TAGS},
    )
    .map(parts.fitting)
    .filter(lambda inventory: bool(inventory["endpoints"]))
)


def test_whatever_the_module_makes_is_adopted_with_tags_alone(
    judged: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged.reset()

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(INVENTORIES)
    def adopt(inventory: Inventory) -> None:
        world = World(judged, monkeypatch, next(ACCOUNTS))
        terraform_apply(world, inventory)
        found = exported(world)
        assert_only_tags_change(world.apply(found, check=True))
        assert_only_tags_change(world.apply(found))
        assert_changes_nothing(world, found)

    adopt()


def test_the_words_of_the_module_themselves_are_adopted_with_tags_alone(world: World) -> None:
    """Containers in alphabetical order, as Terraform has them; nothing has to be exported."""
    terraform_apply(world, README)
    assert_only_tags_change(world.apply(README, check=True))


def test_containers_run_in_the_order_that_terraform_gave_them(world: World) -> None:
    container = {"image": "i"}
    models = {"demo-model": model(container_definitions={"zebra": container, "apple": container})}
    terraform_apply(world, {**README, "models": models})
    found = exported(world)
    assert list(found["models"]["demo-model"]["container_definitions"]) == ["apple", "zebra"]
    assert_only_tags_change(world.apply(found, check=True))
    in_other_order = world.apply({**README, "models": models}, check=True, adopt=True)
    assert in_other_order.effect("realtime-endpoint") == "redeploy"


def test_what_the_module_looks_for_in_the_wrong_place_is_listed_and_put_right(world: World) -> None:
    variant = {
        "instance_type": "ml.m5.large",
        "auto_scaling": {"policies": {"cpu": {"expression": "CPUUtilization average = 70"}}},
        "cloudwatch_alarms": {"memory": {"expression": "MemoryUtilization average > 90"}},
    }
    endpoints = {"e": {"provisioned": {"production_variants": {"m": variant}}}}
    terraform_apply(world, {"models": {"m": model()}, "endpoints": endpoints})
    found = info(world)
    metric = "target_tracking_scaling_policy_configuration.customized_metric_specification"
    assert [(each["resource"], each["path"], each["value"]) for each in found["not_expressed"]] == [
        ("alarm e/m/memory", "namespace", "AWS/SageMaker"),
        ("scaling endpoint/e/variant/m", f"policies.e/m/cpu.{metric}.namespace", "AWS/SageMaker"),
    ]
    refusal = world.apply(found["inventory"], check=True).error
    assert "alarm e/m/memory exists, belongs to no deployment and differs from the declaration in " in refusal
    assert "scaling endpoint/e/variant/m exists, belongs to no deployment and differs" in refusal
    planned = world.apply(found["inventory"], check=True, adopt=True)
    assert not planned.error
    assert planned.effect("e") == "tags only"
    assert planned.effect("e/m/memory", "alarms") == "in place"
    assert planned.effect("endpoint/e/variant/m", "targets") == "in place"


def test_terraform_finds_all_but_tags_as_it_left_it(world: World) -> None:
    """The way back, until the first update: every name and every request is the one that Terraform knows."""
    terraform_apply(world, README)
    before = info(world)
    assert not world.apply(exported(world)).error
    after = info(world)
    assert without_tags(after["endpoints"]) == without_tags(before["endpoints"])


def without_tags(value: t.Any) -> t.Any:
    """All but tags, and whose the endpoint is."""
    if isinstance(value, dict):
        return {key: without_tags(inner) for key, inner in value.items() if key not in ("tags", "deployment")}
    return [without_tags(inner) for inner in value] if isinstance(value, list) else value
