# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``--check --diff`` tells of a change: what it costs, and which path of the inventory causes it."""

from __future__ import annotations

import copy
import typing as t

from .conftest import Workplace

VARIANT = "endpoints.realtime-endpoint.provisioned.production_variants.demo-model"


def test_the_plan_names_the_class_and_the_path_of_each_change(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    alarms = {"many": {"expression": "Invocations sum > 5"}}
    small = {"serverless": {"variant": {"model_name": "demo-model", "cloudwatch_alarms": alarms}}}
    documented_example["endpoints"]["small"] = small
    changed = copy.deepcopy(documented_example)
    variant = changed["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"]
    before, variant["instance_type"] = variant["instance_type"], "ml.m5.4xlarge"
    variant["auto_scaling"]["maximum_capacity"] = 3
    changed["endpoints"]["small"]["serverless"]["variant"]["cloudwatch_alarms"]["many"]["period"] = "5 minutes"
    workplace.arrange(**documented_example)
    workplace.declare(**changed)
    told = workplace.run("apply", "--check", "--diff")
    assert told.changed == 1
    for line in (
        "+++ after: endpoint realtime-endpoint (redeploy with scaling",
        f"-{VARIANT}.instance_type: {before}",
        f"+{VARIANT}.instance_type: ml.m5.4xlarge",
        "+++ after: scaling endpoint/realtime-endpoint/variant/demo-model (in place)",
        f"+{VARIANT}.auto_scaling.maximum_capacity: 3",
        "+++ after: alarm small/demo-model/many (in place)",
        "+endpoints.small.serverless.variant.cloudwatch_alarms.many.period: 300",
    ):
        assert f"\n{line}" in told.output
    workplace.declare(**documented_example)
    deleted = workplace.run("destroy", "--check", "--diff").output
    assert f"\n-{VARIANT}.instance_type: {before}" in deleted
    assert "\n-endpoints.small.serverless.variant.cloudwatch_alarms.many.period: 60" in deleted
