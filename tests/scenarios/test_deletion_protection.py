# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stop before what cannot be undone: protected endpoints, and many deletions."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import PROTECTED, Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind

from .harness import Result, World
from .inventories import ERRORS, Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .test_prune import names
from .test_undeclared import alarm_names

WORLD = scaled(cloudwatch_alarms=ERRORS)
REFUSED = "protected from deletion"
HOW = "set deletion_protection: false on the endpoint and apply, then delete it in a later run"
EMPTY: Inventory = {"models": {"m": model()}, "endpoints": {}}


def protected(value: bool | None = True, endpoint: Inventory | None = None) -> Inventory:
    more = {} if value is None else {"deletion_protection": value}
    return inventory((endpoint or provisioned(v=WORLD)) | more)


def tags_of(world: World, name: str = "e") -> dict[str, str]:
    client = world.client("sagemaker")
    arn = client.describe_endpoint(EndpointName=name)["EndpointArn"]
    return {each["Key"]: each["Value"] for each in client.list_tags(ResourceArn=arn)["Tags"]}


def refused(world: World, run: t.Callable[..., Result]) -> str:
    """What a run says that writes nothing, neither in check mode nor without."""
    world.simulator.clear_journal()
    before = names(world)
    planned, done = run(check=True), run()
    assert world.simulator.writes() == []
    assert names(world) == before
    assert planned.error == done.error != ""
    return done.error


def test_the_key_is_a_tag_that_only_false_takes_off(world: World) -> None:
    assert not world.apply(protected(None)).error
    assert PROTECTED not in tags_of(world)
    on = world.apply(protected())
    assert [each["operation"] for each in world.simulator.writes()][-1] == "AddTags"
    assert "deletion_protection: true" in on.diff
    assert tags_of(world)[PROTECTED] == "true"
    for wanted in (protected(), protected(None)):
        assert not world.apply(wanted).changed
        assert tags_of(world)[PROTECTED] == "true"
    off = world.apply(protected(False))
    assert "-deletion_protection: true\n+deletion_protection: false" in off.diff
    assert PROTECTED not in tags_of(world)
    assert not world.apply(protected(False)).changed


@pytest.mark.parametrize("value", [True, None, False], ids=["declared", "key gone", "false in the same run"])
def test_destroy_refuses(world: World, value: bool | None) -> None:
    assert not world.apply(protected()).error
    message = refused(world, lambda **how: world.destroy(protected(value), **how))
    assert "nothing was deleted: 1 endpoint (e) is protected from deletion" in message
    assert "set sagemaker_inference_confirm (the module's confirm) to 'default'" in message
    assert HOW in message


def test_destroy_refuses_what_is_declared_so_and_not_yet_protected(world: World) -> None:
    assert not world.apply(protected(None)).error
    assert REFUSED in refused(world, lambda **how: world.destroy(protected(), **how))


def test_once_it_is_taken_off_destroy_deletes(world: World) -> None:
    for value in (True, False):
        assert not world.apply(protected(value)).error
    assert not world.destroy(protected(False)).error
    assert names(world)["endpoints"] == []


def test_prune_refuses_an_endpoint_that_is_no_longer_declared(world: World) -> None:
    assert not world.apply(protected()).error
    message = refused(world, lambda **how: world.prune(EMPTY, **how))
    assert "nothing was pruned: 1 endpoint (e) is protected from deletion" in message
    assert HOW in message


def test_whoever_names_the_deployment_prunes_it_and_the_plan_says_so(world: World) -> None:
    assert not world.apply(protected()).error
    assert "instead of 'other'" in refused(world, lambda **how: world.prune(EMPTY, confirm="other", **how))
    planned = world.prune(EMPTY, check=True, confirm="default")
    assert "endpoints.e: delete; protected from deletion; the deletion is confirmed" in planned.diff
    assert not world.prune(EMPTY, confirm="default").error
    assert names(world)["endpoints"] == names(world)["targets"] == names(world)["alarms"] == []


def test_the_index_of_tags_does_not_decide(world: World) -> None:
    """It lags behind: by it, the endpoint is not protected yet."""
    assert not world.apply(protected(None)).error
    world.simulator.advance(200_000)
    world.simulator.configure(tag_delay_seconds=7200)
    assert not world.apply(protected()).error
    assert REFUSED in refused(world, lambda **how: world.prune(EMPTY, **how))
    assert REFUSED in refused(world, lambda **how: world.destroy(protected(None), **how))


@pytest.mark.parametrize(("first", "then"), [(True, False), (False, True)], ids=["set again", "taken off again"])
def test_what_was_changed_an_hour_ago_is_changed_back(world: World, first: bool, then: bool) -> None:
    """The index still has the tags of before both changes, which are as declared."""
    assert not world.apply(protected(first)).error
    world.simulator.advance(200_000)
    world.simulator.configure(tag_delay_seconds=7200)
    assert world.apply(protected(then)).changed
    assert world.apply(protected(first)).changed
    assert (PROTECTED in tags_of(world)) == first
    assert not world.apply(protected(first)).changed


def test_the_tags_of_an_endpoint_are_asked_for_only_where_its_protection_is_declared(world: World) -> None:
    endpoints = {"kept": provisioned() | {"deletion_protection": True}, "other": provisioned()}
    fleet: Inventory = {"models": {"m": model()}, "endpoints": endpoints}
    assert not world.apply(fleet).error
    world.simulator.advance(200_000)
    world.simulator.clear_journal()
    assert not world.apply(fleet).changed
    asked = [each["parameters"]["ResourceArn"] for each in world.simulator.journal() if each["operation"] == "ListTags"]
    assert [arn.rpartition("/")[2] for arn in asked if ":endpoint/" in arn] == ["kept"]


def test_a_task_that_deletes_one_endpoint_refuses_too(world: World) -> None:
    assert not world.apply(protected()).error
    for options in ({}, {"deletion_protection": False}):
        item = {"endpoint_name": "e", **options}
        world.simulator.clear_journal()
        for check in (True, False):
            kind = EndpointKind(Scope("default"), {})
            result = world.run(ENDPOINT, kind, [item], check, state="absent")
            assert f"e: the endpoint is protected from deletion by its tag {PROTECTED}; {HOW}" in result["msg"]
        assert world.simulator.writes() == []


def test_it_is_not_replaced_and_what_takes_the_protection_off_does_not_replace_it(world: World) -> None:
    assert not world.apply(protected()).error
    arn = world.client("sagemaker").describe_endpoint(EndpointName="e")["CreationTime"]
    for value in (True, None):
        wanted = protected(value, serverless())
        message = refused(world, lambda *, check=False, wanted=wanted: _but_for_alarms(world, wanted, check))
        assert "AWS cannot update" in message
        assert f"protected from deletion by its tag {PROTECTED}; {HOW}" in message
    off = world.apply(protected(False, serverless()), allow_replace=True, parts=["endpoints"])
    assert not off.error
    assert "removes its deletion protection; the next run replaces the endpoint because AWS cannot update" in off.diff
    assert world.client("sagemaker").describe_endpoint(EndpointName="e")["CreationTime"] == arn
    assert not world.apply(protected(False, serverless()), allow_replace=True).error
    assert world.client("sagemaker").describe_endpoint(EndpointName="e")["CreationTime"] != arn


def test_what_serves_on_keeps_its_alarms_until_the_run_that_replaces_it(world: World) -> None:
    assert not world.apply(protected(True, provisioned(v=scaled(cloudwatch_alarms=ERRORS)))).error
    wanted = protected(False, asynchronous(w=scaled()))
    planned = world.apply(wanted, check=True, allow_replace=True)
    off = world.apply(wanted, planned=planned, allow_replace=True)
    assert not off.error
    assert off.warnings == [
        "autoscaling of e/w is left to the next run, because the endpoints do not serve what is declared yet"
    ]
    assert "e/v/errors" in alarm_names(world)
    assert not world.apply(wanted, allow_replace=True).error
    assert "e/v/errors" not in alarm_names(world)
    assert not world.apply(wanted, allow_replace=True).changed


def test_scaling_that_is_still_away_is_named_where_only_the_protection_is_taken_off(world: World) -> None:
    assert not world.apply(protected(True, provisioned(v=scaled()))).error
    world.simulator.fault("rollout_fails", name="e", reason="no capacity")
    assert not world.apply(protected(True, provisioned(x=scaled())), wait=False).error
    world.simulator.advance(100)
    off = world.apply(protected(False, asynchronous(w=variant())), allow_replace=True)
    assert not off.error
    assert "autoscaling of variant v (policies e/v/requests) is still missing after an earlier run" in off.diff


def _but_for_alarms(world: World, wanted: Inventory, check: bool) -> Result:
    return world.apply(wanted, check=check, allow_replace=True, parts=["endpoints"])


def test_one_that_is_declared_so_is_not_replaced_before_it_has_the_tag(world: World) -> None:
    assert not world.apply(protected(None)).error
    message = refused(world, lambda *, check=False: _but_for_alarms(world, protected(True, serverless()), check))
    assert "declared with deletion_protection: true" in message


def test_a_failed_endpoint_serves_nothing_and_is_made_again_with_its_protection(world: World) -> None:
    world.simulator.fault("rollout_fails", name="e", reason="no capacity")
    assert "no capacity" in world.apply(protected()).error
    assert tags_of(world)[PROTECTED] == "true"
    assert not world.apply(protected(None)).error
    assert tags_of(world)[PROTECTED] == "true"


def test_a_rollout_keeps_the_protection(world: World) -> None:
    assert not world.apply(protected()).error
    assert not world.apply(protected(None, provisioned(v=WORLD | {"volume_size": 20}))).error
    assert tags_of(world)[PROTECTED] == "true"


@pytest.fixture
def many(world: World) -> World:
    """Three endpoints, and three models beside that of the endpoints."""
    assert not world.apply(_fleet(3)).error
    world.simulator.advance(3600)
    return world


def _fleet(count: int) -> Inventory:
    models = {"m": model(), **{f"n{number}": model(number + 2) for number in range(count)}}
    return {"models": models, "endpoints": {f"e{number}": provisioned() for number in range(count)}}


@pytest.mark.parametrize("how", ["prune", "destroy"])
def test_more_than_the_limit_is_asked_for(many: World, how: str) -> None:
    def run(limit: int = 2, **options: t.Any) -> Result:
        if how == "prune":
            return many.prune({"models": {}, "endpoints": {}}, prune_limit=limit, **options)
        return many.destroy(_fleet(3), prune_limit=limit, **options)

    message = refused(many, run)
    assert "3 endpoints (e0, e1, e2) would be deleted, more than prune_limit allows (2)" in message
    assert "4 models (m, n0, n1, n2) would be deleted, more than prune_limit allows (2)" in message
    message = refused(many, lambda **more: run(3, **more))
    assert (
        "4 models (m, n0, n1, n2) would be deleted, more than prune_limit allows (3); to delete everything listed here"
        in message
    )
    assert "endpoints" not in message
    assert not run(confirm="default").error
    assert names(many)["endpoints"] == names(many)["models"] == []
    assert not run(0).error, "nothing is left to ask for"


def test_an_endpoint_counts_once_with_its_configurations_and_those_without_one_count_too(many: World) -> None:
    client = many.client("sagemaker")
    for number in range(3):
        client.delete_endpoint(EndpointName=f"e{number}")
    many.simulator.advance(3600)
    nothing: Inventory = {"models": _fleet(3)["models"], "endpoints": {}}
    words = "the configurations of 3 deleted endpoints (e0, e1, e2) would be deleted, more than prune_limit allows (2)"
    assert words in refused(many, lambda **how: many.prune(nothing, prune_limit=2, **how))
    assert words in refused(many, lambda **how: many.destroy(_fleet(3), prune_limit=2, **how))
    assert not many.prune(nothing, prune_limit=3).error


def test_where_protection_cannot_be_read_what_hangs_on_the_endpoint_stays(world: World) -> None:
    assert not world.apply(protected()).error
    before = names(world)
    world.simulator.fault(
        "error", operation="ListTags", code="AccessDeniedException", message="no", status=400, count=None
    )
    done = world.destroy(protected())
    assert "AccessDenied" in done.error
    world.simulator.clear_faults()
    assert names(world) == before


@pytest.mark.parametrize(("first", "limit"), [(protected(), 5), (inventory(), 1)], ids=["protected", "counted"])
def test_where_one_endpoint_cannot_be_read_nothing_goes(world: World, first: Inventory, limit: int) -> None:
    """It may be what the plan has refused: protected, or one too many."""
    two = first | {"endpoints": first["endpoints"] | {"f": provisioned(v=WORLD)}}
    assert not world.apply(two).error
    before = names(world)
    assert "nothing was deleted: " in world.destroy(two, check=True, prune_limit=limit).error
    world.simulator.fault("error", operation="DescribeEndpoint", name="e", code="ServiceUnavailable", count=None)
    done = world.destroy(two, prune_limit=limit)
    assert "nothing was deleted, because listing what would be deleted failed: e: DescribeEndpoint: " in done.error
    assert names(world) == before
