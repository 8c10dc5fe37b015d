# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/export.yml, as a user runs it."""

from __future__ import annotations

import copy
import stat
import typing as t

import yaml
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import EVERYTHING

from simulator.testing import ROLE, Aws, provisioned

from .conftest import REGION, Workplace

FILE = "sagemaker-inference.yml"
SECRET = "correct horse"


def with_environment(inventory: dict[str, t.Any]) -> dict[str, t.Any]:
    result = copy.deepcopy(inventory)
    container = result["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TOKEN": SECRET, "TEMPLATE": "{% raw %}{{ messages }}{% endraw %}"}
    return result


def read(workplace: Workplace) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", yaml.safe_load((workplace.folder / FILE).read_text()))


def test_an_export_of_everything_is_applied_without_a_change(workplace: Workplace) -> None:
    workplace.declare(**EVERYTHING)
    assert workplace.run("apply").changed == 1
    workplace.declare(sagemaker_inference_export_environment=True)
    assert workplace.run("export", "--check").changed == 1
    assert not (workplace.folder / FILE).exists()
    assert workplace.run("export").changed == 1
    assert workplace.run("export").changed == 0
    text = (workplace.folder / FILE).read_text()
    assert "It does not say" not in text
    assert list(read(workplace)["models"]["pipeline"]["container_definitions"]) == ["zebra", "apple"]
    workplace.simulator.clear_journal()
    workplace.declare()
    assert workplace.run("apply", "-e", f"@{FILE}", "--check", "--diff").changed == 0
    assert workplace.run("apply", "-e", f"@{FILE}").changed == 0
    assert workplace.simulator.writes() == []


def test_values_of_the_environment_are_only_in_the_file_that_asks_for_them(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare(**with_environment(documented_example))
    assert workplace.run("apply").changed == 1
    hidden = workplace.run("export", "--diff", "-vvvv")
    assert hidden.changed == 1
    assert SECRET not in hidden.output + (workplace.folder / FILE).read_text()
    assert '# - model demo-model, containers[0].environment.TOKEN = "(hidden)": not exported' in read_text(workplace)
    refused = workplace.run("apply", "-e", f"@{FILE}")
    path = "models.demo-model.container_definitions.container1.environment_variables.TOKEN"
    assert refused.returncode != 0
    assert f"{path}: nothing where text belongs" in refused.output
    shown = workplace.run("export", "--diff", "-vvvv", "-e", "sagemaker_inference_export_environment=true")
    assert shown.changed == 1
    assert SECRET not in shown.output
    assert SECRET in read_text(workplace)
    assert stat.S_IMODE((workplace.folder / FILE).stat().st_mode) == 0o600
    workplace.declare()
    assert workplace.run("apply", "-e", f"@{FILE}", "--check", "--diff").changed == 0


def read_text(workplace: Workplace) -> str:
    return (workplace.folder / FILE).read_text()


def test_what_others_have_made_is_exported_by_name_and_adopted(workplace: Workplace) -> None:
    aws = Aws(workplace.simulator, REGION)
    container = {"ContainerHostname": "main", "Image": "image:1"}
    aws.sagemaker.create_model(ModelName="m", Containers=[container], ExecutionRoleArn=ROLE)
    aws.config("e", provisioned("m", ModelName="m", RoutingConfig={"RoutingStrategy": "RANDOM"}))
    aws.endpoint("e", "e")
    workplace.declare(sagemaker_inference_export_endpoints=["e"], sagemaker_inference_export_file="group_vars.yml")
    assert workplace.run("export").changed == 1
    text = (workplace.folder / "group_vars.yml").read_text()
    strategy = '# - endpoint e, production_variants.m.routing_config.routing_strategy = "RANDOM"'
    assert f"{strategy}: an apply is refused; with adopt: true it would remove it" in text.splitlines()
    arguments = ("-e", "@group_vars.yml", "--check", "--diff")
    assert "endpoint e exists, belongs to no deployment" in workplace.run("apply", *arguments).output
    plan = workplace.run("apply", *arguments, "-e", "sagemaker_inference_adopt=true")
    assert "endpoint e (redeploy" in plan.output


def test_each_host_gets_a_file_of_its_own(workplace: Workplace) -> None:
    workplace.declare_hosts({"one": {}, "two": {}})
    assert workplace.run("export").returncode == 0
    names = sorted(path.name for path in workplace.folder.glob("sagemaker-inference*"))
    assert names == ["sagemaker-inference-one.yml", "sagemaker-inference-two.yml"]
    assert yaml.safe_load((workplace.folder / names[0]).read_text()) == {"models": {}, "endpoints": {}}
