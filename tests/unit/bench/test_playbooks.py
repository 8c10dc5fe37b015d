# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role is measured against does the same work."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.tests.bench import fleet, playbooks, terraform
from ansible_collections.friendsofansible.sagemaker.tests.bench.plain_boto3 import CALLS


def test_one_task_for_each_kind_loops_over_all_resources() -> None:
    (play,) = playbooks.looped(fleet.inventory(2))
    assert [len(task["loop"]) for task in play["tasks"]] == [2, 8, 2, 2]


def test_an_option_that_only_some_resources_have_is_left_out_for_the_others() -> None:
    (play,) = playbooks.looped(fleet.inventory(1))
    alarms = next(task for name, task in zip("malt", play["tasks"], strict=True) if name == "a")
    options = alarms["friendsofansible.sagemaker.sagemaker_alarm"]
    assert options["statistic"] == "{{ item.statistic | default(omit) }}"
    assert "extended_statistic" in options


def test_both_ways_make_the_same_alarms() -> None:
    (looped,), (listed,) = playbooks.cloudwatch_alarms(3), playbooks.listed_alarms(3)
    alarms = listed["tasks"][0]["friendsofansible.sagemaker.sagemaker_alarm"]["alarms"]
    assert [alarm["alarm_name"] for alarm in alarms] == looped["tasks"][0]["loop"]


def test_every_call_of_the_provider_is_known() -> None:
    tables = (terraform.CREATE, terraform.REFRESH, terraform.UPDATE, terraform.DELETE)
    assert {call for table in tables for calls in table.values() for call in calls} == set(CALLS)


def test_everything_that_is_made_is_read_and_deleted() -> None:
    kinds = [kind for stage in terraform.IN_ORDER for kind in stage]
    assert set(kinds) == set(terraform.CREATE) == set(terraform.REFRESH) == set(terraform.DELETE)
    assert len(kinds) == len(set(kinds))
