# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export without what the compiler would refuse: one part after the other, with the reason."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.drop_invalid import fitted
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example

VARIANT = "endpoints.e.provisioned.production_variants.m"


def test_a_valid_inventory_stays_whole() -> None:
    assert fitted(example("realtime"), {}) == (example("realtime"), [])


def test_only_the_invalid_schedule_is_left_out() -> None:
    valid = {"cron": "0 20 * * ? *", "maximum": 2}
    schedules = {"night": valid, "wrong": {"cron": "0 99 * * ? *", "maximum": 2}}
    found, omissions = fitted(change(example("realtime"), f"{VARIANT}.auto_scaling.schedules", schedules), {})
    assert found == change(example("realtime"), f"{VARIANT}.auto_scaling.schedules", {"night": valid})
    assert [each.resource for each in omissions] == ["scheduled action e.m.wrong"]
    assert "the hours cannot be '99'" in omissions[0].reason


def test_what_belongs_to_scaling_that_is_left_out_is_left_out_with_it() -> None:
    found, omissions = fitted(change(example("realtime"), f"{VARIANT}.auto_scaling.maximum_capacity", -1), {})
    assert "auto_scaling" not in found["endpoints"]["e"]["provisioned"]["production_variants"]["m"]
    assert [each.resource for each in omissions] == ["scaling endpoint/e/variant/m"]


def test_an_invalid_alarm_of_a_serverless_endpoint_is_left_out_alone() -> None:
    alarms = "endpoints.e.serverless.variant.cloudwatch_alarms"
    found, omissions = fitted(change(example("serverless"), f"{alarms}.b", {"expression": "nonsense"}), {})
    assert found == example("serverless")
    assert [each.resource for each in omissions] == ["alarm e/m/b"]


def test_an_invalid_endpoint_or_model_leaves_the_others() -> None:
    fates = {"endpoint e": "it stays", "model n": "it stays"}
    invalid = change(example("realtime"), "models.n", {})
    found, omissions = fitted(invalid, fates)
    assert found == example("realtime")
    assert [each.resource for each in omissions] == ["model n"]
    found, omissions = fitted(change(example("realtime"), f"{VARIANT}.instance_type", None), fates)
    assert (list(found["models"]), found["endpoints"]) == (list(example("realtime")["models"]), {})
    assert [each.resource for each in omissions] == ["endpoint e"]
