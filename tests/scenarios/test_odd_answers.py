# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers without what is empty, as the serializers of some services give them: nothing is taken for granted."""

from __future__ import annotations

import typing as t

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES

from .exports import info
from .harness import World
from .inventories import ERRORS, Inventory, asynchronous, inventory, model, provisioned, scaled, serverless, variant
from .test_rollback import roll_back

ENDPOINTS: Inventory = {
    "e": provisioned(v=scaled(cloudwatch_alarms=ERRORS)),
    "s": serverless(),
    "a": asynchronous(),
    "t": provisioned(v=variant(), w=variant()),
}
FIRST: Inventory = {"models": {"m": model()}, "endpoints": ENDPOINTS}
SECOND: Inventory = {
    "models": {"m": model(2)},
    "endpoints": ENDPOINTS | {"e": provisioned(v=scaled(instance_type="ml.c5.large", cloudwatch_alarms=ERRORS))},
}


def without_empty(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        found = {name: without_empty(each) for name, each in value.items()}
        return {name: each for name, each in found.items() if each not in ([], {})}
    return [without_empty(each) for each in value] if isinstance(value, list) else value


def leave_out_what_is_empty(world: World) -> None:
    def altered(parsed: dict[str, t.Any], **_more: t.Any) -> None:
        kept = {name: parsed.pop(name) for name in ("ResponseMetadata", "Error") if name in parsed}
        found = without_empty(dict(parsed))
        parsed.clear()
        parsed.update(found | kept)

    for service in (*SERVICES, "sts"):
        world.run_client(service).meta.events.register("after-call", altered)


def untag_everything(world: World) -> None:
    """As somebody would have made it without tags."""
    found = world.client("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    for each in found:
        arn, keys = each["ResourceARN"], [tag["Key"] for tag in each["Tags"]]
        if ":sagemaker:" in arn:
            world.client("sagemaker").delete_tags(ResourceArn=arn, TagKeys=keys)
        elif ":cloudwatch:" in arn:
            world.client("cloudwatch").untag_resource(ResourceARN=arn, TagKeys=keys)
        else:
            world.client("application-autoscaling").untag_resource(ResourceARN=arn, TagKeys=keys)


def test_runs_get_by_without_what_is_empty(world: World) -> None:
    leave_out_what_is_empty(world)
    for wanted in (FIRST, SECOND):
        assert not world.apply(wanted).error
        for verify in ("tags", "full"):
            again = world.apply(wanted, verify=verify)
            assert not again.error
            assert not again.changed, again.diff
    assert not roll_back(world).get("failed")
    assert not world.apply(SECOND).error
    assert info(world)["inventory"]["endpoints"]
    assert not world.prune({"models": SECOND["models"], "endpoints": {"e": SECOND["endpoints"]["e"]}}).error
    assert not world.destroy(SECOND).error


def test_what_has_no_tags_is_adopted_and_read(world: World) -> None:
    assert not world.apply(FIRST).error
    untag_everything(world)
    leave_out_what_is_empty(world)
    assert info(world, endpoint_names=[])["inventory"]["endpoints"]
    assert not world.apply(FIRST).error
    assert not world.apply(FIRST).changed


def test_an_account_without_anything(world: World) -> None:
    leave_out_what_is_empty(world)
    assert info(world, endpoint_names=[])["inventory"]["endpoints"] == {}
    assert not world.destroy(FIRST).error
    assert not world.prune(inventory()).error
