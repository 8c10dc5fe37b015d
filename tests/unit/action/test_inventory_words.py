# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans in the words of the inventory: only a leaf that changes is shown."""

from __future__ import annotations

import copy
import dataclasses
import json
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import Request
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Compared,
    Effect,
    Plan,
    ResourceId,
    as_data,
    from_data,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import leaves
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.alarm import AlarmKind, LiveAlarm
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.state import LiveEndpoint
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.generations import LiveGeneration
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import (
    LiveGenerations,
    ModelKind,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling import ScalingKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling_state import LiveScaling
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.paths import text_of
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.inventory_words import in_inventory_words
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import path_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import (
    TOPIC,
    Inventory,
    change,
    example,
    flat,
    refused,
    without,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.newer_keys import refusals
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
    "endpoints.*.serverless.variant.auto_scaling.api_parameters",
    "endpoints.*.provisioned.production_variants.*.auto_scaling.policies.*.alarm.api_parameters",
    "endpoints.*.serverless.variant.auto_scaling.policies.*.alarm.api_parameters",
    "endpoints.*.provisioned.production_variants.*.cloudwatch_alarms.*.api_parameters",
    "endpoints.*.serverless.variant.cloudwatch_alarms.*.api_parameters",
    "endpoints.*.provisioned.production_variants.*.auto_scaling.wake_from_zero",
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
Triple = tuple[str, t.Any, t.Any]


def _live(resource: str, wanted: t.Any) -> t.Any:
    """What is there once *wanted* has been made."""
    if resource == "model":
        return LiveGenerations((LiveGeneration(name=wanted.name, arn="arn", request=wanted.request, tags={}),))
    if resource == "alarm":
        return LiveAlarm(arn="arn", request=wanted.request)
    if resource == "target":
        hanging = {"policies": wanted.policies, "scheduled_actions": wanted.scheduled_actions}
        alarms = {name: LiveAlarm(arn="arn", request=each.request) for name, each in wanted.alarms.items()}
        arns = dict.fromkeys(wanted.policies, "arn")
        return LiveScaling(arn="arn", target=wanted.target, policy_arns=arns, alarms=alarms, **hanging)
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


def _each(compiled: Compiled) -> dict[tuple[str, str], t.Any]:
    """Desired resources by kind and name."""
    found = {}
    for resource, kind in KINDS.items():
        for options in getattr(compiled, f"{resource}s"):
            desired = kind.desired(copy.deepcopy(options), False)
            found[resource, desired.name] = desired
    return found


def plan_of(given: Inventory, declared: Inventory) -> list[Triple]:
    """What the plans of all resources that stay show."""
    was, wanted = _each(compile_inventory(given)), compile_inventory(declared)
    plans = [
        plan
        for key, desired in _each(wanted).items()
        if key in was
        for plan in KINDS[key[0]].plan(desired, _live(key[0], was[key])).shown_with(None)
    ]
    return _in_words(plans, wanted)


def created(inventory: Inventory, resource: str) -> list[Triple]:
    compiled = compile_inventory(inventory)
    plans = [
        KINDS[key[0]].plan(desired, _gone(resource)) for key, desired in _each(compiled).items() if key[0] == resource
    ]
    return _in_words(plans, compiled)


def deleted(inventory: Inventory, resource: str) -> list[Triple]:
    compiled = compile_inventory(inventory)
    wanted = [desired for key, desired in _each(compiled).items() if key[0] == resource]
    return _in_words([KINDS[resource].plan_absent(desired, _live(resource, desired)) for desired in wanted], compiled)


def _in_words(plans: t.Sequence[Plan], compiled: Compiled) -> list[Triple]:
    """As the action plugin shows what the module has planned."""
    received = [from_data(json.loads(json.dumps(as_data(plan)))) for plan in plans]
    return [
        (text_of((*plan.path, *each.path)), each.display_before, each.display_after)
        for plan in in_inventory_words(received, compiled.lists)
        for each in plan.differences
    ]


def _is_law(row: Row) -> bool:
    return not row.leaf.startswith(NO_REQUEST) and not row.leaf.endswith(
        ("additional_tags", "cloudwatch_alarms.*.query")
    )


def _cases() -> t.Iterator[tuple[str, Inventory, Inventory]]:
    for row in ROWS:
        if _is_law(row) and row.leaf not in (COMPRESSION, *ALTERNATIVES):
            yield row.leaf, _inventory(row), change(_inventory(row, row.beside), _place(row.leaf), row.value)


CASES = list(_cases())
KNOWN = [case for case in CASES if not refusals(case[2])]
"""Those that can be planned with the installed botocore; that the others are refused is tested with their rows."""


@pytest.mark.parametrize(("leaf", "before", "after"), KNOWN, ids=[leaf for leaf, _before, _after in KNOWN])
def test_a_changed_leaf_is_the_only_cause(leaf: str, before: Inventory, after: Inventory) -> None:
    cause = _place(leaf) + _inside(leaf, after)
    there = {path for path, _before, _after in plan_of(before, after)}
    back = {path for path, _before, _after in plan_of(after, before)}
    assert there == {cause}
    assert back == (set() if leaf.endswith(KEPT) else {cause})


def test_a_query_takes_the_place_of_an_expression() -> None:
    alarm = f"{V}.cloudwatch_alarms.a"
    after = change(change(example("realtime"), f"{alarm}.query", "up == 0"), f"{alarm}.expression", None)
    if too_new := refusals(after):
        assert refused(after) == too_new
        return
    result = {path.partition(" (")[0] for path, _before, _after in plan_of(example("realtime"), after)}
    assert {f"{alarm}.query", f"{alarm}.expression"} <= result
    assert all(path.startswith(alarm) for path in result)


def _inside(leaf: str, inventory: Inventory) -> str:
    """The path within the value of a map, which names its entry, or the first one."""
    if not leaf.endswith(("environment_variables", "api_parameters")):
        return ""
    value: t.Any = inventory
    for name in _place(leaf).split("."):
        value = value[name]
    path = next(iter(flat(value)))
    return f".{path}" if leaf.endswith("environment_variables") else f".{snake_case(path)}"


def snake_case(path: str) -> str:
    return ".".join(map(xform_name, path.split(".")))


def test_the_law_covers_every_leaf_that_becomes_a_member() -> None:
    exempt = {leaf for leaf, _key in leaves(INVENTORY) if leaf.startswith(NO_REQUEST) or "additional_tags" in leaf}
    exempt |= {leaf for leaf, _key in leaves(INVENTORY) if leaf.endswith("cloudwatch_alarms.*.query")}
    assert {leaf for leaf, _before, _after in CASES} | exempt | {COMPRESSION} | ALTERNATIVES | NOTHING_TO_SET == {
        leaf for leaf, _key in leaves(INVENTORY)
    }


EVERYTHING = ["realtime", "capture", "async", "shadow", "serverless"]


@pytest.mark.parametrize("base", EVERYTHING)
def test_what_is_made_or_deleted_is_said_as_the_inventory_says_it(base: str) -> None:
    inventory = example(base)
    for resource in KINDS:
        made = {path: after for path, _before, after in created(inventory, resource)}
        gone = {path: before for path, before, _after in deleted(inventory, resource)}
        if resource in ("alarm", "target"):
            assert made == gone
        assert {path: value for path, value in made.items() if _at(inventory, path) != str(value).lower()} == {}


def _at(tree: t.Any, path: str) -> str:
    for part in path.split("."):
        tree = tree[part]
    return str(tree).lower()


def test_values_stay_as_they_are() -> None:
    before, after = example("realtime"), change(example("realtime"), f"{V}.instance_type", "ml.c5.large")
    assert plan_of(before, after) == [(f"{V}.instance_type", "ml.m5.large", "ml.c5.large")]


def test_what_is_not_given_is_what_the_schema_has_by_default() -> None:
    three = change(example("realtime"), f"{V}.initial_weight", 0.3)
    assert plan_of(three, example("realtime")) == [(f"{V}.initial_weight", 0.3, 1)]
    slow = change(example("realtime"), f"{V}.auto_scaling.policies.p.scale_in_cooldown_period", "10 minutes")
    path = f"{V}.auto_scaling.policies.p.scale_in_cooldown_period"
    assert plan_of(slow, example("realtime")) == [(path, "10 minutes", "5 minutes")]


def test_the_protection_from_deletion_is_a_key_and_no_tag() -> None:
    on, off = (change(example("realtime"), "endpoints.e.deletion_protection", value) for value in (True, False))
    assert plan_of(example("realtime"), on) == [("endpoints.e.deletion_protection", None, "true")]
    assert plan_of(on, example("realtime")) == plan_of(example("realtime"), off) == []


def test_an_expression_is_one_line() -> None:
    path = f"{V}.cloudwatch_alarms.a.expression"
    after = change(example("realtime"), path, "OverheadLatency p99 > 5")
    assert plan_of(example("realtime"), after) == [(path, "ModelLatency p99 > 500000", "OverheadLatency p99 > 5")]
    path = f"{V}.auto_scaling.policies.p.expression"
    after = change(example("realtime"), path, "MemoryUtilization average = 5")
    triple = (path, "CPUUtilization Average = 70", "MemoryUtilization Average = 5")
    assert plan_of(example("realtime"), after) == [triple]


def test_a_policy_that_goes_is_a_deletion_of_it() -> None:
    policies = f"{V}.auto_scaling.policies"
    more = {"p": {"expression": "CPUUtilization average = 70"}, "q.r": {"expression": "MemoryUtilization average = 70"}}
    before = change(example("realtime"), policies, more)
    assert plan_of(before, example("realtime")) == [
        (f"{policies}.q.r.expression", "MemoryUtilization Average = 70", None)
    ]


def test_a_policy_that_comes_is_said_whole() -> None:
    policies = f"{V}.auto_scaling.policies"
    more = {"p": {"expression": "CPUUtilization average = 70"}, "q": {"expression": "MemoryUtilization average = 70"}}
    after = change(example("realtime"), policies, more)
    assert plan_of(example("realtime"), after) == [(f"{policies}.q.expression", None, "MemoryUtilization Average = 70")]


def test_containers_that_come_and_go_have_their_names() -> None:
    second = change(example("models"), "models.m.container_definitions.d", {"image": "i"})
    place = "models.m.container_definitions"
    assert plan_of(example("models"), second) == [(f"{place}.d.image", None, "i")]
    assert plan_of(second, example("models")) == [(f"{place}.d.image", "i", None)]


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


def test_a_package_in_place_of_an_image_is_reported_with_both() -> None:
    packaged = change(change(example("models"), f"{C}.image", None), f"{C}.model_package", "package/1")
    assert plan_of(example("models"), packaged) == [
        (f"{C}.image", "repo/image:1", None),
        (f"{C}.model_package", None, "package/1"),
    ]


def test_pools_in_place_of_one_instance_type() -> None:
    pools = change(change(example("realtime"), f"{V}.instance_type", None), f"{V}.instance_pools", ["ml.m5.large"])
    if too_new := refusals(pools):
        assert refused(pools) == too_new
        return
    result = plan_of(example("realtime"), pools)
    assert {path.partition(" (")[0] for path, _before, _after in result} == {
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
        (f"{options}.prediction_request", True, False),
        (f"{options}.prediction_response", False, True),
    ]
    none = without(example("capture"), _place(CAPTURE))
    assert f"{_place(CAPTURE)}.s3_location_to_store_data_collected" in {
        path for path, _before, _after in plan_of(none, example("capture"))
    }


def config(**variants: str) -> Request:
    made = [{"VariantName": name, "ModelName": model} for name, model in variants.items()]
    return {"ProductionVariants": made}


@pytest.mark.parametrize(
    ("before", "after", "messages"),
    [
        ("m", "m-0123abcd", ("m", "m-0123abcd")),
        ("m-89abcdef", "m-0123abcd", ("m-89abcdef", "m-0123abcd")),
        ("other", "m-0123abcd", ("other", "m")),
        ("m", "other", ("m", "other")),
        ("m", "unknown", ("m", "unknown")),
    ],
)
def test_another_generation_of_a_model_is_named_and_another_model_is_said_by_its_key(
    before: str, after: str, messages: tuple[str, str]
) -> None:
    item = Difference(path_of("production_variants.v.model_name"), before, after)
    compared = Compared(config(v=before), config(v=after))
    plan = Plan(ResourceId("endpoint", "e"), Effect.REDEPLOY, differences=(item,), compared=compared)
    lists = {"models": [{"model_name": "m"}, {"model_name": "other"}], "endpoints": []}
    (found,) = in_inventory_words([plan], lists)
    path = path_of("provisioned.production_variants.v.model_name")
    assert found.differences == (Difference(path, *messages),)


NONE: dict[str, list[t.Any]] = {"models": [], "endpoints": []}


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("production_variants.v.accelerator_type", {}),
        ("explainer_config.clarify_explainer_config.enable_explanations", {}),
        ("vpc_config.subnets", {}),
    ],
)
def test_what_the_inventory_has_no_words_for_is_said_in_those_of_aws(path: str, before: Request) -> None:
    item = Difference(path_of(path), "before", None)
    compared = Compared(config(v="m"), config(v="m"))
    plan = Plan(ResourceId("endpoint", "e"), Effect.REDEPLOY, differences=(item,), compared=compared)
    assert in_inventory_words([plan], NONE)[0].differences == (item,)


def test_an_alarm_that_the_inventory_has_no_words_for_says_why() -> None:
    before = {"AlarmName": "e/v/a", "Metrics": [{"Id": "m"}], "ComparisonOperator": "GreaterThanThreshold"}
    item = Difference(path_of("metrics[0].id"), "m", None)
    plan = Plan(ResourceId("alarm", "e/v/a"), Effect.DELETE, differences=(item,), compared=Compared(before, None))
    ((said,),) = (found.differences for found in in_inventory_words([plan], NONE))
    assert (said.where, said.after) == ("expression", None)
    assert said.before == "(it has several expressions)"


def test_only_tags_of_users_are_said() -> None:
    keys = ("friendsofansible.sagemaker/deployment", "friendsofansible.sagemaker/saved-scaling-0", "team")
    tags = tuple(Difference(("tags", key), None, "x") for key in keys)
    managed = (Difference(("tags", "managed-by"), "Terraform", "Ansible"),)
    plan = Plan(ResourceId("model", "m"), Effect.TAGS, differences=(*tags, *managed))
    (found,) = in_inventory_words([plan], NONE)
    assert [(item.where, item.after) for item in found.differences] == [("additional_tags.team", "x")]
    own = Difference(("tags", "managed-by"), "Ansible", "us")
    (found,) = in_inventory_words([dataclasses.replace(plan, differences=(own,))], NONE)
    assert [(item.where, item.after) for item in found.differences] == [("additional_tags.managed-by", "us")]


def test_the_full_diff_adds_all_that_the_requests_differ_in() -> None:
    tag = Difference(("tags", "friendsofansible.sagemaker/digest"), None, "x")
    item = Difference(path_of("production_variants.v.instance_type"), "a", "b")
    old, new = config(v="m"), config(v="m")
    old["ProductionVariants"][0]["InstanceType"], new["ProductionVariants"][0]["InstanceType"] = "a", "b"
    plan = Plan(ResourceId("endpoint", "e"), Effect.REDEPLOY, differences=(item, tag), compared=Compared(old, new))
    (found,) = in_inventory_words([plan], NONE, is_full=True)
    assert [(each.where, each.is_detail) for each in found.differences] == [
        ("provisioned.production_variants.v.instance_type", False),
        ("request.production_variants.v.instance_type", True),
        ("request.tags.friendsofansible.sagemaker/digest", True),
    ]


def test_secrets_stay_secret() -> None:
    place = f"{C}.environment_variables.TOKEN"
    before, after = (change(example("models"), place, value) for value in ("hush", "hush-hush"))
    was, compiled = _each(compile_inventory(before)), compile_inventory(after)
    plan = KINDS["model"].plan(_each(compiled)["model", "m"], _live("model", was["model", "m"]))
    (found,) = in_inventory_words([plan], compiled.lists)
    (item,) = found.differences
    assert (item.display_before, item.display_after) == ("(hidden)", "(hidden, changed)")
