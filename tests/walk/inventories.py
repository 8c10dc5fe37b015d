# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories by chance: small ones, for what goes wrong goes wrong with two endpoints and two models."""

from __future__ import annotations

import copy
import typing as t
from random import Random

from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import refused

from tests.scenarios.inventories import (
    ERRORS,
    REQUESTS,
    Inventory,
    asynchronous,
    model,
    provisioned,
    serverless,
    variant,
)

from .more_keys import with_a_key, without_a_key

TYPES = ("ml.m5.large", "ml.c5.large", "ml.c5.xlarge")
_TRAFFIC = {"traffic": {"expression": "Invocations average = 50"}}
_RENAMED = {"renamed": REQUESTS["requests"]}
_BUSY = {"busy": {"expression": "CPUUtilization average >= 60 then +1, >= 90 then +3"}}
_LOAD = {"load": {"expression": "(CPUUtilization average / 2 + MemoryUtilization average) / 2 = 60"}}
_SLOW = {"slow": {"expression": "ModelLatency p99 > 500000"}}
_NIGHT = {"night": {"at": "20:00 MON-FRI", "time_zone": "Europe/Berlin", "minimum": 1, "maximum": 2}}
_DAY = {"day": {"cron": "0 8 ? * MON-FRI *", "minimum": 2, "maximum": 9}}
_RATE = {"errors": {"expression": "Invocation5XXErrors / Invocations > 1%"}}
_BAND = {"unusual": {"expression": "ModelLatency p90 outside 2 bands"}}
_LATE = {"late": {"expression": "TimeToFirstToken p99 > 2 s for 5 minutes"}}
_ALARMS = (ERRORS, ERRORS | _SLOW, _SLOW, _RATE, _RATE | _BAND, _SLOW | _LATE, _LATE)
_POLICIES = (
    REQUESTS,
    REQUESTS,
    REQUESTS | _TRAFFIC,
    _TRAFFIC,
    _RENAMED,
    _BUSY,
    REQUESTS | _BUSY,
    _LOAD,
    _TRAFFIC | _LOAD,
)
_BACKLOG = {"backlog": {"expression": "ApproximateBacklogSizePerInstance average = 5"}}
_WARM = (
    {
        "maximum_capacity": 5,
        "policies": {"warm": {"expression": "SageMakerVariantProvisionedConcurrencyUtilization = 0.7"}},
    },
    {
        "maximum_capacity": 5,
        "policies": {"busy": {"expression": "ServerlessProvisionedConcurrencyUtilization maximum >= 0.8 then +1"}},
        "schedules": _NIGHT,
    },
)
_TAGS: tuple[Inventory, ...] = ({}, {"team": "a"}, {"team": "b", "cost": "1"}, {"managed-by": "ansible"})


def drawn(chance: Random) -> Inventory:
    """Two models, and one or two endpoints, with some of all the keys that there are."""
    names = chance.choice((("e",), ("e",), ("e", "f")))
    found = {
        "models": {"m": model(chance.randint(1, 3)), "n": model(chance.randint(4, 5))},
        "endpoints": {name: _endpoint(chance) for name in names},
        "additional_tags_all": chance.choice(_TAGS),
    }
    for _key in range(chance.choice((0, 0, 1, 2, 4))):
        found = with_a_key(chance, found)
    return found


def of_others(chance: Random) -> Inventory:
    """What another deployment declares; now and then an endpoint that is not its own."""
    name = "e" if chance.random() < 0.1 else "g"
    return {
        "models": {"o": model(chance.randint(6, 7))},
        "endpoints": {name: provisioned(v=_fixed(chance) | {"model_name": "o"})},
    }


def with_a_part_gone(chance: Random, wanted: Inventory) -> Inventory:
    """The same without an endpoint, a variant, its scaling, its alarms, a policy, an option, or any key."""
    if chance.random() < 0.4:
        return without_a_key(chance, wanted)
    less = _with_less(chance, copy.deepcopy(wanted))
    return wanted if refused(less) else less


def with_something_more(chance: Random, wanted: Inventory) -> Inventory:
    """The same with some keys more, or with other values."""
    for _key in range(chance.choice((1, 1, 2))):
        wanted = with_a_key(chance, wanted)
    return wanted


def _with_less(chance: Random, less: Inventory) -> Inventory:
    endpoints = less["endpoints"]
    name = chance.choice(sorted(endpoints)) if endpoints else ""
    variants = endpoints[name].get("provisioned", {}).get("production_variants", {}) if name else {}
    if not variants or chance.random() < 0.3:
        endpoints.pop(name, None)
        return less
    key = chance.choice(sorted(variants))
    one = variants[key]
    options = [each for each in one if each not in ("model_name", "instance_type")]
    if len(variants) > 1 and chance.random() < 0.4:
        del variants[key]
    elif len(one.get("auto_scaling", {}).get("policies", {})) > 1 and chance.random() < 0.5:
        one["auto_scaling"]["policies"].popitem()
    elif {"schedules", "suspended"} & one.get("auto_scaling", {}).keys() and chance.random() < 0.5:
        del one["auto_scaling"][chance.choice(sorted({"schedules", "suspended"} & one["auto_scaling"].keys()))]
    elif options:
        del one[chance.choice(options)]
    return less


def _endpoint(chance: Random) -> Inventory:
    protection = {"deletion_protection": chance.random() < 0.6} if chance.random() < 0.2 else {}
    return _hosted(chance) | protection


def _hosted(chance: Random) -> Inventory:
    kind = chance.random()
    if kind < 0.08:
        return asynchronous(w=chance.choice((_fixed, _waking))(chance))
    if kind < 0.2:
        return serverless(**_concurrency(chance))
    if kind < 0.6:
        return provisioned(**{chance.choice("vvvx"): _scaled(chance)})
    if kind < 0.85:
        return provisioned(v=_scaled(chance), w=chance.choice((_scaled, _fixed))(chance))
    return provisioned(v=_fixed(chance))


def _concurrency(chance: Random) -> Inventory:
    most = chance.choice((5, 10, 100))
    warm: Inventory = {"provisioned_concurrency": chance.randint(1, 5)} if chance.random() < 0.5 else {}
    if warm and chance.random() < 0.4:
        warm["auto_scaling"] = chance.choice(_WARM)
    return {"max_concurrency": most, **warm}


def _settings(chance: Random) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {
        "model_name": chance.choice("mmn"),
        "instance_type": chance.choice(TYPES),
        "initial_weight": chance.choice((0.3, 1, 2)),
    }
    if chance.random() < 0.3:
        found["volume_size"] = chance.choice((10, 20))
    if chance.random() < 0.4:
        found["cloudwatch_alarms"] = chance.choice(_ALARMS)
    return found


def _scaled(chance: Random) -> Inventory:
    low = chance.randint(1, 3)
    policies = chance.choice(_POLICIES)
    scaling = {"minimum_capacity": low, "maximum_capacity": low + chance.randint(1, 8), "policies": policies}
    if chance.random() < 0.3:
        scaling["schedules"] = chance.choice((_NIGHT, _NIGHT | _DAY, _DAY))
    if chance.random() < 0.2:
        scaling["suspended"] = chance.choice(([], ["in"], ["out", "scheduled"]))
    return variant(**_settings(chance), auto_scaling=scaling)


def _waking(chance: Random) -> Inventory:
    """Of an asynchronous endpoint: without instances while nothing waits."""
    scaling = {
        "minimum_capacity": 0,
        "maximum_capacity": chance.randint(1, 4),
        "policies": chance.choice((_BACKLOG, {})),
    }
    return variant(**_settings(chance), auto_scaling=scaling | {"wake_from_zero": chance.random() < 0.8})


def _fixed(chance: Random) -> Inventory:
    return variant(**_settings(chance), initial_instance_count=chance.randint(1, 4))
