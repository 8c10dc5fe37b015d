# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pruning and destroying touch what is tagged with this deployment and nothing else; the journal is the witness."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._deployment.undeclared import (
    find_undeclared,
    find_undeclared_scaling,
    undeclared_endpoints,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Refused

from simulator.client import Simulator

from .conftest import TIMES
from .harness import Result, World
from .inventories import ERRORS, ROLE, inventory, model, provisioned, scaled, serverless, variant
from .test_scenarios import NEW_IMAGE, endpoint
from .test_undeclared import alarm_names, alarms_of_others_are_there, hang_alarms_of_others

FULL = inventory(models={"m": model(), "n": model(4)}) | {
    "endpoints": {
        "e": provisioned(v=scaled(cloudwatch_alarms=ERRORS)),
        "f": provisioned(v=scaled(model_name="n", cloudwatch_alarms=ERRORS)),
        "g": serverless(),
    }
}
KEPT = inventory() | {"endpoints": {"e": FULL["endpoints"]["e"]}}
NOTHING: dict[str, t.Any] = {"models": {}, "endpoints": {}}
DELETED = [
    "DeleteEndpoint",
    "DeleteEndpoint",
    "DeleteEndpointConfig",
    "DeleteEndpointConfig",
    "DeleteAlarms",
    "DeleteModel",
]


def names(world: World) -> dict[str, list[str]]:
    """Of everything in the account."""
    sagemaker = world.client("sagemaker")
    targets = world.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    return {
        "models": sorted(each["ModelName"] for each in sagemaker.list_models()["Models"]),
        "endpoints": sorted(each["EndpointName"] for each in sagemaker.list_endpoints()["Endpoints"]),
        "configs": sorted(each["EndpointConfigName"] for each in sagemaker.list_endpoint_configs()["EndpointConfigs"]),
        "targets": sorted(each["ResourceId"] for each in targets["ScalableTargets"]),
        "alarms": sorted(name for name in alarm_names(world) if not name.startswith("TargetTracking-")),
    }


def make_by_hand(world: World, prefix: str, tags: list[dict[str, str]]) -> None:
    """An endpoint with all that belongs to it, with just these tags."""
    client = world.client("sagemaker")
    container = {"Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
    client.create_model(ModelName=f"{prefix}-m", PrimaryContainer=container, ExecutionRoleArn=ROLE, Tags=tags)
    serves = {"VariantName": "v", "ModelName": f"{prefix}-m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName=f"{prefix}-e", ProductionVariants=[serves], Tags=tags)
    client.create_endpoint(EndpointName=f"{prefix}-e", EndpointConfigName=f"{prefix}-e", Tags=tags)
    world.simulator.advance(3600)


@pytest.fixture
def full(world: World) -> World:
    assert not world.apply(FULL).error
    make_by_hand(world, "untagged", [])
    make_by_hand(world, "foreign", [{"Key": "managed-by", "Value": "Ansible"}])
    assert not world.apply(
        {**FULL, "endpoints": {"h": serverless(model_name="o")}, "models": {"o": model()}}, deployment="other"
    ).error
    hang_alarms_of_others(world)
    world.simulator.advance(3600)
    world.simulator.clear_journal()
    return world


def test_what_is_no_longer_declared_goes_and_nothing_else(full: World) -> None:
    before = names(full)
    planned = full.prune(KEPT, check=True)
    assert full.simulator.writes() == []
    done = full.prune(KEPT)
    assert not done.error
    assert [entry["operation"] for entry in full.simulator.writes()] == DELETED
    assert sorted(step.operation for step in planned.steps) == sorted(DELETED)
    assert planned.diff == done.diff
    after = names(full)
    assert {kind: sorted(set(before[kind]) - set(after[kind])) for kind in before} == {
        "models": ["n"],
        "endpoints": ["f", "g"],
        "configs": [name for name in before["configs"] if name[:2] in ("f-", "g-")],
        "targets": ["endpoint/f/variant/v"],
        "alarms": ["f/v/errors"],
    }
    full.simulator.clear_journal()
    assert not full.prune(KEPT).changed
    assert full.simulator.writes() == []
    assert not full.apply(KEPT).changed


def test_everything_of_the_deployment_can_be_pruned(full: World) -> None:
    assert not full.prune(NOTHING).error
    left = names(full)
    assert left["endpoints"] == ["foreign-e", "h", "untagged-e"]
    assert left["models"] == ["foreign-m", "o", "untagged-m"]
    alarms_of_others_are_there(full)


@pytest.mark.parametrize("is_served", [True, False], ids=["served", "of a stopped endpoint"])
def test_a_model_that_others_name_stays_until_they_name_it_no_more(world: World, is_served: bool) -> None:
    assert not world.apply(inventory(models={"m": model(), "n": model()})).error
    serves = {"VariantName": "v", "ModelName": "n", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client = world.client("sagemaker")
    client.create_endpoint_config(EndpointConfigName="theirs", ProductionVariants=[serves])
    if is_served:
        client.create_endpoint(EndpointName="theirs", EndpointConfigName="theirs")
    world.simulator.advance(3600)
    warning = "model n: kept: n is used by endpoint configuration theirs"
    for check in (True, False):
        done = world.prune(inventory(), check=check)
        assert not done.error
        assert not done.changed
        assert done.warnings == [warning]
    assert names(world)["models"] == ["m", "n"]
    if is_served:
        client.delete_endpoint(EndpointName="theirs")
    client.delete_endpoint_config(EndpointConfigName="theirs")
    world.simulator.advance(100)
    assert not world.prune(inventory()).error
    assert names(world)["models"] == ["m"]


def test_an_old_generation_of_a_model_that_others_name_stays(world: World) -> None:
    """Beside what an update supersedes, that is; a stopped endpoint of others will be made from it again."""
    assert not world.apply(inventory()).error
    serves = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client = world.client("sagemaker")
    client.create_endpoint_config(EndpointConfigName="theirs", ProductionVariants=[serves])
    for version in (2, 3, 4):
        assert not world.apply(inventory(models={"m": model(version)})).error
    assert len(names(world)["configs"]) == 3
    assert len(names(world)["models"]) == 3
    assert "m" in names(world)["models"]


def test_the_model_of_the_way_back_stays_with_it(world: World) -> None:
    """Also where the inventory does not declare it any more."""
    assert not world.apply(inventory(models={"old": model()}, endpoint=provisioned(v=variant(model_name="old")))).error
    renamed = inventory(models={"new": model(2)}, endpoint=provisioned(v=variant(model_name="new")))
    planned, done = world.prune(renamed, check=True), world.prune(renamed)
    assert not done.error
    (kept,) = set(names(world)["configs"]) - {endpoint(world)["EndpointConfigName"]}
    assert done.warnings == [f"model old: kept: old is used by endpoint configuration {kept}"]
    assert planned.warnings == done.warnings
    assert names(world)["models"] == ["new", "old"]
    again = inventory(models={"new": model(3)}, endpoint=provisioned(v=variant(model_name="new")))
    assert not world.prune(again).error
    assert "old" not in names(world)["models"]


def test_what_is_not_declared_is_told_with_what_it_runs_on(world: World) -> None:
    more = {"two": provisioned(v=variant(initial_instance_count=2)), "lost": provisioned(), "cold": serverless()}
    assert not world.apply(inventory() | {"endpoints": inventory()["endpoints"] | more}).error
    world.client("sagemaker").delete_endpoint_config(EndpointConfigName=endpoint(world, "lost")["EndpointConfigName"])
    lines = [text for text, _colour in world.apply(inventory(), check=True).data["report"]["lines"]]
    assert lines[1:] == [
        "  undeclared: endpoint cold (InService, serverless, less than a day old)",
        "  undeclared: endpoint lost (InService, 1 of an unknown type, less than a day old)",
        "  undeclared: endpoint two (InService, 2 ml.m5.large, less than a day old)",
    ]


@pytest.mark.parametrize("name", ["", " ", None], ids=["blank", "white", "none"])
def test_who_has_no_name_prunes_and_destroys_nothing(full: World, name: str | None) -> None:
    """Such as an environment variable that is not set; ``find_undeclared`` sees to it by itself."""
    for scope in (Scope(name), Scope(name, trusts_tags=False)):
        with pytest.raises(
            Refused,
            match="prune deletes only what a deployment owns, and this run has no deployment name; set deployment",
        ):
            find_undeclared(scope, full.api(pytest.fail), (), ())
        assert undeclared_endpoints(scope, full.api(pytest.fail), ()) == []
        assert find_undeclared_scaling(scope, full.api(pytest.fail), ()) == []
    assert full.simulator.journal() == []


def without_tag(world: World, name: str) -> None:
    """Endpoint, configuration and model of that prefix are deleted, and somebody else makes others of their names."""
    found = endpoint(world, name)
    client = world.client("sagemaker")
    config = client.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
    made_of = client.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    client.delete_endpoint(EndpointName=name)
    world.simulator.advance(60)
    client.delete_endpoint_config(EndpointConfigName=config["EndpointConfigName"])
    client.delete_model(ModelName=made_of["ModelName"])
    client.create_model(ModelName=made_of["ModelName"], ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "theirs"})
    client.create_endpoint_config(
        EndpointConfigName=config["EndpointConfigName"], ProductionVariants=config["ProductionVariants"]
    )
    client.create_endpoint(EndpointName=name, EndpointConfigName=config["EndpointConfigName"])
    world.simulator.advance(60)


def test_what_the_index_says_is_ours_and_others_have_made_again_is_theirs(world: World) -> None:
    assert not world.apply(FULL).error
    world.simulator.configure(tag_delay_seconds=86400)
    without_tag(world, "f")
    world.client("sagemaker").delete_endpoint(EndpointName="g")
    world.simulator.advance(60)
    before = names(world)
    done = world.prune(KEPT)
    assert not done.error
    gone = {kind: set(before[kind]) - set(names(world)[kind]) for kind in before}
    assert {kind for kind in gone if gone[kind]} == {"configs"}, gone
    assert all(name.startswith("g-") for name in gone["configs"])


def test_what_is_too_young_for_the_index_goes_one_run_later(world: World) -> None:
    world.simulator.configure(tag_delay_seconds=3600)
    assert not world.apply(FULL).error
    assert not world.prune(KEPT).changed
    world.simulator.advance(3601)
    assert not world.prune(KEPT).error
    assert names(world)["endpoints"] == ["e"]


@pytest.mark.parametrize("verify", ["tags", "full"])
def test_without_the_index_each_is_asked_with_a_warning(full: World, verify: str) -> None:
    if verify == "tags":
        full.simulator.fault("access_denied", operation="GetResources", count=1000)
    done = full.prune(KEPT, verify=verify)
    assert not done.error
    assert [entry["operation"] for entry in full.simulator.writes()] == DELETED
    assert bool(done.warnings) == (verify == "tags")
    assert "h" in names(full)["endpoints"]


@pytest.mark.parametrize(
    "fault",
    [{"kind": "drop_before"}, {"kind": "error", "status": 503}, {"kind": "throttle"}],
    ids=lambda fault: str(fault["kind"]),
)
def test_an_index_that_does_not_answer_now_does_not_let_more_go_than_was_shown(
    world: World, fault: dict[str, t.Any]
) -> None:
    """The lists know what is too young for the index, which check mode has read."""
    world.simulator.configure(tag_delay_seconds=3600)
    assert not world.apply(FULL).error
    planned = world.prune(KEPT, check=True)
    world.simulator.fault(operation="GetResources", count=1000, **fault)
    world.simulator.clear_journal()
    done = world.prune(KEPT, planned=planned)
    assert "undeclared resources were not pruned, because listing them failed: GetResources" in done.error
    assert world.simulator.writes() == []


def calls_with_foreign(world: World, number: int) -> list[Counter[str]]:
    """Of a prune that finds nothing, of one that finds an endpoint, and of an update that supersedes."""
    for index in range(number):
        make_by_hand(world, f"foreign-{index}", [{"Key": "team", "Value": "theirs"}] if index % 2 else [])
    assert not world.apply(FULL).error
    world.simulator.advance(2 * 86400)
    found = []
    runs: list[t.Callable[[], Result]] = [
        lambda: world.prune(FULL),
        lambda: world.prune(KEPT),
        lambda: world.apply(KEPT | {"models": {"m": model(2)}}),
        lambda: world.apply(KEPT | {"models": {"m": model(3)}}),
    ]
    for run in runs:
        world.simulator.clear_journal()
        assert not run().error
        found.append(Counter(entry["operation"] for entry in world.simulator.journal()))
    return found


def test_what_others_have_costs_nothing_unless_something_goes(
    server: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then two calls each: which configuration it serves, and which models that names.

    Where an endpoint has gone before a model goes, it is asked once more what each serves; and of those that run the
    image of a model that goes, whether their configuration is the one that they were made with.
    """
    server.configure(**TIMES)
    server.reset()
    alone, crowded = (
        calls_with_foreign(World(server, monkeypatch, account), number)
        for account, number in (("111111111111", 0), ("222222222222", 20))
    )
    more = [crowd - few for few, crowd in zip(alone, crowded, strict=True)]
    looked_at = Counter(DescribeEndpoint=20, DescribeEndpointConfig=20)
    of_the_same_image = Counter(ListTags=20)
    assert more == [Counter(), looked_at + Counter(DescribeEndpoint=20), Counter(), looked_at + of_the_same_image]


def test_all_generations_go_and_what_was_half_made_too(world: World) -> None:
    assert not world.apply(inventory(provisioned(v=variant(cloudwatch_alarms=ERRORS)))).error
    assert not world.apply(NEW_IMAGE).error
    world.client("sagemaker").delete_endpoint(EndpointName="e")
    world.simulator.advance(3600)
    assert len(names(world)["configs"]) == len(names(world)["models"]) == 2
    assert not world.prune(NOTHING).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_a_failed_endpoint_goes(world: World) -> None:
    world.simulator.fault("rollout_fails", name="e", reason="no capacity")
    assert world.apply(inventory()).error
    assert not world.prune(NOTHING).error
    assert names(world) == {kind: [] for kind in names(world)}


def test_destroying_leaves_what_others_use_and_names_it(full: World) -> None:
    client = full.client("sagemaker")
    serves = {"VariantName": "v", "ModelName": "n", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName="theirs", ProductionVariants=[serves])
    client.create_endpoint(EndpointName="theirs", EndpointConfigName="theirs")
    full.simulator.advance(3600)
    done = full.destroy(FULL)
    assert "n is used by endpoint configuration theirs" in done.error
    assert "n" in names(full)["models"]
    assert "m" not in names(full)["models"]
    assert {"h", "foreign-e", "untagged-e", "theirs"} == set(names(full)["endpoints"])


def test_a_second_deployment_never_touches_the_first(full: World) -> None:
    before = names(full)
    assert "belongs to the deployment" in full.apply(FULL, deployment="third").error
    assert not full.destroy(FULL, deployment="third").error
    assert not full.prune(NOTHING, deployment="third").error
    assert full.simulator.writes() == []
    assert names(full) == before
