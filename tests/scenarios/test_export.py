# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of the export on the simulator: what is exported and applied changes nothing."""

from __future__ import annotations

import collections
import itertools
import json

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.omissions import SKIPPED
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.inventories import INVENTORIES
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import EVERYTHING
from hypothesis import HealthCheck, Phase, given, settings

from simulator.client import Simulator

from .exports import as_read, assert_changes_nothing, exported, info
from .harness import Options, World
from .inventories import ERRORS, Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .strategies import INVENTORIES as SUCCESSIVE
from .test_export_of_others import SCALED, V, make
from .test_scenarios import endpoint

ACCOUNTS = (f"7{number:011}" for number in itertools.count(1))
SETTINGS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
SECRET = "correct horse"
OWNED = {"managed-by": "Ansible", "friendsofansible.sagemaker/deployment": "default"}
PRUNED = "an apply leaves it unchanged, but an apply that prunes the deployment default deletes it"


def test_every_key_of_the_schema_is_exported_as_it_was(world: World) -> None:
    assert not world.apply(EVERYTHING).error
    found = exported(world, deployment="default")
    assert_changes_nothing(world, found)
    assert {name: list(part) for name, part in found.items()} == {
        "models": sorted(EVERYTHING["models"]),
        "endpoints": sorted(EVERYTHING["endpoints"]),
        "additional_tags_all": ["stage"],
    }


def test_whatever_our_runs_make_is_exported_as_it_was(judged: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    judged.reset()

    @SETTINGS
    @given(INVENTORIES)
    def export(wanted: Inventory) -> None:
        world = World(judged, monkeypatch, next(ACCOUNTS))
        assert not world.apply(wanted).error
        world.simulator.advance(100)
        found = exported(world, deployment="default")
        assert_changes_nothing(world, found)
        assert found["models"].keys() == wanted["models"].keys()

    export()


def test_whatever_our_runs_make_of_what_they_have_made_is(judged: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generations, replacements, and counts and weights that were changed in place."""
    judged.reset()

    @SETTINGS
    @given(SUCCESSIVE, SUCCESSIVE)
    def export(before: Inventory, after: Inventory) -> None:
        world = World(judged, monkeypatch, next(ACCOUNTS))
        assert not world.apply(before).error
        assert not world.apply(after, allow_replace=True).error
        # Endpoints that are no longer declared may serve older generations.
        found = info(world, endpoint_names=list(after["endpoints"]))
        assert not any(each["would_change"] for each in found["not_expressed"])
        assert_changes_nothing(world, as_read(found["inventory"]))

    export()


def test_an_endpoint_whose_model_cannot_be_said_is_left_out(world: World) -> None:
    make(world, container={"ModelDataUrl": "s3://bucket/model.tgz"})
    found = info(world)
    assert found["inventory"] == {"models": {}, "endpoints": {}}
    model_entry, endpoint_entry = found["not_expressed"]
    assert (model_entry["resource"], endpoint_entry["resource"]) == ("model m", "endpoint e")
    assert "does not end in .tar.gz" in model_entry["reason"]
    assert "an apply leaves it unchanged" in endpoint_entry["reason"]
    assert not world.apply(found["inventory"], check=True).changed


def test_what_is_gone_or_going_is_said(world: World) -> None:
    assert not world.apply(SCALED).error
    client, found = world.client("sagemaker"), endpoint(world)
    assert left_out_of(info(world, endpoint_names=["nope"])) == [("endpoint nope", "it does not exist")]
    world.simulator.put_endpoint("e", "SystemUpdating", 10)
    assert left_out_of(info(world)) == []
    world.simulator.put_endpoint("e", "Failed")
    assert left_out_of(info(world)) == [("endpoint e", "it does not serve; an apply has to replace it")]
    world.simulator.put_endpoint("e", "InService")
    client.delete_model(ModelName="m")
    assert left_out_of(info(world)) == [("endpoint e", f"its model m has been deleted; {PRUNED}")]
    client.delete_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
    gone = f"its configuration {found['EndpointConfigName']} has been deleted; {PRUNED}"
    assert left_out_of(info(world)) == [("endpoint e", gone)]
    client.delete_endpoint(EndpointName="e")
    assert left_out_of(info(world)) == [("endpoint e", f"it is being deleted; {SKIPPED}")]


@pytest.mark.parametrize("tags", [{}, OWNED, OWNED | {"managed-by": "Somebody"}], ids=["others", "ours", "renamed"])
def test_what_an_apply_does_to_a_whole_endpoint_that_is_left_out(world: World, tags: dict[str, str]) -> None:
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    generation = [{"Key": "friendsofansible.sagemaker/generation-of", "Value": "m"}] if tags else []
    own: Options = {"model": {"Tags": listed + generation}, "config": {"Tags": listed}, "Tags": listed}
    make(world, container={"ModelDataUrl": "s3://bucket/model.tgz"}, **own)
    found = info(world)
    is_ours = bool(tags)
    fates = [each["reason"].rpartition("; ")[2] for each in found["not_expressed"]]
    assert fates == ([f"{PRUNED} once no endpoint configuration refers to it", PRUNED] if is_ours else [SKIPPED] * 2)
    assert not any(each["would_change"] for each in found["not_expressed"])
    assert not world.apply(found["inventory"], check=True).changed
    world.declare({"m": {}}, {"e": {}})
    pruned = world.prune(found["inventory"], check=True)
    assert not pruned.error
    assert {(each["name"], each["effect"]) for kind in ("models", "endpoints") for each in pruned.data[kind]} == (
        {("e", "delete"), ("m", "delete")} if is_ours else set()
    )


def test_scaling_that_an_earlier_run_has_not_restored_is_listed(world: World) -> None:
    """It is in no file then, and the run that restores it would delete what that does not declare."""
    assert not world.apply(SCALED).error
    world.simulator.fault("error", operation="UpdateEndpoint", code="ValidationException", message="no", status=400)
    world.simulator.fault("expired_token", operation="RegisterScalableTarget", count=None)
    other = inventory(provisioned(v=scaled() | {"instance_type": "ml.c5.large"}))
    assert "could not be restored" in world.apply(other).error
    world.simulator.clear_faults()
    (entry,) = info(world)["not_expressed"]
    assert entry["resource"] == "scaling endpoint/e/variant/v"
    assert "is missing after an earlier run" in entry["reason"]
    assert entry["would_change"]
    assert not world.apply(SCALED).error
    assert info(world)["not_expressed"] == []


def test_what_is_being_updated_is_exported_as_it_was(world: World) -> None:
    assert not world.apply(SCALED).error
    before = exported(world)
    bigger = scaled(cloudwatch_alarms=ERRORS, volume_size=64)
    assert not world.apply(inventory(provisioned(v=bigger)), wait=False).error
    found = info(world)
    (entry,) = found["not_expressed"]
    assert (entry["path"], entry["value"]) == ("endpoint_status", "Updating")
    assert "being updated to the configuration e-" in entry["reason"]
    assert found["inventory"] == before


def left_out_of(found: Options) -> list[tuple[str, str]]:
    return [(each["resource"], each["reason"]) for each in found["not_expressed"]]


def test_an_endpoint_that_serves_an_older_generation_is_listed(world: World) -> None:
    """A rollout to the new generation failed for one of two."""
    two = {"models": {"m": model()}, "endpoints": {"e": provisioned(), "f": provisioned()}}
    assert not world.apply(two).error
    world.simulator.fault("rollout_fails", operation="UpdateEndpoint", name="f", reason="no luck")
    assert world.apply({**two, "models": {"m": model(2)}}).error
    found = info(world, deployment="default")
    (entry,) = found["not_expressed"]
    assert (entry["resource"], entry["path"], entry["value"]) == ("endpoint f", f"{V}.model_name", "m")
    planned = world.apply(found["inventory"], check=True)
    assert (planned.effect("e"), planned.effect("f")) == ("no change", "redeploy")


def test_a_model_that_no_endpoint_uses_belongs_to_its_deployment(world: World) -> None:
    assert not world.apply(inventory(models={"m": model(), "spare": model(2)})).error
    assert list(exported(world, deployment="default")["models"]) == ["m", "spare"]
    assert list(exported(world)["models"]) == ["m"]
    world.simulator.allow(["sagemaker:*", "cloudwatch:*", "application-autoscaling:*"])
    found = info(world, deployment="default")
    assert list(found["inventory"]["models"]) == ["m"]
    assert "GetResources" in found["warnings"][0]
    assert "models of the deployment that no endpoint uses are left out" in found["warnings"][1]


def test_deployments_are_distinguished(world: World) -> None:
    assert not world.apply(SCALED).error
    other = {"models": {"n": model()}, "endpoints": {"f": provisioned(v=variant(model_name="n"))}}
    assert not world.apply(other, deployment="other").error
    assert list(exported(world, deployment="other")["endpoints"]) == ["f"]
    assert list(exported(world)["endpoints"]) == ["e", "f"]
    assert [each["deployment"] for each in info(world)["endpoints"]] == ["default", "other"]
    assert list(exported(world, endpoint_names=["f"])["endpoints"]) == ["f"]


def test_without_its_environment_an_export_is_not_applied_in_silence(world: World) -> None:
    container = {"image": "i", "environment_variables": {"TOKEN": SECRET, "BRACES": "{{ x }}"}}
    wanted = inventory(models={"m": model(container_definitions={"main": container})})
    assert not world.apply(wanted).error
    found = info(world, include_environment=False)
    assert SECRET not in json.dumps(found)
    assert [(each["path"], each["value"]) for each in found["not_expressed"]] == [
        ("containers[0].environment.TOKEN", "(hidden)"),
        ("containers[0].environment.BRACES", "(hidden)"),
    ]
    with pytest.raises(InvalidInput) as refusal:
        compile_inventory(found["inventory"])
    assert [problem.path for problem in refusal.value.problems] == [
        f"models.m.container_definitions.main.environment_variables.{name}" for name in ("TOKEN", "BRACES")
    ]
    with_values = info(world, include_environment=True)
    assert SECRET not in json.dumps(with_values["endpoints"])
    assert_changes_nothing(world, as_read(with_values["inventory"]))


def test_a_fleet_is_read_with_few_calls(world: World) -> None:
    size = 12
    fleet = {
        "models": {"m": model()},
        "endpoints": {f"e{number:02}": provisioned(v=scaled(cloudwatch_alarms=ERRORS)) for number in range(size)},
    }
    assert not world.apply(fleet).error
    world.simulator.clear_journal()
    assert_few = collections.Counter(entry["operation"] for entry in _calls_of(world))
    assert assert_few == {
        "ListEndpoints": 1,
        "ListEndpointConfigs": 1,
        "DescribeEndpoint": size,
        "DescribeEndpointConfig": size,
        "DescribeModel": 1,
        "DescribeScalableTargets": 1,
        "DescribeScalingPolicies": 2,
        "DescribeScheduledActions": 1,
        "DescribeAlarms": 1,
        "ListTags": 2 * size + 1,
        "ListTagsForResource": 2 * size,
    }


def _calls_of(world: World) -> list[Options]:
    exported(world)
    return world.simulator.journal()


def test_a_refused_read_fails_the_whole(world: World) -> None:
    assert not world.apply(SCALED).error
    world.simulator.allow(["sagemaker:*", "application-autoscaling:*"])
    assert "the endpoints cannot be read: DescribeAlarms: AccessDenied" in info(world)["msg"]


def test_the_endpoints_come_in_the_words_of_the_modules(world: World) -> None:
    assert not world.apply(SCALED).error
    (found,) = info(world)["endpoints"]
    assert found["endpoint_status"] == "InService"
    assert found["endpoint_config"]["production_variants"][0]["instance_type"] == "ml.m5.large"
    assert found["endpoint_config"]["tags"]["friendsofansible.sagemaker/generation-of"] == "e"
    (one,) = found["variants"]
    assert (one["variant_name"], one["current_instance_count"], one["current_weight"]) == ("v", 1, 1.0)
    (model_found,) = found["models"]
    assert (model_found["name"], model_found["containers"][0]["image"]) == ("m", "registry/image:1")
    (scaling_found,) = found["scaling"]
    assert (scaling_found["max_capacity"], scaling_found["policies"][0]["policy_name"]) == (4, "e/v/requests")
    (alarm_found,) = found["alarms"]
    assert (alarm_found["alarm_name"], alarm_found["state_value"]) == ("e/v/errors", "INSUFFICIENT_DATA")


def test_serverless_and_asynchronous_endpoints_are_read(world: World) -> None:
    endpoints = {"e": serverless(max_concurrency=7, cloudwatch_alarms=ERRORS), "f": asynchronous()}
    assert not world.apply({"models": {"m": model()}, "endpoints": endpoints}).error
    set_concurrency = [{"VariantName": "m", "ServerlessUpdateConfig": {"MaxConcurrency": 9}}]
    world.client("sagemaker").update_endpoint_weights_and_capacities(
        EndpointName="e", DesiredWeightsAndCapacities=set_concurrency
    )
    world.simulator.advance(100)
    found = exported(world)
    assert found["endpoints"]["e"]["serverless"]["variant"]["max_concurrency"] == 9
    assert_changes_nothing(world, found)


def test_newer_generations_of_a_model_that_an_endpoint_uses_are_reported(world: World) -> None:
    """An endpoint that is no longer declared has the oldest one; the inventory can say only that."""
    endpoints = {"e": provisioned(v=variant()), "f": provisioned(v=variant(model_name="n"))}
    assert not world.apply({"models": {"m": model(), "n": model(1)}, "endpoints": endpoints}).error
    for number in (2, 3):
        world.simulator.advance(60)
        wanted = {"models": {"m": model(), "n": model(number)}, "endpoints": {"e": endpoints["e"]}}
        assert not world.apply(wanted).error
    names = {each["ModelName"] for each in world.client("sagemaker").list_models()["Models"]} - {"m", "n"}
    found = info(world, deployment="default")
    assert len(names) == 2
    reason = (
        "it is newer than n, which the inventory contains because an endpoint uses it; "
        "an apply treats it as an old generation, and keeps only as many of those as keep_generations says"
    )
    assert found["not_expressed"] == [
        {"resource": f"model {name}", "path": "", "value": None, "would_change": True, "reason": reason}
        for name in sorted(names)
    ]


def test_old_generations_that_an_apply_deletes_are_reported(world: World) -> None:
    """They are there because a run kept more of them than an apply of the export does."""
    endpoints = {"e": provisioned(v=variant(model_name="n"))}
    for number in (1, 2, 3):
        world.simulator.advance(60)
        wanted = {"models": {"n": model(), "m": model(number)}, "endpoints": endpoints}
        assert not world.apply(wanted, keep_generations=5).error
    found = info(world, deployment="default")
    planned = world.apply(as_read(found["inventory"]), check=True, verify="full")
    assert [step.parameters for step in planned.steps] == [{"ModelName": "m"}]
    assert [each["resource"] for each in found["not_expressed"] if each["would_change"]] == ["model m"]
