# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any key of the schema in a drawn inventory: with a value of the inventory that has every key, or one from here."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path
from random import Random

import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import Key
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import refused
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.newer_keys import without_newer

from tests.scenarios.inventories import Inventory

EXTERNAL_ALARM, SUPPRESSOR = "slo-breach", "maintenance"
"""Alarms of others that inventories name."""
_EVERYTHING = Path(__file__).resolve().parents[1] / "unit" / "inventory" / "everything.yml"
_MODEL = "n"
"""What a value that names a model names here."""
_VARIANT = "endpoints.*.provisioned.production_variants.*"
_PACKAGE = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/demo"
_MORE: dict[str, tuple[t.Any, ...]] = {
    "models.*.redeploy": ("again", "once more"),
    "models.*.container_definitions.*.model_package": (f"{_PACKAGE}/1", f"{_PACKAGE}/2"),
    "endpoints.*.redeploy": ("again", "once more"),
    "endpoints.*.deployment": (
        {"rollback_on": [{"external": EXTERNAL_ALARM}]},
        {"strategy": "rolling", "size": "50%", "wait_interval": "1 minute"},
        {"strategy": "linear", "size": "50%", "wait_interval": "1 minute", "rollback_on": "all"},
    ),
    f"{_VARIANT}.instance_pools": (
        ["ml.m5.large", "ml.c5.large"],
        [{"instance_type": "ml.c5.large", "model_name": "n"}, "ml.m5.large"],
        [{"instance_type": "ml.m5.large", "priority": 5}, {"instance_type": "ml.c5.xlarge", "model_name": "m"}],
    ),
    "endpoints.*.serverless.variant.auto_scaling": (
        {"minimum_capacity": 1, "maximum_capacity": 5, "policies": {"warm": {
            "expression": "SageMakerVariantProvisionedConcurrencyUtilization = 0.5"}}},
        {"minimum_capacity": 1, "maximum_capacity": 5, "policies": {"busy": {
            "expression": "ServerlessProvisionedConcurrencyUtilization maximum / ModelLatency average = 0.9"}}},
        {"minimum_capacity": 2, "maximum_capacity": 4, "schedules": {"night": {"at": "20:00", "minimum": 1}},
         "policies": {"busy": {"expression": "ServerlessProvisionedConcurrencyUtilization maximum = 0.9"}}},
    ),
}  # fmt: skip
"""Where one value is not enough, because what goes wrong goes wrong on the way from one to another."""
_COMPOSITES = "endpoints.*.composite_alarms"
_OFTEN = (*_MORE, _COMPOSITES)
_ON_QUERIES = (" / ", " bands", "TimeToFirstToken", "'query'")
"""What is in an alarm that is not on one metric."""
_NOT_ON_ONE_METRIC = ("SageMakerVariant", " / ")
"""What is in a policy that does not track one metric of CloudWatch."""
_NEEDS: dict[str, t.Callable[[Inventory], bool]] = {
    # An archive is the same model however it is declared, and a serverless endpoint takes it only from ModelDataUrl.
    "container_definitions.*.compression_type": lambda container: (
        not (
            container["compression_type"] == "UncompressedModel"
            and container["model_data_location"].endswith(".tar.gz")
        )
    ),
    "container_definitions.*.api_parameters": lambda container: "model_package" in container,
    "policies.*.api_parameters": lambda policy: not any(each in policy["expression"] for each in _NOT_ON_ONE_METRIC),
    "cloudwatch_alarms.*.api_parameters": lambda alarm: not any(each in str(alarm) for each in _ON_QUERIES),
}
"""Where AWS takes the parameters of the inventory that has every key, by the end of their pattern."""
_FOLDER = "s3://bucket/model/"
_NEEDING_PLAIN_MODELS = {"async_invocation_config", "enable_data_capture", "shadow_variants"}
DRAWN_OTHERWISE = ("models", "endpoints", "provisioned", "serverless", "production_variants", "model_name")
"""What an inventory has from the start."""
_TRIES = 5

Values = dict[str, list[t.Any]]


class Place(t.NamedTuple):
    """Where a key can be set, or is set: the map that holds it, which *siblings* can be in too."""

    pattern: str
    holder: Inventory
    key: Key
    siblings: tuple[Key, ...]


def with_a_key(chance: Random, inventory: Inventory) -> Inventory:
    """The same with one key more, or with another value of one; the same where nothing fits."""
    for _try in range(_TRIES):
        more = copy.deepcopy(inventory)
        places = [each for each in _places(INVENTORY, more) if each.pattern in VALUES or each.pattern == _COMPOSITES]
        often = [each for each in places if each.pattern in _OFTEN]
        _set(chance, chance.choice(often if often and chance.random() < 0.5 else places))
        if more != inventory and not refused(more) and _is_possible(more):
            return more
    return inventory


def without_a_key(chance: Random, inventory: Inventory) -> Inventory:
    """The same with one key less; the same where each is needed."""
    for _try in range(_TRIES):
        less = copy.deepcopy(inventory)
        places = [each for each in _places(INVENTORY, less) if each.key.name in each.holder]
        place = chance.choice([each for each in places if each.key.name not in DRAWN_OTHERWISE] or places)
        del place.holder[place.key.name]
        if not refused(less) and _is_possible(less):
            return less
    return inventory


def _is_possible(inventory: Inventory) -> bool:
    """Whether AWS takes what the collection cannot judge."""
    needs_plain_models = any(
        _NEEDING_PLAIN_MODELS & each.get("provisioned", {}).keys() for each in inventory["endpoints"].values()
    )
    return (not needs_plain_models or all(map(_is_plain, inventory["models"].values()))) and all(
        needs(place.holder)
        for place in _places(INVENTORY, inventory)
        if place.key.name in place.holder
        for end, needs in _NEEDS.items()
        if place.pattern.endswith(end)
    )


def _is_plain(model: Inventory) -> bool:
    containers = model["container_definitions"].values()
    return len(containers) == 1 and not any("use_multiple_models" in each for each in containers)


def _places(key: Key, holder: Inventory, path: str = "") -> t.Iterator[Place]:
    for child in key.keys:
        pattern = f"{path}.{child.name}".lstrip(".")
        yield Place(pattern, holder, child, key.keys)
        value = holder.get(child.name)
        if not isinstance(value, dict) or not child.keys:
            continue
        if child.kind == "object":
            yield from _places(child, value, pattern)
        else:
            for name in sorted(value):
                yield from _places(child, value[name], f"{pattern}.*")


def _set(chance: Random, place: Place) -> None:
    name, holder = place.key.name, place.holder
    if place.pattern == _COMPOSITES:
        value = _composite(chance, holder)
    else:
        value = copy.deepcopy(chance.choice(VALUES[place.pattern]))
    if place.key.kind == "map of objects" and value:
        one = chance.choice(sorted(value))
        value = {**holder.get(name, {}), one: value[one]}
    holder.update({name: value})
    if name == "compression_type" and holder[name] == "UncompressedModel":
        holder["model_data_location"] = _FOLDER
    for sibling in _instead_of(place):
        holder.pop(sibling, None)


def _instead_of(place: Place) -> set[str]:
    """The keys beside which this one is not allowed."""
    return {place.key.unless} | {each.name for each in place.siblings if each.unless == place.key.name}


def _composite(chance: Random, endpoint: Inventory) -> Inventory:
    """Alarms that go off by some of those of the variants."""
    variants = {
        **endpoint.get("provisioned", {}).get("production_variants", {}),
        **({"": endpoint["serverless"]["variant"]} if "serverless" in endpoint else {}),
    }
    names = [
        f"{variant}/{key}".lstrip("/")
        for variant, each in sorted(variants.items())
        for key in sorted(each.get("cloudwatch_alarms", {}))
    ]
    if not names:
        return {}
    watched = sorted({chance.choice(names), chance.choice(names)})
    return {chance.choice(("any", "trouble")): {chance.choice(("any_of", "all_of")): watched}}


def _values() -> Values:
    found: Values = {pattern: list(values) for pattern, values in _MORE.items()}
    everything = without_newer(yaml.safe_load(_EVERYTHING.read_text(encoding="utf-8")))
    for pattern, holder, key, _siblings in _places(INVENTORY, everything):
        if key.name in holder and key.name not in DRAWN_OTHERWISE:
            found.setdefault(pattern, []).append(_with_our_model(holder[key.name]))
    return found


def _with_our_model(value: t.Any) -> t.Any:
    if isinstance(value, list):
        return [_with_our_model(each) for each in value]
    if isinstance(value, dict):
        return {key: _MODEL if key == "model_name" else _with_our_model(each) for key, each in value.items()}
    return value


VALUES = _values()
"""What a key can be set to, by its path in the schema."""
