# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role passes to later plays and to the next node of a workflow."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from .conftest import PREFIX, SHOWN, Outcome, Workplace
from .test_role import ROLE

NAME = "realtime-endpoint"


def statistic(outcome: Outcome) -> dict[str, t.Any]:
    """The role's statistic, by host."""
    return t.cast("dict[str, t.Any]", outcome.statistics["sagemaker_inference"])


@pytest.mark.parametrize("playbook", ["plan", "apply"])
def test_a_run_in_several_regions_tells_each_by_host(
    workplace: Workplace, documented_example: dict[str, t.Any], playbook: str
) -> None:
    regions = ("eu-west-1", "us-west-2")
    workplace.declare_hosts({name: documented_example | {f"{PREFIX}region": name} for name in regions})
    outcome = workplace.run(playbook, environment=SHOWN)
    assert outcome.returncode == 0, outcome.output
    report = statistic(outcome)
    assert report.keys() == set(regions)
    for region in regions:
        assert (report[region]["changed"], report[region]["failed"]) == (True, False)
        assert f"endpoint {NAME} (create)" in report[region]["changes"]
        assert f"| create | endpoint | `{NAME}` |" in report[region]["summary"]
        endpoints = report[region]["endpoints"]
        if playbook == "plan":
            assert endpoints == {}
        else:
            assert endpoints[NAME]["status"] == "InService"
            assert f".{region}." in endpoints[NAME]["invocation_url"]


def test_a_failed_run_tells_what_failed_and_is_still_a_failure(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**documented_example)
    variants = documented_example["endpoints"][NAME]["provisioned"]["production_variants"]
    variants["demo-model"]["volume_size"] = 20
    workplace.declare(**documented_example)
    workplace.simulator.fault("rollout_fails", name=NAME, reason="no capacity")
    failed = workplace.run("apply", environment=SHOWN)
    assert failed.returncode == 2
    assert failed.recap["failed"] == 1
    assert failed.recap["rescued"] == failed.recap["ignored"] == 0
    report = statistic(failed)["account"]
    assert report["failed"] is True
    assert re.match(rf"\*\*Applied to .*: 1 failed\*\*\n\n- `{NAME}: the update to ", report["summary"])
    assert f"| failed to redeploy | endpoint | `{NAME}` |" in report["summary"]
    assert report["endpoints"][NAME]["log_group"] == f"/aws/sagemaker/Endpoints/{NAME}"


def test_an_inventory_that_is_refused_is_reported(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    del documented_example["models"]["demo-model"]["iam_role_arn"]
    workplace.declare(**documented_example)
    refused = workplace.run("plan", environment=SHOWN)
    assert refused.returncode == 2
    message = statistic(refused)["account"]
    assert (message["changed"], message["failed"], message["endpoints"]) == (False, True, {})
    assert "- `models.demo-model.iam_role_arn: required" in message["summary"]


def test_later_plays_know_the_endpoints_by_name(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example)
    paths = [workplace.folder / "made.json", workplace.folder / "known.json"]
    tasks = [({"import_role": {"name": ROLE}}, tell_endpoints(path)) for path in paths]
    outcome = workplace.play(*tasks[0], *tasks[1])
    assert outcome.returncode == 0, outcome.output
    for path in paths:
        result = json.loads(path.read_text())
        assert result.keys() == {NAME}
        assert result[NAME].keys() == {
            "name",
            "arn",
            "status",
            "invocation_url",
            "console_url",
            "log_group",
            "logs_url",
        }
        assert result[NAME]["arn"].endswith(f":endpoint/{NAME}")


def tell_endpoints(path: Path) -> dict[str, t.Any]:
    return {"ansible.builtin.copy": {"content": f"{{{{ {PREFIX}live_endpoints | to_json }}}}", "dest": str(path)}}


def test_nothing_to_do_is_reported_in_a_line(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**documented_example)
    workplace.declare(**documented_example)
    report = statistic(workplace.run("apply", environment=SHOWN))["account"]
    assert (report["changed"], report["changes"]) == (False, [])
    assert re.fullmatch(r"\*\*Applied to account .*: nothing to change\*\*", report["summary"])
