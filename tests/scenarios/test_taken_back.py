# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module returns of a resource is in its own options: given back to it, nothing changes."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import (
    ALARM,
    ENDPOINT,
    MODEL,
    TARGET,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.resource_spec import ResourceSpec
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.kind import Kind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind

from .harness import World

Options = dict[str, t.Any]


def without_api_parameters(value: t.Any) -> t.Any:
    """Members of AWS that have no option of their own stand beside the options in a result."""
    if isinstance(value, dict):
        return {key: without_api_parameters(inner) for key, inner in value.items() if key != "api_parameters"}
    return value


EVERYTHING: Options = without_api_parameters(
    yaml.safe_load((Path(__file__).resolve().parents[1] / "unit" / "inventory" / "everything.yml").read_text())
)
SCOPE = Scope("default")
KINDS: list[tuple[ResourceSpec, Kind[t.Any, t.Any]]] = [
    (MODEL, ModelKind(SCOPE)),
    (ALARM, AlarmKind(SCOPE)),
    (ENDPOINT, EndpointKind(SCOPE, {})),
    (TARGET, ScalingKind(SCOPE)),
]


def of_module(spec: ResourceSpec, returned: Options, declared: Options) -> Options:
    """What was returned as options; with those of which no result shows all values as declared."""
    options = {key: value for key, value in returned.items() if key in {*spec.options, "tags"}}
    hidden = {key: declared[key] for key in ("containers", "primary_container", "redeploy") if key in declared}
    return options | hidden


@pytest.mark.parametrize(("spec", "kind"), KINDS, ids=[spec.label for spec, _kind in KINDS])
def test_a_resource_as_returned_is_the_resource_as_declared(
    world: World, spec: ResourceSpec, kind: Kind[t.Any, t.Any]
) -> None:
    world.start_with("everything", lambda: world.apply(EVERYTHING))
    declared = compile_inventory(EVERYTHING).lists[spec.plural]
    returned = world.run(spec, kind, copy.deepcopy(declared))
    pairs = zip(returned[spec.plural], declared, strict=True)
    options = [of_module(spec, *pair) for pair in pairs]
    accepted = ArgumentSpecValidator(spec.as_list).validate({spec.plural: copy.deepcopy(options)})
    assert not accepted.error_messages
    again = world.run(spec, kind, options)
    assert (again.get("msg"), again["changed"], again[spec.plural]) == (None, False, returned[spec.plural])
