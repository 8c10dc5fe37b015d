# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pruning through the role: off by default, listed in check mode, limited, and never after a failure."""

from __future__ import annotations

import copy
import re
import typing as t

from .conftest import Workplace


def fleet(documented_example: dict[str, t.Any], count: int) -> dict[str, t.Any]:
    endpoint = documented_example["endpoints"]["realtime-endpoint"]
    return documented_example | {"endpoints": {f"e{number}": copy.deepcopy(endpoint) for number in range(count)}}


def test_the_role_prunes_when_it_is_told_to(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**fleet(documented_example, 3))
    assert workplace.run("apply").changed > 0
    left = fleet(documented_example, 1)
    workplace.declare(**left)
    assert workplace.run("apply").changed == 0
    workplace.declare(**left, sagemaker_inference_prune=True, sagemaker_inference_prune_limit=1)
    workplace.simulator.clear_journal()
    refused = workplace.run("apply")
    assert refused.returncode == 2
    assert "2 endpoints are no longer declared, and the limit is 1: e1, e2" in refused.output
    assert workplace.simulator.writes() == []
    workplace.declare(**left, sagemaker_inference_prune=True)
    listed = workplace.run("apply", "--check", "--diff")
    assert workplace.simulator.writes() == []
    assert "endpoint e1 (delete" in listed.output
    assert workplace.run("apply").changed == listed.changed == 1
    assert not [name for name in workplace.left_over() if re.search(r"\be[12]\b", name)]
    assert workplace.run("apply").changed == 0


def test_nothing_is_pruned_after_a_failure(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**fleet(documented_example, 2))
    assert workplace.run("apply").changed > 0
    left = fleet(documented_example, 1)
    variants = left["endpoints"]["e0"]["provisioned"]["production_variants"]
    variants["demo-model"]["volume_size"] = 20
    workplace.declare(**left, sagemaker_inference_prune=True)
    workplace.simulator.fault("rollout_fails", name="e0", reason="no capacity")
    assert workplace.run("apply").returncode == 2
    assert workplace.sent("DeleteEndpoint") == []
    assert workplace.run("apply").changed > 0
    assert [each["EndpointName"] for each in workplace.sent("DeleteEndpoint")] == ["e1"]
