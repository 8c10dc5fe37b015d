# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pruning through the role: off by default, listed in check mode, limited, and never after a failure."""

from __future__ import annotations

import copy
import json
import re
import typing as t

from .conftest import PREFIX, Outcome, Workplace
from .samples import COLLECTION

DEPLOYMENT = f"{PREFIX}deployment"
NAMED = {DEPLOYMENT: "search"}
PRUNE = {f"{PREFIX}prune": True}
FAILURE = re.compile(r"^fatal: \[([^]]+)\]: FAILED! => (\{.*\})$", re.MULTILINE)


def fleet(documented_example: dict[str, t.Any], count: int) -> dict[str, t.Any]:
    endpoint = documented_example["endpoints"]["realtime-endpoint"]
    endpoints = {f"e{number}": copy.deepcopy(endpoint) for number in range(count)}
    return documented_example | {"endpoints": endpoints} | NAMED


def refusals(outcome: Outcome) -> dict[str, str]:
    """The message by host."""
    assert "Traceback" not in outcome.output
    return {host: json.loads(result)["msg"] for host, result in FAILURE.findall(outcome.output)}


def test_the_role_prunes_when_that_is_set(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**fleet(documented_example, 3))
    left = fleet(documented_example, 1)
    workplace.declare(**left)
    assert workplace.run("apply").changed == 0
    workplace.declare(**left, sagemaker_inference_prune=True, sagemaker_inference_prune_limit=1)
    workplace.simulator.clear_journal()
    refused = workplace.run("apply")
    assert refused.returncode == 2
    assert (
        "nothing was pruned: 2 endpoints (e1, e2) would be deleted, more than prune_limit allows (1)" in refused.output
    )
    assert workplace.simulator.writes() == []
    workplace.declare(**left, sagemaker_inference_prune=True)
    listed = workplace.run("apply", "--check", "--diff")
    assert workplace.simulator.writes() == []
    assert "--- before: endpoints.e1\n+++ after: delete\n" in listed.output
    assert workplace.run("apply").changed == listed.changed == 1
    assert not [name for name in workplace.left_over() if re.search(r"\be[12]\b", name)]
    assert not workplace.apply_here(**left, sagemaker_inference_prune=True).changed


def test_nothing_is_pruned_after_a_failure(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**fleet(documented_example, 2))
    left = fleet(documented_example, 1)
    variants = left["endpoints"]["e0"]["provisioned"]["production_variants"]
    variants["demo-model"]["volume_size"] = 20
    workplace.declare(**left, sagemaker_inference_prune=True)
    workplace.simulator.fault("rollout_fails", name="e0", reason="no capacity")
    assert workplace.run("apply").returncode == 2
    assert workplace.sent("DeleteEndpoint") == []
    assert workplace.run("apply").changed > 0
    assert [each["EndpointName"] for each in workplace.sent("DeleteEndpoint")] == ["e1"]


def test_nobody_prunes_without_a_name(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    """What was deployed without a name may be somebody else's, who has none either."""
    workplace.arrange(**documented_example)
    workplace.simulator.clear_journal()
    workplace.declare(models={}, endpoints={}, **PRUNE)
    for run in (workplace.run("plan"), workplace.run("apply")):
        (message,) = refusals(run).values()
        assert f'{DEPLOYMENT}: not set, so the name is "default"' in message
    assert workplace.simulator.journal() == []
    assert workplace.run("destroy").changed == 0
    workplace.declare(models={}, endpoints={}, **PRUNE, **{DEPLOYMENT: "default"})
    assert workplace.run("apply").changed == 1
    assert workplace.left_over() == []


def test_a_slip_in_the_name_of_the_endpoints_deletes_none(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example, **NAMED)
    workplace.simulator.clear_journal()
    endpoints = documented_example.pop("endpoints")
    prefixed = {f"{PREFIX}models": documented_example["models"]}
    hosts = {
        "forgotten": (documented_example, "- endpoints: not set, and a run that prunes deletes what is not declared"),
        "null": (documented_example | {"endpoints": None}, "- endpoints: not set"),
        "slip": (documented_example | {"endpoint": endpoints}, '- endpoint: did you mean "endpoints"?'),
        "slip-of-ours": (prefixed | {f"{PREFIX}endpoint": endpoints}, f"- {PREFIX}endpoint: unknown variable; did you"),
        "mixed": (
            prefixed | {"endpoints": endpoints},
            "the variable endpoints is ignored, because sagemaker_inference_models is set",
        ),
    }
    workplace.declare_hosts(
        {host: declared | PRUNE | {DEPLOYMENT: f"search-{host}"} for host, (declared, _message) in hosts.items()}
    )
    outcome = workplace.run("apply", "-e", f"{DEPLOYMENT}=search", "--limit", "forgotten")
    assert "- endpoints: not set" in outcome.output
    message = refusals(workplace.run("apply"))
    assert set(message) == set(hosts)
    for host, (_declared, words) in hosts.items():
        assert words in message[host]
    assert workplace.simulator.journal() == []


def test_a_task_that_prunes_lists_what_is_left(workplace: Workplace) -> None:
    module = f"{COLLECTION}.sagemaker_deployment"
    pruning = {"deployment": "search", "prune": True}
    given: tuple[dict[str, t.Any], ...] = ({}, {"models": []}, {"endpoints": []}, {"endpoints": None, "models": []})
    results = workplace.results(*({module: pruning | lists} for lists in given))
    for lists, result in zip(given, results, strict=True):
        assert result["failed"] is True
        for name in ("models", "endpoints"):
            assert (f"- {name}: not given, and a task that prunes deletes" in result["msg"]) == (
                lists.get(name) is None
            )
    assert workplace.simulator.journal() == []
    (done,) = workplace.results({module: pruning | {"models": [], "endpoints": []}})
    assert done["changed"] is False
