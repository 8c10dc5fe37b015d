# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Effect,
    Output,
    Plan,
    Step,
    Until,
    Wait,
    as_data,
    from_data,
    rendered,
    with_outputs,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import path_of, resource_of

STEP = Step("sagemaker", "CreateModel", {"Environment": {"TOKEN": "hush"}}, "missing")
WAIT = Wait("rt", Until.IN_SERVICE, "rt-01234567")


def test_a_plan_reads_like_the_inventory() -> None:
    plan = Plan(
        resource_of("endpoint rt"),
        Effect.REDEPLOY,
        differences=(
            Difference(path_of("production_variants.v.instance_type"), "ml.m5.large", "ml.m5.xlarge"),
            Difference(path_of("production_variants.v.initial_instance_count"), 1, 2, is_mutable=True),
            Difference(path_of("kms_key_id"), None, "k"),
            Difference(path_of("async_inference_config.output_config.s3_output_path"), "s3://b", None),
            Difference(path_of("vpc_config.subnets"), ["a", "b"], ["a"]),
            Difference(path_of("enable_network_isolation"), True, False),
        ),
        steps=(STEP,),
        notes=("new generation", "keeps the old one"),
    )
    assert rendered(plan) == {
        "before_header": "endpoint rt",
        "after_header": "redeploy; new generation; keeps the old one",
        "before": (
            "production_variants.v.instance_type: ml.m5.large\n"
            "production_variants.v.initial_instance_count: 1\n"
            "async_inference_config.output_config.s3_output_path: s3://b\n"
            "vpc_config.subnets: a, b\n"
            "enable_network_isolation: true\n"
        ),
        "after": (
            "production_variants.v.instance_type: ml.m5.xlarge\n"
            "production_variants.v.initial_instance_count: 2\n"
            "kms_key_id: k\n"
            "vpc_config.subnets: a\n"
            "enable_network_isolation: false\n"
        ),
    }


def test_a_plan_reads_the_same_after_its_way_through_json_and_carries_no_secret() -> None:
    differences = (
        Difference(path_of("environment.TOKEN"), "hush", "hush-hush", is_secret=True),
        Difference(path_of("environment.NEW"), None, "hush", is_secret=True),
        Difference(path_of("threshold"), 1.0, None),
        Difference(path_of("vpc_config.subnets"), ["a", "b"], ["a"]),
        Difference(path_of("enable_network_isolation"), True, False),
    )
    plan = Plan(
        resource_of("model demo"),
        Effect.REDEPLOY_SCALED,
        differences=differences,
        steps=(STEP,),
        notes=("new generation",),
    )
    text = json.dumps(as_data(plan))
    assert "hush" not in text
    assert rendered(from_data(json.loads(text))) == rendered(plan)


def test_secrets_show_that_they_changed_and_not_how() -> None:
    differences = (
        Difference(path_of("environment.NEW"), None, "hush", is_secret=True),
        Difference(path_of("environment.OLD"), "hush", None, is_secret=True),
        Difference(path_of("environment.TOKEN"), "hush", "hush-hush", is_secret=True),
    )
    diff = rendered(Plan(resource_of("model demo"), Effect.CREATE, differences=differences, steps=(STEP,)))
    assert diff["before"] == "environment.OLD: (hidden)\nenvironment.TOKEN: (hidden)\n"
    assert diff["after"] == "environment.NEW: (hidden)\nenvironment.TOKEN: (hidden, changed)\n"
    assert "hush" not in str(diff)


@pytest.mark.parametrize("effect", list(Effect))
def test_the_header_says_what_the_change_costs(effect: Effect) -> None:
    assert rendered(Plan(resource_of("model demo"), effect))["after_header"] == effect.value


@pytest.mark.parametrize(
    ("steps", "changes"), [((), False), ((WAIT,), False), ((STEP,), True), ((WAIT, STEP, WAIT), True)]
)
def test_a_plan_changes_something_when_it_makes_a_call(steps: tuple[Step | Wait, ...], changes: bool) -> None:
    assert Plan(resource_of("endpoint rt"), Effect.NONE, steps=steps).changes == changes


def test_a_step_takes_what_an_earlier_one_answered() -> None:
    step = Step("x", "Put", {"Arn": Output("Register", "TargetARN"), "Name": "n"}, "changed")
    assert with_outputs(step, {"Register": {"TargetARN": "arn:x"}, "Other": {}}).parameters == {
        "Arn": "arn:x",
        "Name": "n",
    }
