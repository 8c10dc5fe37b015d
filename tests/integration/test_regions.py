# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host of the inventory is one account and region; the way back works through the role, too."""

from __future__ import annotations

import copy
import typing as t

from simulator.testing import Aws

from .conftest import ACCESS_KEY, Workplace


def test_two_regions_side_by_side_in_one_run(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    regions = ("eu-west-1", "us-west-2")
    workplace.declare_hosts({name: documented_example | {"sagemaker_inference_region": name} for name in regions})
    outcome = workplace.run("apply")
    assert outcome.returncode == 0, outcome.output
    for region in regions:
        found = Aws(workplace.simulator, region, ACCESS_KEY).client("sagemaker").list_endpoints()["Endpoints"]
        assert [each["EndpointName"] for each in found] == ["realtime-endpoint"]
        assert f":{region}:" in found[0]["EndpointArn"]
    assert workplace.client("sagemaker").list_endpoints()["Endpoints"] == []
    workplace.simulator.clear_journal()
    again = workplace.run("apply")
    assert again.returncode == 0
    assert workplace.simulator.writes() == []


def test_a_profile_leads_to_another_account(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    folder = workplace.folder / ".aws"
    folder.mkdir()
    (folder / "credentials").write_text("[other]\naws_access_key_id = 222222222222\naws_secret_access_key = x\n")
    workplace.declare(**documented_example, sagemaker_inference_profile="other")
    outcome = workplace.run("apply", environment={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    assert outcome.returncode == 0, outcome.output
    other = Aws(workplace.simulator, "us-east-1", "222222222222").client("sagemaker")
    assert ":222222222222:" in other.list_endpoints()["Endpoints"][0]["EndpointArn"]


def test_the_playbook_leads_back(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example)
    assert workplace.run("apply").changed > 0
    (made,) = workplace.sent("CreateEndpoint")
    changed = copy.deepcopy(documented_example)
    variant = changed["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"]
    variant["volume_size"] = 20
    workplace.declare(**changed)
    assert workplace.run("apply").changed == 1
    refused = workplace.run("rollback")
    assert "sagemaker_inference_rollback" in refused.output
    assert refused.returncode == 2
    workplace.simulator.clear_journal()
    assert workplace.run("rollback", "-e", "sagemaker_inference_rollback=realtime-endpoint").changed == 1
    (update,) = workplace.sent("UpdateEndpoint")
    assert update["EndpointConfigName"] == made["EndpointConfigName"]
