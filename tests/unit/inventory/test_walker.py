# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""No key is forgotten: it is compiled and exported by the walker, or named here as written by hand."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import (
    alarm_keys,
    async_keys,
    data_capture_keys,
    endpoint_keys,
    model_keys,
    rollout_keys,
    scaling_keys,
    variant_keys,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import (
    Key,
    Structure,
    leaves,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.values import PARSERS
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.walker import compiled, exported
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_leaves import (
    ALARM,
    ASYNC,
    CAPTURE,
    CONTAINER,
    PRODUCTION,
    ROLLOUT,
    SCALING,
    SERVERLESS,
    SHADOW,
)

BY_HAND = {
    "additional_tags_all",
    f"{CONTAINER}.compression_type",
    f"{CONTAINER}.model_data_location",
    f"{CONTAINER}.additional_model_data_sources.*.model_data_location",
    "models.*.additional_tags",
    "endpoints.*.additional_tags",
    "endpoints.*.encryption_key",
    "endpoints.*.allow_replace",
    "endpoints.*.adopt",
    "models.*.redeploy",
    "endpoints.*.redeploy",
    "endpoints.*.deletion_protection",
    f"{PRODUCTION}.additional_tags",
    f"{PRODUCTION}.instance_pools",
    f"{SHADOW}.instance_pools",
    f"{PRODUCTION}.capacity_reservation",
    f"{SHADOW}.capacity_reservation",
    f"{PRODUCTION}.model_name",
    f"{SHADOW}.model_name",
    f"{SERVERLESS}.model_name",
    f"{SERVERLESS}.variant_name",
    f"{SERVERLESS}.additional_tags",
    f"{SERVERLESS}.cloudwatch_alarms.*.expression",
    f"{ALARM}.expression",
    *(
        f"{alarm}.{key}"
        for alarm in (ALARM, f"{SERVERLESS}.cloudwatch_alarms.*")
        for key in (
            "query",
            "unit",
            "pending_period",
            "recovery_period",
            "notification_sns_topic",
            "actions.alarm",
            "actions.ok",
            "actions.insufficient_data",
        )
    ),
    *(
        f"endpoints.*.composite_alarms.*.{key}"
        for key in (
            "any_of",
            "all_of",
            "notification_sns_topic",
            "actions.alarm",
            "actions.ok",
            "actions.insufficient_data",
        )
    ),
    *(
        f"{scaling}.policies.*.alarm.{key}"
        for scaling in (SCALING, f"{SERVERLESS}.auto_scaling")
        for key in ("unit", "notification_sns_topic", "actions.alarm", "actions.ok", "actions.insufficient_data")
    ),
    f"{SCALING}.policies.*.expression",
    f"{SCALING}.policies.*.api_parameters",
    f"{SCALING}.suspended",
    f"{SCALING}.wake_from_zero",
    f"{SERVERLESS}.auto_scaling.policies.*.expression",
    f"{SERVERLESS}.auto_scaling.policies.*.api_parameters",
    f"{SERVERLESS}.auto_scaling.suspended",
    f"{ASYNC}.include_response_in_notifications",
    f"{CAPTURE}.encryption_key",
    f"{CAPTURE}.data_capture_options.prediction_request",
    f"{CAPTURE}.data_capture_options.prediction_response",
    f"{ROLLOUT}.size",
    f"{ROLLOUT}.rollback_size",
    f"{ROLLOUT}.rollback_on",
}
PARAMETERS = {leaf for leaf, key in leaves(INVENTORY) if key.kind == "parameters" and leaf not in BY_HAND}
WALKED = {leaf: key for leaf, key in leaves(INVENTORY) if leaf not in BY_HAND}
STRUCTURES = [
    value
    for module in (
        alarm_keys,
        async_keys,
        data_capture_keys,
        endpoint_keys,
        model_keys,
        rollout_keys,
        scaling_keys,
        variant_keys,
    )
    for value in vars(module).values()
    if isinstance(value, Structure)
]


def test_what_is_written_by_hand() -> None:
    assert {leaf for leaf, key in leaves(INVENTORY) if key.codec is None and leaf not in PARAMETERS} == BY_HAND


def _reached(structure: Structure, keys: t.Iterable[Key]) -> t.Iterator[tuple[int, str]]:
    for key in keys:
        if key.is_inline:
            yield from _reached(structure, key.keys)
        elif key.kind == "parameters" and key.members == (structure.root,):
            yield id(key), f"{structure.root.operation} {structure.root.path}"
        elif key.codec:
            yield from ((id(key), f"{structure.root.operation} {path}") for path in key.paths(structure.root))


def test_the_walker_reaches_all_others() -> None:
    reached = {number for structure in STRUCTURES for number, _path in _reached(structure, structure.keys)}
    assert [leaf for leaf, key in WALKED.items() if id(key) not in reached] == []


@pytest.mark.parametrize("leaf", [leaf for leaf, key in WALKED.items() if key.default is not None or key.choices])
def test_values_of_the_schema_come_back_as_they_are_written(leaf: str) -> None:
    key = WALKED[leaf]
    assert key.codec is not None
    for value in {*key.choices, *([] if key.default in (None, {}) else [key.default])}:
        assert key.codec.from_api(key.codec.to_api(PARSERS[key.kind](value))) == value


def test_what_is_not_there_is_not_exported() -> None:
    for structure in STRUCTURES:
        assert exported(structure, {}) == {}


def test_what_is_empty_or_not_given_is_not_compiled() -> None:
    nothing: dict[str, t.Any] = {key.name: None for key in variant_keys.PRODUCTION_KEYS.keys}
    assert compiled(variant_keys.PRODUCTION_KEYS, nothing | {"volume_size": 5}) == {"volume_size_in_gb": 5}
    container: dict[str, t.Any] = {key.name: None for key in model_keys.CONTAINER_KEYS.keys}
    assert compiled(model_keys.CONTAINER_KEYS, container | {"environment_variables": {}}) == {}
