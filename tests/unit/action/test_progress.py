# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the results of one slice of the wait after the other become one, and what is shown in between."""

from __future__ import annotations

import signal
import types
import typing as t

import pytest
from ansible.utils.display import Display
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.preconditions import (
    problems_of_options,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import PROGRESS, ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils import progress
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import Line, ProgressAction, show
from ansible_collections.friendsofansible.sagemaker.tests.unit.action.actions import action_of

Facts = dict[str, t.Any]


def merged(*results: Facts) -> Facts:
    """The results of several calls as one."""
    first, *others = map(ModuleResult.from_data, results)
    for each in others:
        first = first.merged_with(each)
    return first.as_data()


def line_of(result: Facts, *more: t.Any) -> str:
    return Line("eu").meanwhile(ModuleResult.from_data(result), *more)


def endpoint(name: str, *, changed: bool = False, effect: str = "no change", **more: t.Any) -> Facts:
    return {"name": name, "changed": changed, "effect": effect} | more


def waiting(name: str, status: str = "Creating", stage: str = "") -> Facts:
    return {"name": name, "status": status, "stage": stage, "wait": {"endpoint_name": name}}


def test_a_list_keeps_its_order_and_what_was_done_first() -> None:
    first = {
        "changed": True,
        "diff": ["plan"],
        "endpoints": [endpoint("a", changed=True, effect="create"), endpoint("b", changed=True, effect="redeploy")],
    }
    second = {"changed": False, "diff": [], "endpoints": [endpoint("b", endpoint_status="InService")]}
    result = merged(first, second)
    assert result["changed"] is True
    assert result["diff"] == ["plan"]
    assert [(each["name"], each["effect"], each["changed"]) for each in result["endpoints"]] == [
        ("a", "create", True),
        ("b", "redeploy", True),
    ]
    assert result["endpoints"][1]["endpoint_status"] == "InService"


def test_one_endpoint_stays_one() -> None:
    first = {"changed": True, "diff": [], "endpoint": endpoint("a", changed=True, effect="create")}
    second = {"changed": False, "diff": [], "endpoint": endpoint("a")}
    assert merged(first, second)["endpoint"] == endpoint("a", changed=True, effect="create")


def test_an_early_failure_is_not_forgotten_when_the_rest_succeeds() -> None:
    first = {
        "changed": True,
        "failed": True,
        "msg": "1 of 2 endpoints failed:\n- a: broken",
        "errors": ["a: broken"],
        "endpoints": [endpoint("a", error="broken"), endpoint("b")],
    }
    result = merged(first, {"changed": False, "endpoints": [endpoint("b")]})
    assert result["failed"] is True
    assert result["msg"] == "1 of 2 endpoints failed:\n- a: broken"
    assert result["endpoints"][0]["error"] == "broken"


def test_a_module_that_cannot_even_start_tells_why_beside_what_went_before() -> None:
    first = {"changed": True, "diff": ["plan"], "endpoints": [endpoint("a", changed=True, effect="create")]}
    message = merged(first, {"failed": True, "msg": "Couldn't connect to AWS: the token has expired"})
    assert (message["changed"], message["failed"], message["diff"]) == (True, True, ["plan"])
    assert message["msg"].startswith("the AWS credentials have expired: sign in again")
    assert message["msg"].endswith("(Couldn't connect to AWS: the token has expired)")


def test_warnings_of_every_slice_are_reported_once() -> None:
    result = [{"changed": False, "warnings": warnings} for warnings in (["a"], ["b", "a"])]
    assert merged(*result)["warnings"] == ["a", "b"]
    assert "warnings" not in merged({"changed": False}, {"changed": False})


def failing(*errors: str, **resources: list[Facts]) -> Facts:
    return {"changed": True, "failed": True, "errors": list(errors), **resources}


def test_failures_of_several_calls_are_reported_together() -> None:
    first = {
        "changed": True,
        "failed": True,
        "errors": ["a: x"],
        "endpoints": [endpoint("a", error="x"), endpoint("b")],
    }
    second = {"changed": True, "failed": True, "errors": ["b: y"], "endpoints": [endpoint("b", error="y")]}
    assert merged(first, second)["msg"] == "2 of 2 endpoints failed:\n- a: x\n- b: y"


def test_a_line_tells_who_is_ready_and_who_is_not() -> None:
    result = {"endpoints": [*(endpoint(name) for name in "abc"), endpoint("d", error="broken")]}
    pending = [waiting("b"), waiting("c", "Updating", "Baking")]
    line = line_of(result, pending, {"b": 30.2, "c": 90.4})
    assert line == "eu: 1 of 4 endpoints ready, 1 failed; b: Creating for 30 s; c: Updating (Baking) for 1 min 30 s"
    assert line_of({"endpoint": endpoint("a")}, [waiting("a")], {"a": 7}) == (
        "eu: 0 of 1 endpoints ready; a: Creating for 7 s"
    )


def test_a_line_tells_what_aws_tells_of_a_rollout() -> None:
    result = {"endpoints": [endpoint("a")]}
    at = waiting("a", "Updating", "Baking") | {"instances": "2 of 4", "next_step_seconds": 270.4}
    assert line_of(result, [at], {"a": 90}) == (
        "eu: 0 of 1 endpoints ready; a: Updating (Baking, 2 of 4 instances, next step in 4 min 30 s) for 1 min 30 s"
    )
    at = waiting("a", "Updating", "Updating") | {"instances": "", "next_step_seconds": 0.0}
    assert line_of(result, [at], {"a": 90}).endswith("a: Updating (next step in 0 s) for 1 min 30 s")


def test_the_last_line_tells_how_it_ended() -> None:
    result = ModuleResult.from_data({"endpoints": [endpoint("a"), endpoint("b", error="broken")]})
    assert Line("eu").at_the_end(result, 725) == "eu: 1 of 2 endpoints ready, 1 failed after 12 min 5 s"
    gone = ModuleResult.from_data({"endpoints": [endpoint("a")]})
    assert Line("eu", is_deletion=True).at_the_end(gone, 5) == "eu: 1 of 1 endpoints deleted after 5 s"


def test_a_line_on_a_fleet_tells_of_those_that_were_looked_at() -> None:
    pending = [waiting("a"), {"name": "b", "wait": {}}, {"name": "c", "wait": {}}]
    line = line_of({"endpoints": [endpoint(name) for name in "abc"]}, pending, dict.fromkeys("abc", 7))
    assert line == "eu: 0 of 3 endpoints ready; a: Creating for 7 s; 2 more"


def test_kinds_after_each_other_are_reported_one_after_the_other() -> None:
    models = {"changed": True, "failed": True, "errors": ["m: x"], "models": [endpoint("m", error="x"), endpoint("n")]}
    endpoints = {
        "changed": False,
        "failed": True,
        "errors": ["e: y", "old e: z"],
        "endpoints": [endpoint("e", error="y")],
    }
    result = merged(models, endpoints)
    assert result["msg"] == "1 of 2 models failed:\n- m: x\n1 of 1 endpoints failed:\n- e: y\nold e: z"
    assert [each["name"] for each in result["models"]] == ["m", "n"]


def test_a_signal_waits_until_a_line_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[set[int]] = []
    monkeypatch.setattr(Display, "display", lambda _self, _text: held.append(blocked()))
    before = blocked()
    show("eu: 3 of 4 endpoints ready")
    assert held == [before | {signal.SIGINT, signal.SIGTERM}]
    assert blocked() == before


def blocked() -> set[int]:
    """The signals that wait."""
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def test_each_call_gets_the_time_limit_as_it_was_given_and_what_the_earlier_calls_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rollout that pauses on purpose may take longer than the time limit."""
    now = [0.0]
    calls: list[Facts] = []

    def called(_action: ProgressAction, options: Facts, _variables: Facts) -> ModuleResult:
        calls.append(options)
        now[0] += 40
        return ModuleResult.from_data({"pending": [waiting("a")] if len(calls) < 3 else [], "carried": {}})

    monkeypatch.setattr(progress, "time", types.SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(ProgressAction, "_call", called)
    monkeypatch.setattr(Display, "display", lambda *_text, **_more: None)
    options = {"wait_timeout": 60, "progress_interval": 30}
    action_of(ProgressAction, options).in_slices(dict(options), {})
    assert [each["wait_timeout"] for each in calls] == [60, 60, 60]
    assert [each[PROGRESS]["elapsed_seconds"] for each in calls] == [0, 40, 80]
    assert not any(problems_of_options(each) for each in calls)
