# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS adds works with the first botocore that knows it, and without it the message says what is missing."""

from __future__ import annotations

import copy
import typing as t

import botocore
import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import service_model
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.exporter import export
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import CONFIG, Key
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.fleets import fleet_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    Inventory,
    change,
    example,
    refused,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.newer_keys import is_newer
from botocore.loaders import Loader
from botocore.model import ServiceModel

TODAY = Loader()
V = "endpoints.e.provisioned.production_variants.m"
C = "models.m.container_definitions.c"
MEMBER = {"type": "structure", "members": {"Mode": {"shape": "TomorrowMode"}}}
SHAPES = {"Tomorrow": MEMBER, "TomorrowMode": {"type": "string", "enum": ["FAST", "SLOW"]}}
WITH_TOMORROW = {
    "sagemaker": ("CreateModelInput", "ContainerDefinition", "CreateEndpointConfigInput", "ProductionVariant"),
    "cloudwatch": ("PutMetricAlarmInput",),
    "application-autoscaling": ("RegisterScalableTargetRequest", "PutScalingPolicyRequest"),
}
KINDS: dict[str, t.Any] = {
    "models": ModelKind(Scope()),
    "endpoints": EndpointKind(Scope(), {}),
    "alarms": AlarmKind(Scope()),
    "targets": ScalingKind(Scope()),
}
PLACES = [
    ("models.m", "models", ("Tomorrow",)),
    (C, "models", ("Containers", 0, "Tomorrow")),
    ("endpoints.e", "endpoints", ("Tomorrow",)),
    (V, "endpoints", ("ProductionVariants", 0, "Tomorrow")),
    (f"{V}.cloudwatch_alarms.a", "alarms", ("Tomorrow",)),
    (f"{V}.auto_scaling", "targets", ("Tomorrow",)),
    (f"{V}.auto_scaling.policies.p", "targets", ("e/m/p", "Tomorrow")),
]


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[None]:
    """A botocore with a member more in each request."""
    models = {}
    for service, names in WITH_TOMORROW.items():
        description = TODAY.load_service_model(service, "service-2")
        shapes = description["shapes"]
        members = {name: shapes[name]["members"] | {"Tomorrow": {"shape": "Tomorrow"}} for name in names}
        shapes = shapes | SHAPES | {name: shapes[name] | {"members": members[name]} for name in names}
        models[service] = ServiceModel(description | {"shapes": shapes}, service)
    monkeypatch.setattr(service_model, "_SERVICE_MODELS", models)
    _forget_shapes(INVENTORY)
    yield
    _forget_shapes(INVENTORY)


def _forget_shapes(key: Key) -> None:
    for name in ("limit", "is_inline", "taken"):
        key.__dict__.pop(name, None)
    for child in key.keys:
        _forget_shapes(child)


def _with_tomorrow(place: str) -> Inventory:
    return change(example("realtime"), f"{place}.api_parameters", {"tomorrow": {"Mode": "FAST"}})


def _digest(inventory: Inventory, plural: str) -> str:
    desired = KINDS[plural].desired(getattr(compile_inventory(inventory), plural)[0], False)
    return str(desired.digest)


@pytest.mark.usefixtures("tomorrow")
@pytest.mark.parametrize(("place", "plural", "where"), PLACES)
def test_a_member_that_came_today_is_sent(place: str, plural: str, where: tuple[str | int, ...]) -> None:
    options = getattr(compile_inventory(_with_tomorrow(place)), plural)[0]
    desired = KINDS[plural].desired(copy.deepcopy(options), False)
    found: t.Any = {"models": "request", "endpoints": "config", "alarms": "request", "targets": "target"}[plural]
    found = getattr(desired, "policies" if len(where) == 2 else found)
    for step in where:
        found = found[step]
    assert found == {"Mode": "FAST"}


@pytest.mark.usefixtures("tomorrow")
@pytest.mark.parametrize(("place", "plural"), [(place, plural) for place, plural, _where in PLACES[:4]])
def test_it_is_part_of_the_digest(place: str, plural: str) -> None:
    assert _digest(_with_tomorrow(place), plural) != _digest(example("realtime"), plural)
    assert _digest(change(example("realtime"), f"{place}.api_parameters", {}), plural) == _digest(
        example("realtime"), plural
    )


@pytest.mark.usefixtures("tomorrow")
@pytest.mark.parametrize("place", [place for place, _plural, _where in PLACES])
def test_it_is_exported(place: str) -> None:
    exported = export(fleet_of(_with_tomorrow(place)), has_environment=True)
    assert exported.not_expressed == ()
    found: t.Any = exported.inventory
    for name in place.split("."):
        found = found[name]
    assert found["api_parameters"] == {"tomorrow": {"mode": "FAST"}}


def _keys(key: Key) -> t.Iterator[Key]:
    yield key
    for child in key.keys:
        yield from _keys(child)


def test_a_key_says_since_when_its_members_are_known() -> None:
    for key in _keys(INVENTORY):
        if key.since:
            assert bool(key.unknown_member) == is_newer(key.since), key.name
        else:
            assert all(member.is_known for member in key.members[:1]), key.name


@pytest.mark.parametrize("place", [place for place, _plural, _where in PLACES])
def test_the_installed_botocore_does_not_know_it(place: str) -> None:
    (problem,) = refused(_with_tomorrow(place))
    where = f"{place}.api_parameters.tomorrow"
    assert problem.startswith(f"{where}: botocore {botocore.__version__} does not know this member")


def test_prefix_aware_routing_has_its_settings_among_the_api_parameters() -> None:
    settings = {"prefix_aware_routing_config": {"prefix_length": 2048, "concurrency_threshold": 10}}
    wanted = change(example("realtime"), f"{V}.routing_strategy", "prefix_aware")
    change(wanted, f"{V}.api_parameters", {"routing_config": settings})
    if not CONFIG("ProductionVariants.RoutingConfig.PrefixAwareRoutingConfig").is_known:
        (problem,) = refused(wanted)
        assert f"botocore {botocore.__version__} does not know this member" in problem
        return
    desired = KINDS["endpoints"].desired(compile_inventory(wanted).endpoints[0], False)
    (variant,) = desired.config["ProductionVariants"]
    assert variant["RoutingConfig"] == {
        "RoutingStrategy": "PREFIX_AWARE",
        "PrefixAwareRoutingConfig": {"PrefixLength": 2048, "ConcurrencyThreshold": 10},
    }
    found = export(fleet_of(wanted), has_environment=True).inventory["endpoints"]["e"]["provisioned"]
    assert found["production_variants"]["m"]["routing_strategy"] == "prefix_aware"
    assert found["production_variants"]["m"]["api_parameters"] == {"routing_config": settings}
