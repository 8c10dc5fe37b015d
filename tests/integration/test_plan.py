# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``--check --diff`` shows of a change: what it costs, and which path of the inventory causes it."""

from __future__ import annotations

import copy
import typing as t

from .conftest import Workplace

VARIANT = "provisioned.production_variants.demo-model"


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
    result = workplace.run("apply", "--check", "--diff")
    assert result.changed == 1
    for line in (
        "--- before: endpoints.realtime-endpoint\n+++ after: redeploy with scaling; +",
        f"-{VARIANT}.instance_type: {before}",
        f"+{VARIANT}.instance_type: ml.m5.4xlarge",
        f"--- before: endpoints.realtime-endpoint.{VARIANT}.auto_scaling\n+++ after: in place",
        "+maximum_capacity: 3",
        "--- before: endpoints.small.serverless.variant.cloudwatch_alarms.many\n+++ after: in place",
        "-period: 1 minute",
        "+period: 5 minutes",
    ):
        assert f"\n{line}" in result.output
    workplace.declare(**documented_example)
    deleted = workplace.run("destroy", "--check", "--diff").output
    assert "--- before: endpoints.realtime-endpoint\n+++ after: delete\n" in deleted
    many = "--- before: endpoints.small.serverless.variant.cloudwatch_alarms.many\n+++ after: delete\n"
    assert f"\n{many}@@ -1 +0,0 @@\n-expression: Invocations Sum > 5\n" in deleted
