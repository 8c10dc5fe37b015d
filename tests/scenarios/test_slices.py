# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in slices, as ansible-playbook makes them for the lines of progress: each goes on where the last one stopped."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import PROGRESS, ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory

from .harness import World
from .inventories import ERRORS, Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .test_undeclared import alarm_names

COUNT = 15
FLEET: Inventory = {
    "models": {"m": model()},
    "endpoints": {f"e{number}": provisioned(v=scaled(cloudwatch_alarms=ERRORS)) for number in range(COUNT)},
}


def in_slices(
    world: World, seconds: int, declared: Inventory | None = None, seen: list[t.Any] | None = None, **options: t.Any
) -> tuple[ModuleResult, list[Counter[str]]]:
    """The joined result, and how often each slice called what; *seen* gets what is waited for after each."""
    compiled = compile_inventory(declared or FLEET)
    report = ModuleResult()
    calls: list[Counter[str]] = []
    waited: list[t.Any] = [] if seen is None else seen
    progress: dict[str, t.Any] = {"slice_seconds": seconds}
    began = world.simulator.now()
    while True:
        world.simulator.clear_journal()
        elapsed = world.simulator.now() - began
        more: dict[str, t.Any] = {**options, PROGRESS: progress | {"elapsed_seconds": elapsed}}
        result = world.deploy(compiled, False, deployment="default", **more)
        calls.append(Counter(world.simulator.counts()))
        report = report.merged_with(ModuleResult.from_data(result.data))
        assert "Traceback" not in report.failure_message()
        waited += report.pending
        if not report.pending:
            return report, calls
        assert len(calls) < 60
        progress |= {"pending": report.pending, "carried": report.carried}


@pytest.mark.parametrize("seconds", [-30, 5])
def test_a_fleet_gets_there_however_short_the_slices_are(world: World, seconds: int) -> None:
    """Where reading a fleet takes longer than a slice, nothing is left of the slice to wait in."""
    world.simulator.configure(create_seconds=20, delete_seconds=20)
    made, calls = in_slices(world, seconds)
    assert not made.failed
    assert (len(made.resources["endpoints"]), len(made.resources["targets"])) == (COUNT, COUNT)
    assert {each.facts["endpoint_status"] for each in made.resources["endpoints"]} == {"InService"}
    assert not world.apply(FLEET).changed
    between = calls[1:-1]
    assert between
    for slice_ in between:
        assert set(slice_) <= {"ListEndpoints", "DescribeEndpoint"}
        assert slice_["DescribeEndpoint"] <= 10
    gone, _calls = in_slices(world, seconds, state="absent", confirm="default")
    assert not gone.failed
    assert not world.destroy(FLEET).changed


def test_the_time_limit_is_that_of_all_slices(world: World) -> None:
    world.simulator.configure(create_seconds=100)
    late, calls = in_slices(world, 15, wait_timeout=40)
    assert len(calls) == 3
    assert late.failure_message().count("timed out (wait_timeout)") == 1
    assert not in_slices(world, 15, wait_timeout=100)[0].failed


def test_a_canary_is_seen_to_pause(world: World) -> None:
    canary = {"deployment": {"strategy": "canary", "size": "50%", "wait_interval": "10 minutes"}}
    variant = {"model_name": "m", "instance_type": "ml.m5.large", "initial_instance_count": 2}
    assert not world.apply(inventory(provisioned(v=variant))).error
    world.simulator.configure(update_seconds=300)
    seen: list[t.Any] = []
    wanted = inventory(provisioned(v=variant | {"instance_type": "ml.c5.large"}) | canary)
    in_time = in_slices(world, 30, wanted, seen, wait_timeout=400)[0]
    assert not in_time.failed, "the pause of ten minutes does not count against wait_timeout"
    stages = [each["stage"].partition(",")[0] for each in seen]
    assert list(dict.fromkeys(stages)) == ["Creating", "ActivatingTraffic", "Baking"]
    baking = [each for each in seen if each["stage"].startswith("Baking")]
    assert {each["instances"] for each in baking} == {"2 of 2"}
    left = [each["next_step_seconds"] for each in baking]
    assert all(0 < seconds <= 600 for seconds in left), left
    assert left == sorted(left, reverse=True) != left[::-1]
    assert {each["next_step_seconds"] for each in seen if each not in baking} == {None}


@pytest.mark.parametrize("seconds", [20, 3600])
def test_what_failed_is_described_as_it_is_at_the_end(world: World, seconds: int) -> None:
    """An update that AWS has rolled back: the endpoint is in service again, with what it served before."""
    assert not world.apply(inventory(provisioned(v=variant(instance_type="ml.m5.large")))).error
    before = world.client("sagemaker").describe_endpoint(EndpointName="e")["EndpointConfigName"]
    world.simulator.configure(update_seconds=120)
    world.simulator.fault("rollout_fails", reason="no capacity")
    done, calls = in_slices(world, seconds, inventory(provisioned(v=variant(instance_type="ml.c5.large"))))
    assert "rolled back" in done.failure_message()
    assert (len(calls) > 1) == (seconds == 20)
    facts = done.resources["endpoints"][0].facts
    assert (facts["endpoint_status"], facts["endpoint_config_name"]) == ("InService", before)


def test_a_number_that_aws_did_not_bring_down_is_lowered_by_the_next_run(world: World) -> None:
    """The slice that sees it fail is not the one that noted it."""
    one, four = (inventory(provisioned(v=variant(initial_instance_count=count))) for count in (1, 4))
    assert not world.apply(four).error
    world.simulator.configure(weights_seconds=120)
    world.simulator.fault("rollout_fails", reason="no reason")
    assert "failed and was rolled back" in in_slices(world, 20, one)[0].failure_message()
    assert not in_slices(world, 20, one)[0].failed
    endpoint = world.client("sagemaker").describe_endpoint(EndpointName="e")
    assert endpoint["ProductionVariants"][0]["CurrentInstanceCount"] == 1


@pytest.mark.parametrize("seconds", [5, 3600])
def test_what_is_made_again_keeps_its_tags_however_short_the_slices_are(world: World, seconds: int) -> None:
    """Between two of them it is gone; an earlier run adopted it with a tag that its plan has shown to stay."""
    wanted = inventory(provisioned(v=variant()))
    sagemaker = world.client("sagemaker")
    assert not world.apply(wanted).error
    arn = sagemaker.describe_endpoint(EndpointName="e")["EndpointArn"]
    own = [each["Key"] for each in sagemaker.list_tags(ResourceArn=arn)["Tags"]]
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=own)
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "cost-center", "Value": "by hand"}])
    assert not world.apply(wanted, adopt=True).error
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert "cost-center" in {each["Key"] for each in tags}
    world.simulator.put_endpoint("e", "Failed", None, "a test says so")
    world.simulator.configure(create_seconds=20, delete_seconds=20)
    made, calls = in_slices(world, seconds, wanted)
    assert not made.failed
    assert (len(calls) > 2) == (seconds == 5)
    assert sorted(sagemaker.list_tags(ResourceArn=arn)["Tags"], key=str) == sorted(tags, key=str)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("has_failed", [False, True])
def test_scaling_that_a_failed_read_leaves_missing_is_named(world: World, has_failed: bool, count: int) -> None:
    """In the wait itself, or after it, when a later slice looks what is left to do."""
    wanted = inventory(provisioned(v=scaled()))
    assert not world.apply(wanted).error
    if has_failed:
        world.simulator.put_endpoint("e", "Failed", None, "a test says so")
    else:
        wanted = inventory(provisioned(v=scaled(instance_type="ml.c5.large")))
    world.simulator.configure(create_seconds=12, delete_seconds=12, update_seconds=12)
    operation = "DescribeEndpoint" if count > 1 else "ListEndpointConfigs"
    fault = {"operation": operation, "code": "ServiceUnavailable", "status": 503, "count": count, "skip": 2}
    world.simulator.fault("error", **fault)
    done = world.apply(wanted, slice_seconds=5)
    assert "autoscaling of variant v (policies e/v/requests) is missing" in done.error
    assert not world.apply(wanted).error


def test_a_slice_knows_which_endpoints_an_earlier_one_left_to_the_next_run(world: World) -> None:
    """The variant to scale is not there before the run that replaces the endpoint."""
    wanted: Inventory = {
        "models": {"m": model()},
        "endpoints": {
            "e": provisioned(v=scaled()) | {"deletion_protection": True},
            "slow": provisioned(v=scaled()),
        },
    }
    assert not world.apply(wanted).error
    wanted["endpoints"] = {
        "e": asynchronous(w=scaled()) | {"deletion_protection": False},
        "slow": provisioned(v=scaled(volume_size=20)),
    }
    world.simulator.configure(update_seconds=30)
    made, calls = in_slices(world, 5, wanted, allow_replace=True)
    assert not made.failed
    assert len(calls) > 2
    assert [each.name for each in made.resources["targets"]] == ["endpoint/slow/variant/v"]
    assert made.warnings == []


def test_what_an_earlier_slice_of_a_destroy_has_skipped_stays_skipped(world: World) -> None:
    """It has said so, and nobody knows which names the variants have."""
    watched = {"cloudwatch_alarms": {"errors": {"expression": "Invocation5XXErrors sum >= 10"}}}
    wanted = inventory(serverless(**watched))
    wanted["endpoints"]["slow"] = provisioned(v=variant())
    assert not world.apply(wanted).error
    world.simulator.configure(delete_seconds=30)
    world.simulator.fault("error", operation="DescribeEndpoint", name="e", code="ServiceUnavailable", count=1)
    gone, calls = in_slices(world, 5, wanted, state="absent")
    assert len(calls) > 2
    assert (
        "e: its alarms and autoscaling were skipped, because the endpoint could not be read" in gone.failure_message()
    )
    assert len(alarm_names(world)) == 1
    assert not world.destroy(wanted).error
    assert not alarm_names(world)
