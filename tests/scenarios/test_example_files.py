# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each file in examples/endpoints is deployed as it stands, changed and destroyed, and is on the page of examples."""

from __future__ import annotations

import copy
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import leaves
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import written
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_leaves import NOTHING_TO_SET
from ansible_collections.friendsofansible.sagemaker.tools import example_docs

from simulator.testing import alarm

from .harness import World
from .inventories import Inventory

POLICIES = {"canary": "BlueGreenUpdatePolicy", "rolling": "RollingUpdatePolicy"}
"""The member of the rollout policy by which AWS knows the strategy."""


WITHOUT = NOTHING_TO_SET | {
    # No member of a scalable target is without a key.
    "endpoints.*.<variant>.auto_scaling.api_parameters",
    # What one run is allowed to do, or none: the pages about fleets and Terraform show them.
    "endpoints.*.adopt",
    "endpoints.*.allow_replace",
    "endpoints.*.deletion_protection",
}
VARIANT = re.compile(r"provisioned\.(production|shadow)_variants\.\*|serverless\.variant")
EXPRESSIONS = {
    "a rate of two metrics": r"Invocation5XXErrors / Invocations > 1%",
    "anomaly detection": r"ModelLatency p90 outside 2 bands",
    "a signal of LLM containers": r"TimeToFirstToken p99 > 2 s for 5 minutes",
    "a period of less than a minute": r"period: 30 seconds",
    "a percentile of few samples": r"evaluate_low_sample_count_percentile: ignore",
    "one step": r"expression: ModelLatency p99 >= 800000 then \+2\n",
    "several steps": r"then \+1, >= 90 then \+3",
    "a step in percent": r"then -50%",
    "an exact capacity": r"> 90 then 12\n",
    "a policy on several metrics": r"CPUUtilization average / 2 \+ MemoryUtilization average",
    "provisioned concurrency that scales": r"SageMakerVariantProvisionedConcurrencyUtilization = 0\.7",
    "a minimum of no instances": r"minimum_capacity: 0\n",
    "alarms of any kind in one": r"any_of: \[",
    "alarms that are on together": r"all_of: \[",
    "an alarm of somebody else": r"\{external: ",
    "a name that the SDK gives": r"variant_name: AllTraffic",
    "a member as the API spells it": r"WarmUpConfiguration: ",
    "instance types in the order in which they are tried": r"instance_pools: \[[^\]]+, ",
}
"""What can be written under one key in several ways."""


def test_every_key_is_in_a_file() -> None:
    found = {VARIANT.sub("<variant>", leaf) for file in example_docs.FILES for leaf in _leaves_of(file)}
    wanted = {VARIANT.sub("<variant>", leaf) for leaf, _key in leaves(INVENTORY)}
    assert wanted - found == WITHOUT


def _leaves_of(file: Path) -> t.Iterator[str]:
    return written(INVENTORY, inventory_of(file))


@pytest.mark.parametrize("form", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_every_form_of_a_value_is_in_a_file(form: str) -> None:
    assert any(re.search(form, file.read_text()) for file in example_docs.FILES)


def inventory_of(file: Path) -> Inventory:
    return t.cast("Inventory", yaml.safe_load(file.read_text()))


def with_new_images(inventory: Inventory) -> Inventory:
    """The same, with another tag of each image and version of each package."""
    changed = copy.deepcopy(inventory)
    for model in changed["models"].values():
        for container in model["container_definitions"].values():
            if package := container.get("model_package"):
                container["model_package"] = package.rpartition("/")[0] + "/4"
            else:
                container["image"] += "-next"
    return changed


def alarms_of_others(inventory: Inventory) -> list[str]:
    """Those that guard an update and are somebody else's, which must be there."""
    policies = [endpoint.get("deployment", {}) for endpoint in inventory["endpoints"].values()]
    wanted = [word for policy in policies for word in policy.get("rollback_on", ()) if isinstance(word, dict)]
    return [word["external"] for word in wanted]


def test_every_file_is_on_the_page() -> None:
    assert sorted(example_docs.FILES) == sorted((example_docs.ROOT / "examples" / "endpoints").iterdir())
    assert example_docs.PAGE.read_text() == example_docs.page(), "run: python -m tools.example_docs"


@pytest.mark.parametrize("file", example_docs.FILES, ids=lambda file: file.stem)
def test_an_example_is_deployed_changed_and_destroyed(world: World, file: Path) -> None:
    inventory = inventory_of(file)
    assert not compile_inventory(inventory).warnings
    for name in alarms_of_others(inventory):
        world.client("cloudwatch").put_metric_alarm(**alarm(name))
    deployed = world.apply(inventory)
    assert (deployed.error, deployed.changed) == ("", True)
    assert not deployed.warnings
    assert not world.apply(inventory).changed
    changed = world.apply(with_new_images(inventory))
    for name, endpoint in inventory["endpoints"].items():
        assert changed.effect(name).startswith("redeploy")
        if policy := endpoint.get("deployment"):
            assert POLICIES[policy["strategy"]] in update_of(world)["DeploymentConfig"]
    world.destroy(with_new_images(inventory))
    assert world.client("sagemaker").list_endpoints()["Endpoints"] == []


def update_of(world: World) -> Inventory:
    (update,) = (entry for entry in world.simulator.journal() if entry["operation"] == "UpdateEndpoint")
    return t.cast("Inventory", update["parameters"])
