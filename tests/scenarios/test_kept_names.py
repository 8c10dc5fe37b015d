# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A serverless variant keeps the name that it has, and with it its alarms, unless the inventory names it."""

from __future__ import annotations

import types
import typing as t
from unittest import mock

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import restored
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES, Api
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import PROGRESS
from ansible_collections.friendsofansible.sagemaker.plugins.modules import sagemaker_endpoint

from .exports import Ended, as_read, assert_changes_nothing, info
from .harness import DEFAULTS, World
from .inventories import ROLE, Inventory, inventory, model, provisioned, serverless, variant
from .scenario import REPLACE, UPDATE, Scenario, play
from .test_scenarios import BASE, endpoint
from .test_slices import in_slices
from .test_undeclared import alarm_names

ALARMED = {"cloudwatch_alarms": {"errors": {"expression": "Invocation5XXErrors sum >= 10"}}}
PLAIN = inventory(serverless(max_concurrency=5))
WATCHED = inventory(serverless(max_concurrency=5, **ALARMED))
FIRST_UPDATE = ["CreateEndpointConfig", "UpdateEndpoint"]
"""What others have made is no way back, so it is not marked."""
BOTH = {"m": model(), "n": model(7)}


ON_DEMAND = {"ServerlessConfig": {"MaxConcurrency": 5, "MemorySizeInMB": 1024}}
ON_INSTANCES = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1, "InitialVariantWeight": 1}


def made(name: str = "AllTraffic", settings: t.Mapping[str, t.Any] = ON_DEMAND) -> t.Callable[[World], None]:
    """The endpoint of PLAIN as the SageMaker SDK makes it, with an alarm of its owner."""

    def make(world: World) -> None:
        client = world.client("sagemaker")
        container = {"ContainerHostname": "main", "Image": "registry/image:1"}
        container["ModelDataUrl"] = "s3://bucket/model.tar.gz"
        client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=container)
        one = {"VariantName": name, "ModelName": "m", **settings}
        client.create_endpoint_config(EndpointConfigName="e", ProductionVariants=[one])
        client.create_endpoint(EndpointName="e", EndpointConfigName="e")
        world.simulator.advance(100)
        put_alarm(world, "theirs", name)

    return make


def put_alarm(world: World, name: str, variant_name: str) -> None:
    dimensions = [{"Name": "EndpointName", "Value": "e"}, {"Name": "VariantName", "Value": variant_name}]
    world.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Dimensions=dimensions,
        Statistic="Sum",
        ComparisonOperator="GreaterThanThreshold",
        Threshold=5,
        Period=60,
        EvaluationPeriods=1,
    )


def names_variant(name: str) -> t.Callable[[World], None]:
    """The endpoint has one variant of this name."""

    def check(world: World) -> None:
        assert [each["VariantName"] for each in endpoint(world)["ProductionVariants"]] == [name]

    return check


def named(name: str, *alarms: str) -> t.Callable[[World], None]:
    """The endpoint has one variant of this name, and all alarms, which are these, watch it."""

    def check(world: World) -> None:
        names_variant(name)(world)
        assert alarm_names(world) == set(alarms)
        for alarm in world.client("cloudwatch").describe_alarms()["MetricAlarms"]:
            assert {"Name": "VariantName", "Value": name} in alarm["Dimensions"]

    return check


def assert_no_alarms(world: World) -> None:
    assert alarm_names(world) == set()


SCENARIOS = [
    Scenario(
        "a variant of another name is taken over with it",
        PLAIN,
        "tags only",
        ["AddTags"] * 3,
        happened=made(),
        ends=named("AllTraffic", "theirs"),
    ),
    Scenario(
        "so are its alarms",
        WATCHED,
        "tags only",
        ["AddTags", "PutMetricAlarm", "AddTags", "AddTags"],
        happened=made(),
        ends=named("AllTraffic", "theirs", "e/AllTraffic/errors"),
    ),
    Scenario(
        "what changes beside it keeps the name too",
        inventory(serverless(max_concurrency=5, memory_size=2048, **ALARMED)),
        "redeploy",
        ["AddTags", "PutMetricAlarm", *FIRST_UPDATE, "AddTags"],
        happened=made(),
        options={"adopt": True},
        shows="-serverless.variant.memory_size: 1024",
        ends=named("AllTraffic", "theirs", "e/AllTraffic/errors"),
    ),
    Scenario(
        "a variant on instances keeps it as the key of the inventory",
        inventory(provisioned(AllTraffic=variant(**ALARMED))),
        "tags only",
        ["AddTags", "PutMetricAlarm", "AddTags", "AddTags"],
        happened=made(settings=ON_INSTANCES),
        ends=named("AllTraffic", "theirs", "e/AllTraffic/errors"),
    ),
    Scenario(
        "the inventory names it as it is",
        inventory(serverless(variant_name="AllTraffic", max_concurrency=5)),
        "tags only",
        ["AddTags"] * 3,
        happened=made(),
        ends=named("AllTraffic", "theirs"),
    ),
    Scenario(
        "the inventory names it otherwise",
        inventory(serverless(variant_name="m", max_concurrency=5)),
        "redeploy",
        ["AddTags", *FIRST_UPDATE, "AddTags"],
        happened=made(),
        options={"adopt": True},
        shows="serverless.variant.variant_name: AllTraffic",
        ends=names_variant("m"),
    ),
    Scenario(
        "another name takes its alarms along",
        inventory(serverless(variant_name="main", max_concurrency=5, **ALARMED)),
        "redeploy",
        ["PutMetricAlarm", *UPDATE, "DeleteAlarms"],
        given=(WATCHED,),
        shows="serverless.variant.variant_name: m",
        ends=named("main", "e/main/errors"),
    ),
    Scenario(
        "a name that is no longer declared stays",
        WATCHED,
        "no change",
        [],
        given=(inventory(serverless(variant_name="main", max_concurrency=5, **ALARMED)),),
        ends=named("main", "e/main/errors"),
    ),
    Scenario(
        "another model behind it is no other variant",
        inventory(serverless(model_name="n", max_concurrency=5, **ALARMED), BOTH),
        "redeploy",
        UPDATE,
        given=(inventory(serverless(max_concurrency=5, **ALARMED), BOTH),),
        shows="serverless.variant.model_name: m\n+serverless.variant.model_name: n\n",
        ends=named("m", "e/m/errors"),
    ),
    Scenario(
        "a new generation of the model behind a kept name",
        inventory(serverless(max_concurrency=5), {"m": model(2)}),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(inventory(serverless(variant_name="main", max_concurrency=5)),),
        shows="serverless.variant.model_name: m-",
        ends=named("main"),
    ),
    Scenario(
        "a threshold changes",
        inventory(
            serverless(max_concurrency=5, cloudwatch_alarms={"errors": {"expression": "Invocation5XXErrors sum >= 9"}})
        ),
        "no change",
        ["PutMetricAlarm"],
        given=(inventory(serverless(variant_name="main", max_concurrency=5, **ALARMED)),),
        shows="cloudwatch_alarms.errors: in place\n-expression: Invocation5XXErrors",
        ends=named("main", "e/main/errors"),
    ),
    Scenario(
        "concurrency changes in place",
        inventory(serverless(max_concurrency=9)),
        "in place",
        ["AddTags", "UpdateEndpointWeightsAndCapacities"],
        given=(inventory(serverless(variant_name="main", max_concurrency=5)),),
        ends=named("main"),
    ),
    Scenario(
        "an endpoint of another kind that is replaced leaves no name behind",
        WATCHED,
        "replace with outage",
        ["PutMetricAlarm", *REPLACE],
        given=(BASE,),
        options={"allow_replace": True},
        ends=named("m", "e/m/errors"),
    ),
    Scenario(
        "a provisioned variant has the name of its key",
        inventory(provisioned(w=variant())),
        "redeploy",
        UPDATE,
        given=(BASE,),
        ends=names_variant("w"),
    ),
    Scenario(
        "one that is Failed is made again under the name that it has",
        WATCHED,
        "replace with outage",
        ["DeleteEndpoint", "CreateEndpoint"],
        given=(inventory(serverless(variant_name="main", max_concurrency=5, **ALARMED)),),
        happened=lambda world: world.simulator.put_endpoint("e", "Failed", None, "a test says so"),
        ends=named("main", "e/main/errors"),
    ),
    Scenario(
        "destroy takes the alarms that have its name",
        WATCHED,
        "delete",
        ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteAlarms", "DeleteModel"],
        given=(inventory(serverless(variant_name="main", max_concurrency=5, **ALARMED)),),
        is_destroyed=True,
        ends=assert_no_alarms,
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


NAMED = inventory(serverless(variant_name="main", max_concurrency=5, **ALARMED))


def lose_endpoint(world: World) -> None:
    world.client("sagemaker").delete_endpoint(EndpointName="e")
    world.simulator.advance(100)


def test_the_export_names_what_would_be_named_otherwise(world: World) -> None:
    made()(world)
    put_alarm(world, "e/AllTraffic/busy", "AllTraffic")
    found = info(world, endpoint_names=["e"])
    wanted: Inventory = as_read(found["inventory"])
    exported = wanted["endpoints"]["e"]["serverless"]["variant"]
    assert (exported["model_name"], exported["variant_name"]) == ("m", "AllTraffic")
    assert list(exported["cloudwatch_alarms"]) == ["busy"]
    assert [each["resource"] for each in found["not_expressed"]] == ["alarm theirs"]
    assert world.apply(wanted, check=True).effects == {"tags only"}
    assert not world.apply(wanted).error
    assert_changes_nothing(world, wanted)


def test_a_fleet_of_unnamed_variants_costs_no_description_more(world: World) -> None:
    many = inventory() | {"endpoints": {f"e{number}": serverless(**ALARMED) for number in range(12)}}
    assert not world.apply(many).error
    world.simulator.clear_journal()
    assert not world.apply(many).changed
    assert world.simulator.counts()["DescribeEndpoint"] == 12


def test_what_was_seen_before_something_was_written_is_looked_at_again(world: World) -> None:
    assert not world.apply(WATCHED).error
    louder = {"errors": {"expression": "Invocation5XXErrors sum >= 20"}}
    world.simulator.clear_journal()
    assert world.apply(inventory(serverless(max_concurrency=5, cloudwatch_alarms=louder))).changed
    assert world.simulator.counts()["DescribeEndpoint"] == 2


@pytest.mark.parametrize("check", [True, False])
def test_what_cannot_be_seen_is_left_alone_with_its_alarms(world: World, check: bool) -> None:
    """Nobody knows how its alarms are to be named, and an endpoint fails alone."""
    many = inventory() | {"endpoints": {"e": serverless(**ALARMED), "f": serverless(**ALARMED)}}
    world.simulator.fault("error", operation="DescribeEndpoint", name="e", count=None)
    result = world.apply(many, check=check)
    assert "1 of 2 endpoints failed:\n- e: DescribeEndpoint" in result.error
    assert result.effect("f") == "create"
    assert alarm_names(world) == (set() if check else {"f/m/errors"})
    world.simulator.clear_faults()
    assert not world.apply(many).error


@pytest.mark.parametrize("options", [{"parts": ["alarms"]}, {"state": "absent"}])
def test_what_cannot_be_seen_is_named_where_no_endpoint_fails(world: World, options: dict[str, t.Any]) -> None:
    assert not world.apply(NAMED).error
    world.simulator.fault("error", operation="DescribeEndpoint", name="e", count=1)
    result = world.apply(WATCHED, **options)
    assert (
        "e: its alarms and autoscaling were skipped, because the endpoint could not be read: DescribeEndpoint"
        in result.error
    )
    assert alarm_names(world) == {"e/main/errors"}


def test_alarms_alone_have_the_name_of_the_variant_too(world: World) -> None:
    assert not world.apply(NAMED).error
    louder = {"errors": {"expression": "Invocation5XXErrors sum >= 20"}}
    wanted = inventory(serverless(max_concurrency=5, cloudwatch_alarms=louder))
    assert world.apply(wanted, parts=["alarms"]).effect("e/main/errors", "alarms") == "in place"


def test_destroy_finds_the_alarms_of_an_endpoint_that_is_gone(world: World) -> None:
    assert not world.apply(NAMED).error
    lose_endpoint(world)
    put_alarm(world, "e/by-hand", "main")
    assert not world.destroy(WATCHED).error
    assert alarm_names(world) == {"e/by-hand"}


def test_a_name_is_decided_once_for_all_slices_of_a_run(world: World) -> None:
    """Between two of them the endpoint may be gone, because it is created again."""
    assert not world.apply(NAMED).error
    world.simulator.put_endpoint("e", "Failed", None, "a test says so")
    world.simulator.configure(create_seconds=20, delete_seconds=20)
    result, calls = in_slices(world, 5, WATCHED)
    assert not result.failed
    assert len(calls) > 2
    named("main", "e/main/errors")(world)
    assert not world.apply(WATCHED).changed


def test_a_name_that_is_on_its_way_is_the_one_that_stays(world: World) -> None:
    assert not world.apply(PLAIN).error
    assert not world.apply(inventory(serverless(variant_name="main", max_concurrency=5)), wait=False).error
    result = world.apply(PLAIN)
    assert (result.error, result.effect("e")) == ("", "no change")
    names_variant("main")(world)


def by_module(world: World, endpoints: list[dict[str, t.Any]], **options: t.Any) -> dict[str, t.Any]:
    """The result of sagemaker_endpoint with a list, or with the options of one."""
    module = types.SimpleNamespace(
        params=DEFAULTS | dict.fromkeys(ENDPOINT.options) | NOTHING | {"endpoints": endpoints or None} | options,
        check_mode=False,
        warn=lambda text: None,
        exit_json=end,
        fail_json=end,
    )
    api = Api({service: world.client(service) for service in SERVICES}, 1)
    with mock.patch.object(sagemaker_endpoint, "connect", return_value=api), pytest.raises(Ended) as ended:
        sagemaker_endpoint.run(t.cast("t.Any", module))
    return restored(ended.value.result) if PROGRESS in module.params else ended.value.result


def by_module_in_slices(world: World, endpoint: dict[str, t.Any], between: t.Callable[[], None]) -> dict[str, t.Any]:
    """The last result of sagemaker_endpoint, as its action calls it while it waits."""
    progress: dict[str, t.Any] = {"slice_seconds": 5}
    for _call in range(20):
        result = by_module(world, [endpoint], **{PROGRESS: progress})
        if not result.get("pending"):
            return result
        progress |= {"pending": result["pending"], "carried": result.get("carried")}
        between()
    raise AssertionError("it waits for ever")


def end(**answer: t.Any) -> t.NoReturn:
    raise Ended(**answer)


NOTHING: dict[str, t.Any] = {
    "deployment": "default",
    "model_generations": {},
    "tags": None,
    "resume": None,
    "wait_slice": None,
}


SETTINGS = {"max_concurrency": 5, "memory_size_in_mb": 1024}
ONE = {"variant_name": "m", "model_name": "m", "serverless_config": SETTINGS}
KEEPING = {"endpoint_name": "e", "production_variants": [ONE], "keep_variant_name": True, "adopt": True}


def test_the_module_alone_keeps_a_name_where_that_is_set(world: World) -> None:
    made()(world)
    result = by_module(world, [KEEPING])
    assert (result["endpoints"][0]["effect"], result.get("msg")) == ("tags only", None)
    assert by_module(world, [], **KEEPING)["endpoint"]["effect"] == "no change"
    names_variant("AllTraffic")(world)
    assert by_module(world, [], **KEEPING | {"keep_variant_name": None})["endpoint"]["effect"] == "redeploy"
    names_variant("m")(world)


def test_the_module_alone_decides_on_a_name_once_for_all_slices(world: World) -> None:
    """Between two of them the endpoint may be gone, because it is created again."""
    made()(world)
    world.simulator.put_endpoint("e", "Failed", None, "a test says so")
    world.simulator.configure(create_seconds=20, delete_seconds=20)
    result = by_module_in_slices(world, KEEPING, lambda: world.simulator.advance(30))
    assert "msg" not in result
    names_variant("AllTraffic")(world)


def test_the_module_alone_renames_no_variant_because_a_read_failed_while_it_waited(world: World) -> None:
    made()(world)
    world.simulator.configure(update_seconds=12)
    larger = ONE | {"serverless_config": SETTINGS | {"memory_size_in_mb": 2048}}

    def one_read_fails() -> None:
        world.simulator.clear_faults()
        world.simulator.fault("error", operation="DescribeEndpoint", code="ServiceUnavailable", status=503, count=1)

    result = by_module_in_slices(world, KEEPING | {"production_variants": [larger]}, one_read_fails)
    world.simulator.clear_faults()
    assert "msg" not in result
    names_variant("AllTraffic")(world)


def test_the_module_alone_calls_nothing_for_what_is_not_valid(world: World) -> None:
    world.simulator.clear_journal()
    result = by_module(world, [{"endpoint_name": "e", "production_variants": [{}], "keep_variant_name": True}])
    assert "no AWS call was made" in result["msg"]
    assert world.simulator.counts() == {}


def test_an_alarm_whose_name_becomes_too_long_with_the_kept_one_is_refused_before_anything_changes(
    world: World,
) -> None:
    made("x" * 63)(world)
    alarms = {"cloudwatch_alarms": {"a" * 200: {"expression": "Invocation5XXErrors sum >= 10"}}}
    before = len(world.simulator.writes())
    result = world.apply(inventory(serverless(max_concurrency=5, **alarms)))
    heading, problem = result.error.splitlines()
    assert heading == "Invalid options, with the names that variants have in AWS and keep; nothing was changed:"
    assert problem.startswith("- alarms[0].alarm_name: ")
    assert len(world.simulator.writes()) == before
