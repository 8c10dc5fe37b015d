# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories that are refused: through the role and the playbook, before the first call to AWS."""

from __future__ import annotations

import copy
import json
import re
import typing as t

from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import change, example
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_bad_inventories import BAD

from .conftest import Workplace

VARIANT = "endpoints.realtime-endpoint.provisioned.production_variants.demo-model"
PARTS = {"models", "endpoints", "additional_tags_all"}
FAILURE = re.compile(r"^fatal: \[([^]]+)\]: FAILED! => (\{.*\})$", re.MULTILINE)
HUGE = 10**5000
LONE_SURROGATE = "\ud800"


def spoilt(base: str, changes: t.Mapping[str, object]) -> dict[str, t.Any]:
    inventory = example(base)
    for path, value in changes.items():
        change(inventory, path, "{{ 10 ** 5000 }}" if value == HUGE else copy.deepcopy(value))
    return inventory


def can_be_played(base: str, changes: t.Mapping[str, object]) -> bool:
    """Not a part of another name, which is a variable that the role never reads, nor text that Ansible lets not in."""
    return set(spoilt(base, changes)) <= PARTS and LONE_SURROGATE not in changes.values()


REFUSED = [row for row in BAD if can_be_played(row[0], row[1])]


def test_every_bad_inventory_is_refused_by_the_role(workplace: Workplace) -> None:
    """Each inventory is that of a host, all in one run."""
    hosts = {f"host-{number}": spoilt(base, changes) for number, (base, changes, _path, _told) in enumerate(REFUSED)}
    workplace.declare_hosts(hosts)
    outcome = workplace.run("apply")
    assert outcome.returncode != 0
    assert "Traceback" not in outcome.output
    messages = {host: json.loads(result)["msg"] for host, result in FAILURE.findall(outcome.output)}
    assert set(messages) == set(hosts)
    for (_base, _changes, path, told), message in zip(REFUSED, map(messages.__getitem__, hosts), strict=True):
        assert "; nothing was sent to AWS:" in message
        lines = [line for line in message.splitlines() if line.startswith(f"- {path}: ")]
        assert any(all(word in line for word in told) for line in lines), (path, told, message)
    assert workplace.simulator.journal() == []


def test_all_problems_are_told_at_once_by_the_playbook(
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
        f'- {VARIANT}.instance_typ: unknown key; did you mean "instance_type"?',
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
