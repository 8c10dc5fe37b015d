# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every leaf of the schema that becomes a member of a request is named as the cause when it changes."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import leaves
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.source_map import to_inventory_paths
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind, LiveAlarm
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.state import LiveEndpoint
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.generations import LiveGeneration
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.live_scaling import LiveScaling
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import (
    LiveGenerations,
    ModelKind,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import path_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    TOPIC,
    Inventory,
    change,
    example,
    flat,
    without,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_leaves import (
    ASYNC,
    CAPTURE,
    CONTAINER,
    NOTHING_TO_SET,
    PRODUCTION,
    ROWS,
    SHADOW,
    TAR,
    Row,
    _inventory,
    _place,
)
from botocore import xform_name

SCOPE = Scope()
KINDS: dict[str, t.Any] = {
    "model": ModelKind(SCOPE),
    "endpoint": EndpointKind(SCOPE, {}),
    "alarm": AlarmKind(SCOPE),
    "target": ScalingKind(SCOPE),
}
NO_REQUEST = (
    "additional_tags_all",
    "endpoints.*.provisioned.production_variants.*.auto_scaling.api_parameters",
    "endpoints.*.deployment",
    "endpoints.*.allow_replace",
    "endpoints.*.adopt",
    "endpoints.*.deletion_protection",
)
KEPT = (
    "volume_size",
    "actions_enabled",
    "auto_scaling.suspended",
    "model_data_etag",
    "repository_credentials_provider_arn",
    "metrics.enable_detailed_observability",
    "metrics.enable_enhanced_metrics",
    "metrics.publish_frequency",
    "redeploy",
)
"""What AWS keeps as it is if it is not declared any more."""
ALTERNATIVES = {f"{CONTAINER}.model_package", f"{PRODUCTION}.instance_pools", f"{SHADOW}.instance_pools"}
"""What comes only as another key goes."""
COMPRESSION = f"{CONTAINER}.compression_type"
FOLDER = "s3://bucket/folder/"
V = "endpoints.e.provisioned.production_variants.m"
C = "models.m.container_definitions.c"
VARIANT = "endpoints.e.provisioned.production_variants.v"
V_PARAMETERS = f"{VARIANT}.api_parameters"
ALARM_PARAMETERS = f"{VARIANT}.cloudwatch_alarms.a.api_parameters"
SCALING = f"{VARIANT}.auto_scaling"
Triple = tuple[str, t.Any, t.Any]


def _live(resource: str, wanted: t.Any) -> t.Any:
    """What is there once *wanted* has been made."""
    if resource == "model":
        return LiveGenerations((LiveGeneration(name=wanted.name, arn="arn", request=wanted.request, tags={}),))
    if resource == "alarm":
        return LiveAlarm(arn="arn", request=wanted.request)
    if resource == "target":
        hanging = {"policies": wanted.policies, "scheduled_actions": wanted.scheduled_actions}
        return LiveScaling(arn="arn", target=wanted.target, **hanging)
    description = {"EndpointStatus": "InService", "EndpointConfigName": "old", "EndpointArn": "arn"}
    configs: dict[str, Request] = {"old": wanted.config} if wanted else {}
    live = {name: LiveGeneration(name=name, arn="arn", request=config, tags={}) for name, config in configs.items()}
    return LiveEndpoint(description=description if wanted else {}, tags={}, configs=live)


def _gone(resource: str) -> t.Any:
    if resource == "model":
        return LiveGenerations(())
    if resource == "alarm":
        return LiveAlarm()
    return LiveScaling() if resource == "target" else _live("endpoint", None)


def _each(compiled: Compiled) -> dict[tuple[str, str], tuple[dict[str, t.Any], t.Any]]:
    """Options and desired resource by kind and name."""
    found = {}
    for resource, kind in KINDS.items():
        for options in getattr(compiled, f"{resource}s"):
            desired = kind.desired(copy.deepcopy(options), False)
            found[resource, desired.name] = (options, desired)
    return found


def _serverless(compiled: Compiled) -> dict[str, t.Any]:
    names = [each["endpoint_name"] for each in compiled.endpoints if "serverless_config" in str(each)]
    return {"serverless_endpoints": names}


def plan_of(given: Inventory, declared: Inventory) -> list[Triple]:
    """What the plans of all resources that stay tell."""
    was, wanted = _each(compile_inventory(given)), compile_inventory(declared)
    return [
        triple
        for key, (options, desired) in _each(wanted).items()
        if key in was
        for triple in _told(key[0], options, wanted, KINDS[key[0]].plan(desired, _live(key[0], was[key][1])))
    ]


def created(inventory: Inventory, resource: str) -> list[str]:
    compiled = compile_inventory(inventory)
    return [
        path
        for key, (options, desired) in _each(compiled).items()
        if key[0] == resource
        for path, _before, _after in _told(resource, options, compiled, KINDS[resource].plan(desired, _gone(resource)))
    ]


def _told(resource: str, options: dict[str, t.Any], compiled: Compiled, plan: t.Any) -> list[Triple]:
    shown = to_inventory_paths(resource, options, _serverless(compiled), plan.differences)
    return [(each.where, each.before, each.after) for each in shown if not each.where.startswith("tags.")]


def _is_law(row: Row) -> bool:
    return not row.leaf.startswith(NO_REQUEST) and not row.leaf.endswith(
        ("additional_tags", "cloudwatch_alarms.*.query")
    )


def _cases() -> t.Iterator[tuple[str, Inventory, Inventory]]:
    for row in ROWS:
        if _is_law(row) and row.leaf not in (COMPRESSION, *ALTERNATIVES):
            yield row.leaf, _inventory(row), change(_inventory(row, row.beside), _place(row.leaf), row.value)


CASES = list(_cases())


@pytest.mark.parametrize(("leaf", "before", "after"), CASES, ids=[leaf for leaf, _before, _after in CASES])
def test_a_changed_leaf_is_the_only_cause(leaf: str, before: Inventory, after: Inventory) -> None:
    cause = _place(leaf) + _inside(leaf, after)
    there = {path.partition(" (")[0] for path, _before, _after in plan_of(before, after)}
    back = {path.partition(" (")[0] for path, _before, _after in plan_of(after, before)}
    assert there == {cause}
    assert back == (set() if leaf.endswith(KEPT) else {cause})


def test_a_query_takes_the_place_of_an_expression() -> None:
    alarm = f"{V}.cloudwatch_alarms.a"
    after = change(change(example("realtime"), f"{alarm}.query", "up == 0"), f"{alarm}.expression", None)
    told = {path.partition(" (")[0] for path, _before, _after in plan_of(example("realtime"), after)}
    assert {f"{alarm}.query", f"{alarm}.expression"} <= told
    assert all(path.startswith(alarm) for path in told)


def _inside(leaf: str, inventory: Inventory) -> str:
    """The path within the value of a map, which names one of its entries."""
    if not leaf.endswith(("environment_variables", "api_parameters")):
        return ""
    value: t.Any = inventory
    for name in _place(leaf).split("."):
        value = value[name]
    ((path, _scalar),) = flat(value).items()
    return f".{path}" if leaf.endswith("environment_variables") else f".{snake_case(path)}"


def snake_case(path: str) -> str:
    return ".".join(map(xform_name, path.split(".")))


def test_the_law_covers_every_leaf_that_becomes_a_member() -> None:
    exempt = {leaf for leaf, _key in leaves(INVENTORY) if leaf.startswith(NO_REQUEST) or "additional_tags" in leaf}
    exempt |= {leaf for leaf, _key in leaves(INVENTORY) if leaf.endswith("cloudwatch_alarms.*.query")}
    assert {leaf for leaf, _before, _after in CASES} | exempt | {COMPRESSION} | ALTERNATIVES | NOTHING_TO_SET == {
        leaf for leaf, _key in leaves(INVENTORY)
    }


@pytest.mark.parametrize("base", ["realtime", "capture", "async", "shadow", "serverless"])
def test_what_is_made_anew_is_told_in_paths_of_the_inventory(base: str) -> None:
    everything = [path for resource in KINDS for path in created(example(base), resource)]
    assert [path for path in everything if not path.startswith(("models.", "endpoints."))] == []


def test_values_stay_as_they_are() -> None:
    before, after = example("realtime"), change(example("realtime"), f"{V}.instance_type", "ml.c5.large")
    assert plan_of(before, after) == [(f"{V}.instance_type", "ml.m5.large", "ml.c5.large")]


def test_the_protection_from_deletion_is_a_key_and_no_tag() -> None:
    on, off = (change(example("realtime"), "endpoints.e.deletion_protection", value) for value in (True, False))
    assert plan_of(example("realtime"), on) == [("endpoints.e.deletion_protection", None, "true")]
    assert plan_of(on, example("realtime")) == plan_of(example("realtime"), off) == []


def test_members_that_one_expression_decides_are_told_apart() -> None:
    path = f"{V}.cloudwatch_alarms.a.expression"
    after = change(example("realtime"), path, "OverheadLatency p99 > 5")
    assert plan_of(example("realtime"), after) == [
        (f"{path} (metric_name)", "ModelLatency", "OverheadLatency"),
        (f"{path} (threshold)", 500000, 5),
    ]
    path = f"{V}.auto_scaling.policies.p.expression"
    after = change(example("realtime"), path, "MemoryUtilization average = 5")
    assert plan_of(example("realtime"), after) == [
        (f"{path} (target_value)", 70, 5),
        (f"{path} (customized_metric_specification.metric_name)", "CPUUtilization", "MemoryUtilization"),
    ]


def test_a_policy_that_goes_is_named_by_its_key() -> None:
    policies = f"{V}.auto_scaling.policies"
    before = change(example("realtime"), policies, {"p": {"expression": "CPUUtilization average = 70"}, "q.r": {
        "expression": "MemoryUtilization average = 70"}})  # fmt: skip
    assert plan_of(before, example("realtime")) == [(f"{policies}.q.r", "present", None)]


def test_containers_that_come_and_go_have_their_names() -> None:
    second = change(example("models"), "models.m.container_definitions.d", {"image": "i"})
    place = "models.m.container_definitions"
    assert plan_of(example("models"), second) == [(place, None, "d"), (f"{place}.d.image", None, "i")]
    assert plan_of(second, example("models")) == [(place, "d", None), (f"{place}.d.image", "i", None)]


def test_topics_that_join_others_are_the_only_cause() -> None:
    before = change(example("async"), f"{_place(ASYNC)}.error_notification_location", TOPIC)
    path = f"{_place(ASYNC)}.success_notification_location"
    assert plan_of(before, change(copy.deepcopy(before), path, TOPIC)) == [(path, None, TOPIC)]


def test_the_compression_alone_is_no_change_but_a_cause_beside_others() -> None:
    archive = change(example("models"), f"{C}.model_data_location", TAR)
    assert plan_of(archive, change(copy.deepcopy(archive), f"{C}.compression_type", "UncompressedModel")) == []
    folder = change(example("models"), C, {"image": "i", "model_data_location": FOLDER})
    many = change(copy.deepcopy(folder), f"{C}.use_multiple_models", {})
    change(folder, f"{C}.compression_type", "UncompressedModel")
    assert {path for path, _before, _after in plan_of(many, folder)} == {
        f"{C}.use_multiple_models",
        f"{C}.compression_type",
    }
    other = change(copy.deepcopy(folder), f"{C}.model_data_location", f"{FOLDER}two/")
    assert plan_of(folder, other) == [(f"{C}.model_data_location", FOLDER, f"{FOLDER}two/")]
    single = change(copy.deepcopy(folder), f"{C}.model_data_location", f"{FOLDER}two")
    assert plan_of(folder, single) == [(f"{C}.model_data_location", FOLDER, f"{FOLDER}two")]


def test_a_package_in_place_of_an_image_is_told_with_both() -> None:
    packaged = change(change(example("models"), f"{C}.image", None), f"{C}.model_package", "package/1")
    assert plan_of(example("models"), packaged) == [
        (f"{C}.image", "repo/image:1", None),
        (f"{C}.model_package", None, "package/1"),
    ]


def test_pools_in_place_of_one_instance_type() -> None:
    pools = change(change(example("realtime"), f"{V}.instance_type", None), f"{V}.instance_pools", ["ml.m5.large"])
    told = plan_of(example("realtime"), pools)
    assert {path.partition(" (")[0] for path, _before, _after in told} == {
        f"{V}.instance_type",
        f"{V}.instance_pools",
    }
    more = change(copy.deepcopy(pools), f"{V}.instance_pools", ["ml.m5.large", "ml.c5.large"])
    assert {path.partition(" (")[0] for path, _before, _after in plan_of(pools, more)} == {f"{V}.instance_pools"}


def test_the_two_halves_of_what_is_captured() -> None:
    options = f"{_place(CAPTURE)}.data_capture_options"
    request = change(example("capture"), options, {"prediction_response": False})
    response = change(example("capture"), options, {"prediction_request": False})
    assert plan_of(request, response) == [
        (f"{options}.prediction_request", "Input", "Output"),
        (f"{options}.prediction_response", "Input", "Output"),
    ]
    none = without(example("capture"), _place(CAPTURE))
    assert f"{options}.prediction_request" in {path for path, _before, _after in plan_of(none, example("capture"))}


GENERATIONS = {"model_generations": {"m": "m-0123abcd", "other": "other"}}


@pytest.mark.parametrize(
    ("declared", "before", "after", "cause"),
    [
        ("m", "m", "m-0123abcd", "models.m"),
        ("m", "m-89abcdef", "m-0123abcd", "models.m"),
        ("m", "other", "m-0123abcd", "endpoints.e.provisioned.production_variants.v.model_name"),
        ("other", "m", "other", "endpoints.e.provisioned.production_variants.v.model_name"),
        ("m", None, "m-0123abcd", "endpoints.e.provisioned.production_variants.v.model_name"),
        ("m", "m", None, "endpoints.e.provisioned.production_variants.v.model_name"),
    ],
)
def test_another_generation_of_the_same_model_is_caused_by_the_model(
    declared: str, before: str | None, after: str | None, cause: str
) -> None:
    options = {"endpoint_name": "e", "production_variants": [{"variant_name": "v", "model_name": declared}]}
    item = Difference(path_of("production_variants.v.model_name"), before, after)
    assert to_inventory_paths("endpoint", options, GENERATIONS, [item]) == (Difference(path_of(cause), before, after),)


@pytest.mark.parametrize(
    ("resource", "options", "path"),
    [
        ("model", {"model_name": "m", "primary_container": {"image": "i"}}, "containers[0].image"),
        ("model", {"model_name": "m"}, "tags.team"),
        ("endpoint", {"endpoint_name": "e"}, "tags.team"),
        ("endpoint", {"endpoint_name": "e"}, "async_inference_config.output_config"),
        ("alarm", {"alarm_name": "alone"}, "threshold"),
        ("alarm", {"alarm_name": "e/v/a"}, "tags.team"),
        ("target", {"endpoint_name": "e", "variant_name": "v"}, "policies.theirs"),
        ("target", {"endpoint_name": "e", "variant_name": "v"}, "tags.team"),
    ],
)
def test_what_no_path_causes_stays_as_it_is(resource: str, options: dict[str, t.Any], path: str) -> None:
    item = Difference(path_of(path), "before", "after")
    assert to_inventory_paths(resource, options, {}, [item]) == (item,)


@pytest.mark.parametrize(
    ("resource", "options", "path", "cause"),
    [
        ("endpoint", {"endpoint_name": "e"}, "explainer_config.clarify", "endpoints.e.api_parameters"),
        ("endpoint", {"endpoint_name": "e"}, "production_variants.v.accelerator_type", V_PARAMETERS),
        ("endpoint", {"endpoint_name": "e"}, "production_variants.v.core_dump_config.kms_key_id", V_PARAMETERS),
        ("alarm", {"alarm_name": "e/v/a"}, "unit", ALARM_PARAMETERS),
        ("target", {"endpoint_name": "e", "variant_name": "v"}, "tomorrow", f"{SCALING}.api_parameters"),
    ],
)
def test_what_has_no_key_is_caused_by_parameters(
    resource: str, options: dict[str, t.Any], path: str, cause: str
) -> None:
    (found,) = to_inventory_paths(resource, options, {}, [Difference(path_of(path), "before", "after")])
    assert found.where == f"{cause}.{path.removeprefix('production_variants.v.')}"


def test_options_that_a_module_fills_with_none_are_not_given() -> None:
    variant = {"variant_name": "v", "model_name": "m", "instance_type": "i", "serverless_config": None}
    item = Difference(path_of("production_variants.v.instance_type"), "before", "i")
    (found,) = to_inventory_paths("endpoint", {"endpoint_name": "e", "production_variants": [variant]}, {}, [item])
    assert found.where == "endpoints.e.provisioned.production_variants.v.instance_type"


def test_secrets_stay_secret() -> None:
    item = Difference(path_of("containers[0].environment.TOKEN"), "hush", "hush-hush", is_secret=True)
    options = {"model_name": "m", "containers": [{"container_hostname": "c"}]}
    (found,) = to_inventory_paths("model", options, {}, [item])
    assert found == Difference(path_of(f"{C}.environment_variables.TOKEN"), "hush", "hush-hush", is_secret=True)
