# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every example that users are shown runs as it stands."""

from __future__ import annotations

import importlib
import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.utils.vars import merge_hash
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory

from simulator.client import Simulator
from simulator.testing import Aws

from .conftest import REGION, ROOT, Outcome, Workplace, example, refereed
from .samples import COLLECTION
from .warm_start import AnsiblePlaybook

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
EXAMPLES = sorted((ROOT / "examples").glob("*/inventory.yml"))
# What is on the page of examples is tested as the files that it is made of.
PAGES = sorted(
    {ROOT / "README.md", *ROOT.glob("roles/*/README.md"), *ROOT.glob("docs/**/*.md")} - {ROOT / "docs/examples.md"}
)
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(page, yaml.safe_load(block)) for page in PAGES for block in BLOCK.findall(page.read_text())]
PLAYS = [(page, block) for page, block in BLOCKS if isinstance(block, list)]


def examples_of(module: str) -> list[dict[str, t.Any]]:
    found = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{module}")
    tasks: list[dict[str, t.Any]] = yaml.safe_load(found.EXAMPLES)
    return tasks


def make_model(aws: Aws) -> None:
    aws.model("demo-model")


def make_endpoints(aws: Aws) -> None:
    make_model(aws)
    variant = {"VariantName": "demo-model", "ModelName": "demo-model", "InstanceType": "ml.m5.large"}
    aws.config("any", {**variant, "InitialInstanceCount": 1})
    aws.endpoint("realtime-endpoint", "any")
    aws.endpoint("other-endpoint", "any")


# What the examples of a module speak of as there.
PRESUPPOSED = {
    "sagemaker_endpoint": make_model,
    "sagemaker_endpoint_invoke": make_endpoints,
    "sagemaker_scaling": make_endpoints,
}


@pytest.fixture(scope="module")
def played(server: Simulator, ansible_playbook: AnsiblePlaybook, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """One run, with a play for the examples of each module, on a host that is called like it, in a region of its own.

    What fails is ignored, for otherwise the plays after it would not be played.
    """
    regions = {module: f"eu-west-{number}" for number, module in enumerate(MODULES)}
    with refereed(server, ansible_playbook, tmp_path_factory.mktemp("examples"), "test_examples.py") as workplace:
        for module, make in PRESUPPOSED.items():
            make(Aws(server, regions[module]))
        workplace.declare_hosts(dict.fromkeys(MODULES, example()))
        return workplace.plays(
            {
                "hosts": module,
                "tasks": examples_of(module),
                "environment": {"AWS_DEFAULT_REGION": region},
                "ignore_errors": True,
            }
            for module, region in regions.items()
        )


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run(played: Outcome, module: str) -> None:
    tasks = examples_of(module)
    assert all(task["name"] for task in tasks)
    assert any(f"{COLLECTION}.{module}" in task for task in tasks)
    counts = played.recaps[module]
    assert (counts["ok"], counts["failed"], counts["ignored"]) == (len(tasks), 0, 0), played.output


@pytest.mark.parametrize("inventory", EXAMPLES, ids=lambda inventory: inventory.parent.name)
def test_an_example_is_deployed_and_destroyed(workplace: Workplace, inventory: Path) -> None:
    assert workplace.run("apply", inventory=inventory).changed > 0
    assert workplace.run("destroy", inventory=inventory).changed > 0
    assert workplace.left_over() == []


# What the plays of a page speak of as given.
GIVEN: dict[str, t.Any] = {
    "docs/awx.md": {
        "sagemaker_inference": {"us-east-1": {"summary": "**Plan for us-east-1 (deployment default): 1 to create**"}}
    },
    "docs/fleets.md": {
        "sagemaker_inference_region": REGION,
        "deployer_role_arn": "arn:aws:iam::222222222222:role/sagemaker-deployer",
    },
}


@pytest.mark.parametrize(("page", "play"), PLAYS, ids=[str(page.relative_to(ROOT)) for page, _play in PLAYS])
def test_a_play_on_a_page_runs(workplace: Workplace, page: Path, play: list[dict[str, t.Any]]) -> None:
    path = workplace.folder / "play.yml"
    path.write_text(yaml.safe_dump(play))
    given = GIVEN.get(str(page.relative_to(ROOT)), {})
    inventory = ROOT / "examples" / "basic" / "inventory.yml"
    outcome = workplace.run(path, "-e", json.dumps(given), inventory=inventory)
    if "sagemaker_inference" in given:
        assert given["sagemaker_inference"]["us-east-1"]["summary"] in outcome.output
    else:
        assert outcome.changed == 1, page


def test_parts_of_an_inventory_on_a_page_fit_the_documented_example(documented_example: dict[str, t.Any]) -> None:
    parts = [block for _page, block in BLOCKS if isinstance(block, dict) and "models" not in block]
    assert parts
    for part in parts:
        compile_inventory(merge_hash(documented_example, part))


def test_the_inventory_on_the_first_page_is_the_documented_example(documented_example: dict[str, t.Any]) -> None:
    assert [block for _page, block in BLOCKS if isinstance(block, dict) and "models" in block] == [documented_example]
