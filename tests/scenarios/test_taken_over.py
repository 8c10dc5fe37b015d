# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others have made is taken over as it is: what means nothing or has a name already is no reason to redeploy."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ENDPOINT, MODEL
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import DIGEST, Scope
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind

from .exports import as_read, info
from .harness import World
from .inventories import ROLE, Inventory, inventory, model, provisioned, variant
from .scenario import MAKE_AGAIN, MARK, UPDATE, Scenario, play
from .test_scenarios import BASE, NEW_IMAGE, endpoint, serves_image, stays_on_config

CONTAINER = {"Image": "registry/image:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
VARIANT = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
TAGS = ["AddTags"] * 3


def made(*variants: dict[str, t.Any], container: dict[str, t.Any] | None = None) -> t.Callable[[World], None]:
    """The endpoint ``e`` as others make it, by default as BASE says but for the host name of the container."""

    def make(world: World) -> None:
        client = world.client("sagemaker")
        client.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER | (container or {}))
        client.create_endpoint_config(EndpointConfigName="e", ProductionVariants=list(variants) or [VARIANT])
        client.create_endpoint(EndpointName="e", EndpointConfigName="e")
        world.simulator.advance(100)

    return make


def taken_over_with_a_volume(world: World) -> None:
    made({**VARIANT, "VolumeSizeInGB": 30})(world)
    assert world.apply(BASE).effect("e") == "tags only"


def hosts_components(world: World) -> None:
    """The endpoint ``e`` for inference components: its variant names no model, so the configuration has the role."""
    client = world.client("sagemaker")
    bare = {member: value for member, value in VARIANT.items() if member != "ModelName"}
    client.create_endpoint_config(EndpointConfigName="e", ExecutionRoleArn=ROLE, ProductionVariants=[bare])
    client.create_endpoint(EndpointName="e", EndpointConfigName="e")
    world.simulator.advance(100)


def keyed(host: str, version: int = 1) -> Inventory:
    """BASE with another key of its only container."""
    (container,) = model(version)["container_definitions"].values()
    return inventory(models={"m": model(container_definitions={host: container})})


SCENARIOS = [
    # The host name of an only container
    Scenario("a container without a host name", BASE, "tags only", TAGS, happened=made(), ends=stays_on_config("e")),
    Scenario(
        "a container with another host name",
        BASE,
        "tags only",
        TAGS,
        happened=made(container={"ContainerHostname": "theirs"}),
        ends=stays_on_config("e"),
    ),
    Scenario(
        "the key of an only container changes",
        keyed("other"),
        "no change",
        ["AddTags"],
        given=(BASE,),
        shows=": tags only",
        ends=serves_image(1),
    ),
    Scenario(
        "the key of an only container changes, and changes back after another generation",
        BASE,
        "redeploy",
        ["AddTags", MARK, "UpdateEndpoint"],
        given=(BASE, keyed("other"), NEW_IMAGE),
        shows="models.m",
        ends=serves_image(1),
    ),
    Scenario(
        "the key and the image of an only container change",
        keyed("other", 2),
        "redeploy",
        ["CreateModel", *UPDATE],
        given=(BASE,),
        shows="-container_definitions.other.image: registry/image:1",
        ends=serves_image(2),
    ),
    # What hosts something else
    Scenario(
        "an endpoint for inference components",
        BASE,
        "no change",
        ["CreateModel"],
        happened=hosts_components,
        error="AWS cannot update an inference-component endpoint to a real-time one, which would stop its inference"
        " components; set allow_replace: true to delete and create the endpoint again (outage)",
        ends=stays_on_config("e"),
    ),
    Scenario(
        "an endpoint for inference components, which may be replaced",
        BASE,
        "replace with outage",
        ["CreateModel", *MAKE_AGAIN],
        happened=hosts_components,
        options={"allow_replace": True, "adopt": True},
        shows="replaced because AWS cannot update an inference-component endpoint to a real-time one",
        ends=serves_image(1),
    ),
    # What the inventory does not say is kept
    Scenario(
        "a volume size that was kept is declared",
        inventory(provisioned(v=variant(volume_size=30))),
        "tags only",
        ["AddTags"],
        happened=taken_over_with_a_volume,
        shows=": tags only",
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.why)
def test_scenario(world: World, scenario: Scenario) -> None:
    play(scenario, world)


def test_an_export_of_an_only_container_without_a_host_name_changes_tags_alone(world: World) -> None:
    made()(world)
    found = info(world, endpoint_names=["e"])
    assert found["not_expressed"] == []
    wanted = as_read(found["inventory"])
    assert world.apply(wanted, check=True).effects == {"tags only"}
    assert not world.apply(wanted).error
    assert endpoint(world)["EndpointConfigName"] == "e"
    assert not world.apply(wanted).changed


def test_the_export_says_that_a_model_of_ours_without_a_host_name_gets_another_digest(world: World) -> None:
    container = {"image": "registry/image:1", "model_data_url": "s3://bucket/model.tar.gz"}
    options = {"model_name": "m", "execution_role_arn": ROLE, "primary_container": container, "tags": {}}
    world.declare({"m": {"iam_role_arn": ROLE}}, {})
    assert not world.run(MODEL, ModelKind(Scope("default")), [options]).get("failed")
    found = info(world, deployment="default")
    ((path, would_change),) = [(each["path"], each["would_change"]) for each in found["not_expressed"]]
    assert (path, would_change) == (f"tags.{DIGEST}", True)
    wanted = as_read(found["inventory"])
    assert world.apply(wanted).effect("m", "models") == "tags only"
    assert not world.apply(wanted).changed
    assert info(world, deployment="default")["not_expressed"] == []


def test_the_export_leaves_an_endpoint_for_inference_components_out_and_says_so(world: World) -> None:
    hosts_components(world)
    found = info(world, endpoint_names=["e"])
    assert found["inventory"]["endpoints"] == {}
    (left_out,) = found["not_expressed"]
    assert left_out["reason"] == "it hosts inference components; an apply leaves it unchanged"


def test_an_endpoint_for_inference_components_is_updated_to_another_of_its_kind(world: World) -> None:
    """The module takes what the inventory has no words for."""
    hosts_components(world)
    one = {"variant_name": "v", "instance_type": "ml.m5.large", "initial_instance_count": 1}
    options = {"endpoint_name": "e", "execution_role_arn": ROLE, "production_variants": [one]}
    world.declare({"m": {"iam_role_arn": ROLE}}, {"e": {}})
    kind = EndpointKind(Scope("default"), {})
    assert world.run(ENDPOINT, kind, [options])["endpoints"][0]["effect"] == "tags only"
    bigger = {**options, "production_variants": [one | {"instance_type": "ml.m5.4xlarge"}]}
    result = world.run(ENDPOINT, kind, [bigger])
    assert (result["endpoints"][0]["effect"], result.get("msg")) == ("redeploy", None)
