# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/export.yml, as a user runs it."""

from __future__ import annotations

import copy
import datetime
import re
import stat
import typing as t
from pathlib import Path

import yaml
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import EVERYTHING

from simulator.testing import ACCOUNT, ROLE, Aws, provisioned

from .conftest import REGION, ROOT, Workplace

FILE = "sagemaker-inference.yml"
SECRET = "correct horse"


def with_environment(inventory: dict[str, t.Any]) -> dict[str, t.Any]:
    result = copy.deepcopy(inventory)
    container = result["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TOKEN": SECRET, "TEMPLATE": "{{ messages }}"}
    return result


def read(workplace: Workplace) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", yaml.safe_load((workplace.folder / FILE).read_text()))


def test_an_export_of_everything_is_applied_without_a_change(workplace: Workplace) -> None:
    workplace.arrange(**EVERYTHING)
    workplace.declare(sagemaker_inference_export_environment=True)
    assert workplace.run("export", "--check").changed == 1
    assert not (workplace.folder / FILE).exists()
    assert workplace.run("export").changed == 1
    assert workplace.run("export").changed == 0
    text = (workplace.folder / FILE).read_text()
    assert "This file cannot express" not in text
    assert list(read(workplace)["models"]["pipeline"]["container_definitions"]) == ["zebra", "apple"]
    workplace.simulator.clear_journal()
    workplace.declare()
    assert workplace.run("apply", "-e", f"@{FILE}").changed == 0
    assert workplace.simulator.writes() == []


def test_values_of_the_environment_are_only_in_the_file_that_asks_for_them(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**with_environment(documented_example))
    workplace.declare()
    hidden = workplace.run("export", "--diff", "-vvvv")
    assert hidden.changed == 1
    assert SECRET not in hidden.output + (workplace.folder / FILE).read_text()
    assert (
        '# - model demo-model, containers[0].environment.TOKEN = "(hidden)": was not exported; fill it in'
        in read_text(workplace)
    )
    refused = workplace.run("apply", "-e", f"@{FILE}")
    path = "models.demo-model.container_definitions.container1.environment_variables.TOKEN"
    assert refused.returncode != 0
    assert f"{path}: expected a string, got nothing; if it was not exported, fill it in" in refused.output
    shown = workplace.run("export", "--diff", "-vvvv", "-e", "sagemaker_inference_export_environment=true")
    assert shown.changed == 1
    assert SECRET not in shown.output
    assert SECRET in read_text(workplace)
    assert stat.S_IMODE((workplace.folder / FILE).stat().st_mode) == 0o600
    assert workplace.run("apply", "-e", f"@{FILE}", "--check", "--diff").changed == 0


def read_text(workplace: Workplace) -> str:
    return (workplace.folder / FILE).read_text()


def test_what_others_have_made_is_exported_by_name_and_adopted(workplace: Workplace) -> None:
    aws = Aws(workplace.simulator, REGION)
    container = {"ContainerHostname": "main", "Image": "image:1"}
    aws.sagemaker.create_model(ModelName="m", Containers=[container], ExecutionRoleArn=ROLE)
    aws.config("e", provisioned("m", ModelName="m", CoreDumpConfig={"DestinationS3Uri": "s3://b/"}))
    aws.endpoint("e", "e")
    workplace.declare(sagemaker_inference_export_endpoints=["e"], sagemaker_inference_export_file="group_vars.yml")
    assert workplace.run("export").changed == 1
    text = (workplace.folder / "group_vars.yml").read_text()
    variants = yaml.safe_load(text)["endpoints"]["e"]["provisioned"]["production_variants"]
    assert variants["m"]["api_parameters"] == {"core_dump_config": {"destination_s3_uri": "s3://b/"}}
    plan = workplace.run("apply", "-e", "@group_vars.yml", "--check", "--diff")
    assert "2 in place" in plan.output
    assert "redeploy" not in plan.output


def at_head(path: Path) -> dict[str, str]:
    """What the head of an export says of where it comes from."""
    return dict(re.findall(r"^# (\w+): +(.*)$", path.read_text(), re.MULTILINE))


def test_hosts_export_what_they_have_where_they_are(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    """Two regions and two profiles, none of them that of the environment, which names no region."""
    places = {"eu": ("eu-west-1", "222222222222"), "us": ("us-west-2", "333333333333")}
    (workplace.folder / ".aws").mkdir()
    (workplace.folder / ".aws" / "credentials").write_text(
        "".join(
            f"[of-{host}]\naws_access_key_id = {account}\naws_secret_access_key = not-a-secret-of-anybody\n"
            for host, (_region, account) in places.items()
        )
    )
    nowhere = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION"), "")
    (endpoint,) = documented_example["endpoints"].values()
    connections = {
        host: {"sagemaker_inference_region": region, "sagemaker_inference_profile": f"of-{host}"}
        for host, (region, _account) in places.items()
    }
    declared = {
        host: documented_example | {"endpoints": {f"of-{host}": endpoint}, "sagemaker_inference_deployment": "search"}
        for host in places
    }
    for host, (region, account) in places.items():
        workplace.arrange(account, **declared[host], sagemaker_inference_region=region)
    workplace.declare_hosts({host: connections[host] | {"sagemaker_inference_deployment": "search"} for host in places})
    workplace.simulator.clear_journal()
    written = workplace.run("export", environment=nowhere)
    assert written.returncode == 0, written.output
    for host, (region, account) in places.items():
        path = workplace.folder / f"sagemaker-inference-{host}.yml"
        assert str(path) in written.output
        assert list(yaml.safe_load(path.read_text())["endpoints"]) == [f"of-{host}"]
        head = at_head(path)
        assert (head["Account"], head["Region"], head["Deployment"]) == (account, region, "search")
    assert {each["account"] for each in workplace.simulator.journal()} == {
        account for _region, account in places.values()
    }
    exported = {
        host: yaml.safe_load((workplace.folder / f"sagemaker-inference-{host}.yml").read_text()) for host in places
    }
    workplace.declare_hosts(
        {host: exported[host] | connections[host] | {"sagemaker_inference_deployment": "search"} for host in places}
    )
    assert workplace.run("plan", environment=nowhere).changes == dict.fromkeys(places, 0)


def test_the_head_of_an_empty_export_tells_what_was_asked(workplace: Workplace) -> None:
    workplace.declare()
    assert workplace.run("export").changed == 1
    today = datetime.datetime.now(datetime.UTC).date()
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    assert at_head(workplace.folder / FILE) == {
        "Account": ACCOUNT,
        "Region": REGION,
        "Deployment": "default",
        "Exported": f"{today}, by friendsofansible.sagemaker {version}",
    }
    assert read(workplace) == {"models": {}, "endpoints": {}}


def test_each_host_gets_a_file_of_its_own(workplace: Workplace) -> None:
    """Even if they are asked one after the other, and whatever the file is called."""
    workplace.declare_hosts({"one": {}, "two": {}})
    assert workplace.run("export", "--limit", "one").returncode == 0
    assert workplace.run("export", "--limit", "two").returncode == 0
    names = sorted(path.name for path in workplace.folder.glob("sagemaker-inference*"))
    assert names == ["sagemaker-inference-one.yml", "sagemaker-inference-two.yml"]
    workplace.simulator.clear_journal()
    refused = workplace.run("export", "-e", "sagemaker_inference_export_file=all.yml")
    assert refused.returncode == 2
    assert f"{workplace.folder / 'all.yml'} would also be written by two" in refused.output
    assert workplace.simulator.journal() == []
    result = workplace.run("export", "-e", "{sagemaker_inference_export_file: 'of-{{ inventory_hostname }}.yml'}")
    assert result.returncode == 0, result.output
    assert sorted(path.name for path in workplace.folder.glob("of-*")) == ["of-one.yml", "of-two.yml"]
