# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which a play can use the role, and the calls that it makes."""

from __future__ import annotations

import copy
import json
import typing as t

import yaml

from simulator.testing import Aws

from .conftest import PREFIX, ROOT, Workplace

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


NO_PART = "none of its parts (models, alarms, endpoints, scaling, prune)"
NOTHING_SELECTED = (
    ("apply", ("--tags", "alarm"), f"--tags alarm selects {NO_PART}"),
    ("plan", ("--tags", "alarm"), f"--tags alarm selects {NO_PART}"),
    ("audit", ("--tags", "alarm"), f"--tags alarm selects {NO_PART}"),
    ("audit", ("--skip-tags", "alarms", "--tags", "alarms"), "--skip-tags alarms leaves nothing of alarms"),
    ("destroy", ("--tags", "alarms", "--skip-tags", "alarms"), "--skip-tags alarms leaves nothing of alarms"),
    ("rollback", ("--tags", "alarms"), "--tags alarms selects nothing: a rollback has no parts that tags could select"),
    (
        "smoke",
        ("--tags", "endpoints"),
        "--tags endpoints selects nothing: a smoke test has no parts that tags could select",
    ),
    ("export", ("--tags", "models"), "--tags models selects nothing: an export has no parts that tags could select"),
)


def test_each_playbook_is_asked_for_what_its_tags_do_not_select() -> None:
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    assert {playbook for playbook, *_rest in NOTHING_SELECTED} == playbooks


def test_tags_that_select_nothing_say_so(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example)
    smoke = {"realtime-endpoint": {"body": "a lovely day"}}
    file = workplace.folder / "exported.yml"
    variables = {"rollback": "realtime-endpoint", "smoke_requests": smoke, "export_file": str(file)}
    given = json.dumps({PREFIX + name: value for name, value in variables.items()})
    for playbook, arguments, reason in NOTHING_SELECTED:
        outcome = workplace.run(playbook, *arguments, "-e", given)
        assert outcome.returncode == 0, outcome.output
        assert outcome.output.count(f"Nothing done for account: {reason}") == 1, outcome.output
    assert not workplace.simulator.journal()
    assert not file.exists()


def test_tags_of_a_part_do_not_take_the_risks_from_an_audit(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example)
    workplace.declare(**documented_example)
    audited = workplace.run("audit", "--tags", "models")
    assert audited.returncode == 0, audited.output
    assert "model demo-model: its containers can make network calls" in audited.output


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
