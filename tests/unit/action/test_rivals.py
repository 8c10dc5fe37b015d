# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who else declares something for the same account, region and deployment."""

from __future__ import annotations

import types
import typing as t
from pathlib import Path

import pytest
from ansible import constants
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.declared_elsewhere import problems_of_others
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.prune_guard import problems_of_pruning
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.rivals import rivals
from ansible_collections.friendsofansible.sagemaker.tests.unit.action.actions import trusted

OPTIONS = {"source": "inventory", "prune": True, "deployment": "search", "region": "{{ place }}"}
ONE = {"endpoints": {"e": {}}, "place": "eu-west-1"}

Facts = dict[str, t.Any]


class Run:
    """A task on hosts with these variables, of which only those in *play_hosts* are in the play."""

    def __init__(self, hosts: t.Mapping[str, Facts], environment: Facts | None = None, **task: t.Any) -> None:
        self._hosts: dict[str, Facts] = trusted(dict(hosts))
        self.play_hosts = list(hosts)
        every = [types.SimpleNamespace(name=name) for name in hosts]
        self._inventory = types.SimpleNamespace(get_host=lambda name: name, get_hosts=lambda *_pattern, **_how: every)
        play = types.SimpleNamespace(hosts="all", get_ds=lambda: {"environment": trusted(environment)})
        variables = types.SimpleNamespace(get_vars=lambda play, host, task: dict(self._hosts[host]))
        self._task = types.SimpleNamespace(
            **{"run_once": False, **task},
            _uuid="a-task",
            play=play,
            action="deployment",
            resolved_action="deployment",
            module_defaults=[{"deployment": {"deployment": "search"}}],
            get_ds=lambda: {"deployment": trusted(OPTIONS)},
            get_variable_manager=lambda: variables,
        )
        self._environment = trusted(environment or {})

    def of(self, host: str) -> tuple[t.Any, Facts, Facts]:
        """What the action on the host is given: the task, its options and its variables."""
        templar = Templar(loader=DataLoader(), variables=dict(self._hosts[host]))
        options: Facts = templar.template(trusted(OPTIONS))
        self._task.environment = [templar.template(self._environment)]
        endpoints = [{"endpoint_name": name} for name in self._hosts[host].get("endpoints") or ()]
        hostvars = types.SimpleNamespace(_inventory=self._inventory)
        known = {"inventory_hostname": host, "ansible_play_hosts_all": self.play_hosts, "hostvars": hostvars}
        return self._task, options | {"endpoints": endpoints}, {**self._hosts[host], **known}


@pytest.fixture(autouse=True)
def _no_earlier_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))


@pytest.mark.parametrize(
    ("one", "other", "are_rivals"),
    [
        ({}, {}, True),
        ({}, {"place": "{{ 'eu-' ~ 'west-1' }}"}, True),
        ({}, {"place": "eu-west-2"}, False),
        ({}, {"endpoints": None}, False),
        ({}, {"place": "{{ undefined_here }}"}, False),
        ({"profile": "p"}, {"profile": "p"}, True),
        ({"profile": "p"}, {"profile": "q"}, False),
        ({"key": "AKIAQQQQQQQQQQQQQQQQ"}, {"key": "ASIAQQQQQQQQRQQQQQQQ"}, True),
        ({"key": "AKIAQQQQQQQQQQQQQQQQ"}, {"key": "AKIA7777777777777777"}, False),
        ({"bucket": "a"}, {"bucket": "b"}, False),
    ],
)
def test_two_hosts(one: Facts, other: Facts, are_rivals: bool) -> None:
    environment = {
        "AWS_PROFILE": "{{ profile | default('') }}",
        "AWS_ACCESS_KEY_ID": "{{ key | default('') }}",
        "AWS_SOMETHING_NEW": "{{ bucket | default('') }}",
    }
    hosts = {"one": ONE | one, "other": ONE | other}
    task, options, variables = Run(hosts, environment).of("one")
    assert rivals(task, options, variables, DataLoader()) == (["other"] if are_rivals else [])


def test_a_task_that_runs_once_has_no_rivals() -> None:
    task, options, variables = Run({"one": ONE, "other": ONE}, run_once=True).of("one")
    assert rivals(task, options, variables, DataLoader()) == []


def test_a_rival_forbids_to_prune() -> None:
    task, options, variables = Run({"one": ONE, "other": ONE}).of("one")
    (problem,) = problems_of_pruning(task, options, variables, DataLoader())
    assert problem.path == "prune"
    assert problem.message.startswith("this host has the same account, region and deployment as other, so prune would")
    assert problems_of_pruning(task, options | {"prune": False}, variables, DataLoader()) == []


def test_a_task_that_prunes_lists_what_stays() -> None:
    task, options, variables = Run({"one": ONE}).of("one")
    listed = options | {"source": "options", "models": [], "endpoints": None}
    (problem,) = problems_of_pruning(task, listed, variables, DataLoader())
    assert (problem.path, problem.message) == (
        "endpoints",
        "not given, and a task that prunes deletes what is not listed; give an empty list to keep none",
    )


def test_what_limit_leaves_out_is_not_pruned() -> None:
    hosts = {
        "one": ONE,
        "elsewhere": ONE | {"endpoints": {"f": {}}, "place": "eu-west-2"},
        "equal": ONE,
        "other": ONE | {"endpoints": {"g": {}}},
        "templates": ONE | {"endpoints": "{{ {'h': {}} }}"},
        "undefined": ONE | {"endpoints": "{{ undefined_here }}"},
    }
    run = Run(hosts)
    run.play_hosts = ["one"]
    task, options, variables = run.of("one")
    found = problems_of_others(task, options, variables, DataLoader())
    assert [each.message.partition(" for the same")[0] for each in found] == [
        "other, which --limit leaves out, declares endpoint g",
        "templates, which --limit leaves out, declares endpoint h",
    ]


@pytest.mark.parametrize(
    ("earlier", "message"),
    [
        ({"f": {}}, "an earlier task, for one, declares endpoint f"),
        # It only gets smaller.
        ({"e": {}, "f": {}}, None),
        ({}, None),
    ],
)
def test_what_an_earlier_task_declares_is_not_pruned(earlier: Facts, message: str | None) -> None:
    tasks: list[Facts] = [earlier, {"e": {}}]
    for endpoints in tasks:
        task, options, variables = Run({"one": ONE | {"endpoints": endpoints}}).of("one")
        found = problems_of_others(task, options, variables, DataLoader())
    assert [each.message.partition(" for the same")[0] for each in found] == ([message] if message else [])


def test_what_is_deleted_by_name_asks_nobody() -> None:
    task, options, variables = Run({"one": ONE, "other": ONE}).of("one")
    assert problems_of_others(task, options | {"state": "absent"}, variables, DataLoader()) == []
