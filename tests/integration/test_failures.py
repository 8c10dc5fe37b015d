# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failure holds back what depends on it, and the run reports all failures at its end."""

from __future__ import annotations

import copy
import typing as t

from .conftest import Workplace


def fleet(documented_example: dict[str, t.Any], *names: str) -> dict[str, t.Any]:
    endpoint = documented_example["endpoints"]["realtime-endpoint"]
    return documented_example | {"endpoints": {name: copy.deepcopy(endpoint) for name in names}}


def last_words(output: str) -> str:
    return output.rpartition("TASK [")[2]


def test_the_others_get_their_scaling_and_the_end_names_the_one(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**fleet(documented_example, "one", "two", "three"))
    workplace.simulator.fault("rollout_fails", name="two", reason="no capacity")
    outcome = workplace.run("apply")
    assert outcome.returncode == 2
    assert "1 of 3 endpoints failed" in last_words(outcome.output)
    assert "two: the endpoint is Failed: no capacity" in last_words(outcome.output)
    scaled = {each["ResourceId"].split("/")[1] for each in workplace.sent("RegisterScalableTarget")}
    assert scaled == {"one", "three"}
    assert workplace.run("apply").changed > 0
    workplace.simulator.clear_journal()
    assert not workplace.apply_here(**fleet(documented_example, "one", "two", "three")).changed
    assert workplace.simulator.writes() == []


def test_a_refusal_to_read_models_ends_the_run_before_anything_else(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**documented_example)
    workplace.simulator.allow(["cloudwatch:*", "application-autoscaling:*", "tag:*"])
    outcome = workplace.run("apply")
    assert outcome.returncode == 2
    assert "AccessDenied" in last_words(outcome.output)
    assert workplace.sent("CreateEndpoint") == []
