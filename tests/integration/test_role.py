# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which a play can have the role, held against what reaches AWS."""

from __future__ import annotations

import copy
import typing as t

import yaml

from simulator.testing import Aws

from .conftest import PREFIX, Workplace

ROLE = "friendsofansible.sagemaker.sagemaker_inference"
WRITES_OF_TAGS = (
    ("models", {"CreateModel"}),
    ("alarms", {"PutMetricAlarm"}),
    ("endpoints", {"CreateEndpointConfig", "CreateEndpoint"}),
    ("scaling", {"RegisterScalableTarget", "PutScalingPolicy"}),
)


def prefixed(inventory: dict[str, t.Any], **changes: t.Any) -> dict[str, t.Any]:
    """The inventory under the role's own names, with changes to its only variant."""
    declared = copy.deepcopy(inventory)
    declared["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"] |= changes
    return {PREFIX + name: value for name, value in declared.items()}


def test_in_a_play_whose_own_models_and_endpoints_are_something_else(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    bare: dict[str, t.Any] = {"models": ["T", "A"], "endpoints": "https://example.org", "additional_tags_all": 3}
    every = {"hosts": "all", "gather_facts": False}
    back = {"name": ROLE, "tasks_from": "rollback"}
    leave = {"include_role": {"name": ROLE}, "vars": {f"{PREFIX}state": "absent"}}
    plays: list[dict[str, t.Any]] = [
        {**every, "vars": prefixed(documented_example), "roles": [ROLE]},
        {**every, "vars": prefixed(documented_example, volume_size=20), "tasks": [{"import_role": {"name": ROLE}}]},
        {**every, "vars": {f"{PREFIX}rollback": ["realtime-endpoint"]}, "tasks": [{"include_role": back}]},
        {**every, "vars": prefixed(documented_example), "tasks": [leave]},
    ]
    path = workplace.folder / "plays.yml"
    path.write_text(yaml.safe_dump([{**play, "vars": bare | play["vars"]} for play in plays]))
    workplace.declare()
    outcome = workplace.run(path)
    assert outcome.returncode == 0, outcome.output
    assert [each["ModelName"] for each in workplace.sent("CreateModel")] == ["demo-model"]
    old, new = (each["EndpointConfigName"] for each in workplace.sent("CreateEndpointConfig"))
    assert [each["EndpointConfigName"] for each in workplace.sent("UpdateEndpoint")] == [new, old]
    assert workplace.left_over() == []


def test_tags_choose_kinds_of_resources(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example)
    for tag, expected in WRITES_OF_TAGS:
        workplace.simulator.clear_journal()
        assert workplace.run("apply", "--tags", tag).returncode == 0
        assert {entry["operation"] for entry in workplace.simulator.writes()} == expected
    assert not workplace.apply_here(**documented_example).changed


def test_tags_that_leave_parts_out(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example)
    assert workplace.run("apply", "--skip-tags", "alarms,scaling").returncode == 0
    made = {entry["operation"] for entry in workplace.simulator.writes()}
    assert made == {"CreateModel", "CreateEndpointConfig", "CreateEndpoint"}


def test_tags_that_select_nothing_say_so(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example)
    for playbook, arguments, reason in (
        (
            "apply",
            ("--tags", "alarm"),
            "--tags alarm selects none of its parts (models, alarms, endpoints, scaling, prune)",
        ),
        ("destroy", ("--tags", "alarms", "--skip-tags", "alarms"), "--skip-tags alarms leaves nothing of alarms"),
        ("rollback", ("--tags", "alarms"), "--tags alarms selects nothing of a rollback, which has no parts"),
    ):
        outcome = workplace.run(playbook, *arguments, "-e", f"{PREFIX}rollback=realtime-endpoint")
        assert outcome.returncode == 0, outcome.output
        assert f"Nothing done for account: {reason}" in outcome.output, outcome.output
    assert not workplace.simulator.journal()


def test_tags_of_the_role_select_it_whole(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example)
    outcome = workplace.play({"import_role": {"name": ROLE}, "tags": ["ml"]}, arguments=("--tags", "ml"))
    assert outcome.returncode == 0, outcome.output
    assert {"CreateEndpoint", "PutMetricAlarm", "PutScalingPolicy"} <= {
        entry["operation"] for entry in workplace.simulator.writes()
    }


def test_limited_to_a_host_and_delegated_by_it(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    regions = ("eu-west-1", "us-west-2")
    unreachable = {"ansible_connection": "ssh", "ansible_host": "192.0.2.1"}
    workplace.declare_hosts(
        {region: documented_example | unreachable | {f"{PREFIX}region": region} for region in regions}
    )
    delegated = {"import_role": {"name": ROLE}, "delegate_to": "localhost"}
    outcome = workplace.play(delegated, arguments=("--limit", "eu-west-1"))
    assert outcome.returncode == 0, outcome.output
    made = {
        region: Aws(workplace.simulator, region).client("sagemaker").list_endpoints()["Endpoints"] for region in regions
    }
    assert [len(made[region]) for region in regions] == [1, 0]
