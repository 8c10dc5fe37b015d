# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The export and the law that it keeps, for scenarios."""

from __future__ import annotations

import json
import re
import types
import typing as t
from unittest import mock

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible import connection
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES, Api
from ansible_collections.friendsofansible.sagemaker.plugins.modules import sagemaker_inference_info

from .harness import Options, World
from .inventories import Inventory


class Ended(Exception):
    """The result of the module."""

    def __init__(self, **result: t.Any) -> None:
        super().__init__(result.get("msg", ""))
        self.result = result


def info(world: World, **options: t.Any) -> Options:
    """The result of sagemaker_inference_info, by default of what the deployment of these tests owns."""

    def end(**answer: t.Any) -> t.NoReturn:
        raise Ended(**answer)

    result: list[str] = []
    module = types.SimpleNamespace(
        params={"endpoint_names": None, "deployment": None, "include_environment": True, "parallelism": 1} | options,
        exit_json=end,
        fail_json=end,
    )
    world.bind(lambda policies: policies.reading)
    api = Api({service: world.run_client(service) for service in (*SERVICES, "sts")}, 1, result.append)
    services = mock.patch.object(sagemaker_inference_info, "connect", return_value=api)
    sts = mock.patch.object(connection, "connect", return_value=api)
    with services, sts, pytest.raises(Ended) as ended:
        sagemaker_inference_info.run(t.cast("t.Any", module))
    return t.cast("Options", json.loads(json.dumps(ended.value.result | {"warnings": result})))


def exported(world: World, **options: t.Any) -> Inventory:
    """The inventory as Ansible reads it from a file; it says everything."""
    found = info(world, **options)
    assert found["not_expressed"] == []
    return t.cast("Inventory", as_read(found["inventory"]))


def as_read(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {key: as_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_read(inner) for inner in value]
    return re.sub(r"{{ '({[{%#])' }}", r"\1", value) if isinstance(value, str) else value


def assert_changes_nothing(world: World, wanted: Inventory, **options: t.Any) -> None:
    world.simulator.clear_journal()
    for verify in ("tags", "full"):
        planned = world.apply(wanted, check=True, verify=verify, **options)
        assert not planned.error
        assert not planned.changed, planned.diff
    assert world.simulator.writes() == []
