# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories that are refused: through the role and the playbook, before the first call to AWS."""

from __future__ import annotations

import copy
import json
import re
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_bad_inventories import BAD

from .conftest import Workplace
from .in_process import result_of
from .samples import COLLECTION, SAMPLES, presupposed

VARIANT = "endpoints.realtime-endpoint.provisioned.production_variants.demo-model"
PARTS = {"models", "endpoints", "additional_tags_all"}
FAILURE = re.compile(r"^fatal: \[([^]]+)\]: FAILED! => (\{.*\})$", re.MULTILINE)
HUGE = 10**5000
LONE_SURROGATE = "\ud800"


def with_changes(base: str, changes: t.Mapping[str, object]) -> dict[str, t.Any]:
    inventory = example(base)
    for path, value in changes.items():
        change(inventory, path, "{{ 10 ** 5000 }}" if value == HUGE else copy.deepcopy(value))
    return inventory


def can_be_played(base: str, changes: t.Mapping[str, object]) -> bool:
    """Not a part of another name, which is a variable that the role never reads, nor text that Ansible lets not in."""
    return set(with_changes(base, changes)) <= PARTS and LONE_SURROGATE not in changes.values()


REFUSED = [row for row in BAD if can_be_played(row[0], row[1])]


def test_every_bad_inventory_is_refused(workplace: Workplace) -> None:
    """Each inventory is that of a host, all in one run of the task that is the role's first."""
    hosts = {
        f"host-{number}": with_changes(base, changes) for number, (base, changes, _path, _message) in enumerate(REFUSED)
    }
    workplace.declare_hosts(hosts)
    outcome = workplace.play({f"{COLLECTION}.sagemaker_deployment": {"deployment": "default", "source": "inventory"}})
    assert outcome.returncode != 0
    assert "Traceback" not in outcome.output
    messages = {host: json.loads(result)["msg"] for host, result in FAILURE.findall(outcome.output)}
    assert set(messages) == set(hosts)
    for (_base, _changes, path, report), message in zip(REFUSED, map(messages.__getitem__, hosts), strict=True):
        assert "; nothing was sent to AWS:" in message
        lines = [line for line in message.splitlines() if line.startswith(f"- {path}: ")]
        assert any(all(word in line for word in report) for line in lines), (path, report, message)
    assert workplace.simulator.journal() == []


def test_all_problems_are_reported_at_once_by_the_playbook(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    inventory = copy.deepcopy(documented_example)
    change(inventory, "models.demo-model.enviroment", {})
    change(inventory, f"{VARIANT}.instance_typ", "ml.m5.large")
    change(inventory, f"{VARIANT}.cloudwatch_alarms.odd", {"expression": "Invocations averag > 1"})
    change(inventory, f"{VARIANT}.container_startup_timeout", "5 fortnights")
    change(inventory, "endpoints.empty", {})
    workplace.declare(**inventory)
    outcome = workplace.run("apply")
    assert outcome.returncode != 0
    assert "The inventory has 5 problems; nothing was sent to AWS:" in outcome.output
    for words in (
        "- models.demo-model.enviroment: unknown key",
        f'- {VARIANT}.instance_typ: unknown key; did you mean "instance_type" or "instance_pools"?',
        f"- {VARIANT}.cloudwatch_alarms.odd.expression: 'Invocations averag > 1', column 13",
        f"- {VARIANT}.container_startup_timeout: '5 fortnights'",
        "- endpoints.empty: exactly one of provisioned and serverless must be given",
    ):
        assert words in outcome.output
    assert "Traceback" not in outcome.output
    assert workplace.simulator.journal() == []


def test_prefixed_variables_of_any_type_reach_the_compiler(workplace: Workplace) -> None:
    given: tuple[object, ...] = ([], "demo-model", 7, {"m": None})
    hosts = {f"host-{number}": {"sagemaker_inference_models": models} for number, models in enumerate(given)}
    workplace.declare_hosts(hosts)
    outcome = workplace.run("apply")
    messages = {host: json.loads(result)["msg"] for host, result in FAILURE.findall(outcome.output)}
    assert set(messages) == set(hosts)
    for message in messages.values():
        assert "; nothing was sent to AWS:\n- sagemaker_inference_models" in message
    assert workplace.simulator.journal() == []


NAMELESS: tuple[tuple[dict[str, t.Any], str], ...] = (
    ({"deployment": ""}, "deployment: '' is blank; allowed: 1 to 256 letters, digits, spaces and"),
    ({"deployment": "  "}, "deployment: '  ' is blank"),
    ({"deployment": None}, "deployment: null is blank"),
    ({"deployment": "{{ lookup('env', 'NOBODY_HAS_SET_THIS') }}"}, "deployment: '' is blank"),
    ({"deployment": "a*"}, "deployment: 'a*' contains '*'"),
    ({"deployment": "aws:a"}, "deployment: 'aws:a' begins with aws:"),
    ({"deployment": "a" * 257}, "has 257 characters"),
    ({"region": ""}, "region: '' is blank; set it, or leave it out"),
    ({"profile": ""}, "profile: '' is blank; set it, or leave it out"),
    ({"profile": None}, "profile: null is blank"),
    ({"deploymant": "a"}, 'deploymant: unknown variable; did you mean "sagemaker_inference_deployment"?'),
)


FILELESS: tuple[tuple[dict[str, t.Any], str], ...] = (
    ({"approved_plan": ""}, "approved_plan: '' is blank; set it, or leave it out"),
    ({"approved_plan": None}, "approved_plan: null is blank"),
    ({"plan_file": "{{ lookup('env', 'NOBODY_HAS_SET_THIS') }}"}, "plan_file: '' is blank"),
)
AIMLESS: tuple[tuple[dict[str, t.Any], str], ...] = (
    ({"rollback": ""}, "rollback: '' is blank"),
    ({"rollback": []}, "rollback: empty; name at least one endpoint"),
)


@pytest.mark.parametrize(
    ("playbook", "more"),
    [
        ("apply", FILELESS),
        ("plan", FILELESS),
        ("destroy", FILELESS),
        ("rollback", (*AIMLESS, *FILELESS)),
        (
            "export",
            (
                ({"export_endpoints": ["e", ""]}, "export_endpoints: '' is blank"),
                ({"export_file": ""}, "export_file: '' is blank"),
            ),
        ),
    ],
)
def test_a_playbook_asks_nobody_where_a_name_is_blank(
    workplace: Workplace, documented_example: dict[str, t.Any], playbook: str, more: tuple[t.Any, ...]
) -> None:
    """Each name is that of a host, all in one run; another deployment is there for the taking."""
    workplace.arrange(**documented_example, sagemaker_inference_deployment="other")
    workplace.simulator.clear_journal()
    rows = [*NAMELESS, *more]
    every = documented_example | {"sagemaker_inference_rollback": "realtime-endpoint"}
    prune = {"sagemaker_inference_prune": True} if playbook == "apply" else {}
    prefixed = [{f"sagemaker_inference_{name}": value for name, value in names.items()} for names, _message in rows]
    hosts = {
        f"host-{number}": every | prune | {"sagemaker_inference_deployment": f"name-{number}"} | names
        for number, names in enumerate(prefixed)
    }
    workplace.declare_hosts(hosts)
    outcome = workplace.run(playbook)
    assert "Traceback" not in outcome.output
    messages = {host: json.loads(result)["msg"] for host, result in FAILURE.findall(outcome.output)}
    assert set(messages) == set(hosts)
    for (_names, report), host in zip(rows, hosts, strict=True):
        assert f"\n- sagemaker_inference_{report}" in messages[host] or f"{report};" in messages[host], messages[host]
        assert "; nothing was sent to AWS:" in messages[host]
    assert workplace.simulator.journal() == []
    assert not list(workplace.folder.glob("sagemaker-inference*"))


def test_no_module_takes_a_blank_name_for_none(workplace: Workplace) -> None:
    """The first of the names with Ansible, too, which starts a process for each module."""
    presupposed(workplace)
    deployment = {f"{COLLECTION}.sagemaker_deployment": {"deployment": "a", "endpoints": [{"endpoint_name": "given"}]}}
    tasks = [
        *(sample.task(sample.names[0] | {"state": "absent"}) for sample in SAMPLES),
        {f"{COLLECTION}.sagemaker_endpoint": {"endpoint_name": "given", "state": "rolled_back"}},
        {f"{COLLECTION}.sagemaker_deployment": deployment[f"{COLLECTION}.sagemaker_deployment"] | {"state": "absent"}},
        {f"{COLLECTION}.sagemaker_inference_info": {}},
    ]
    rows = [(*row, task) for row in (*NAMELESS[:1], *NAMELESS[4:9]) for task in tasks]
    first = workplace.results(*(with_names(task, names) for names, _message, task in rows[: len(tasks)]))
    others = [result_of(workplace, with_names(task, names)) for names, _message, task in rows[len(tasks) :]]
    for result, (_names, report, _task) in zip(first + others, rows, strict=True):
        assert result["failed"] is True
        assert result["msg"].startswith("Invalid options; no AWS call was made:\n- ")
        assert report in result["msg"]
    assert workplace.simulator.journal() == []


def with_names(task: dict[str, t.Any], names: dict[str, t.Any]) -> dict[str, t.Any]:
    ((module, options),) = task.items()
    return {module: options | names}


def test_a_variable_of_the_environment_that_is_blank_is_an_unset_one(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**documented_example)
    assert workplace.run("plan", environment={"AWS_REGION": ""}).changed == 1


def test_an_empty_pattern_of_hosts_is_not_all_of_them(workplace: Workplace) -> None:
    workplace.declare()
    for blank in ("", " "):
        outcome = workplace.run("destroy", "-e", json.dumps({"sagemaker_inference_hosts": blank}))
        assert outcome.returncode != 0
        assert "cannot have empty values" in outcome.output


def test_a_slip_in_a_name_is_reported_before_anything_is_sent(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    unknown = '- sagemaker_inference_prunee: unknown variable; did you mean "sagemaker_inference_prune"?'
    slip = {"model": documented_example["models"], "endpoints": documented_example["endpoints"]}
    for declared, extra, result in (
        (documented_example | {"sagemaker_inference_prunee": True}, (), unknown),
        (documented_example, ("-e", "sagemaker_inference_prunee=true"), unknown),
        (slip, (), '- model: did you mean "models"?'),
    ):
        workplace.declare(**declared)
        outcome = workplace.run("apply", *extra)
        assert outcome.returncode == 2
        assert result in json.loads(dict(FAILURE.findall(outcome.output))["account"])["msg"]
    assert workplace.simulator.journal() == []
