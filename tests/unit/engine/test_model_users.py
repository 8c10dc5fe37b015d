# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which models an endpoint may serve where no configuration says so, by the images that it runs."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.sagemaker import Summary
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.stand_in import STAND_IN
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model_removal import (
    PossibleUser,
    may_serve,
    possible_users,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import FakeAws

ONE, TWO = {"PrimaryContainer": {"Image": "a"}}, {"Containers": [{"Image": "a"}, {"Image": "b"}]}
PACKAGE = {"Containers": [{"ModelPackageName": "package"}]}


def running(*variants: t.Sequence[str]) -> dict[str, t.Any]:
    shown = [{"DeployedImages": [{"SpecifiedImage": image} for image in images]} for images in variants]
    return {"ProductionVariants": shown}


@pytest.mark.parametrize(
    ("endpoint", "model", "may"),
    [
        (running(["a"]), ONE, True),
        (running(["b"]), ONE, False),
        (running(["c"], ["b"]), TWO, True),
        ({"ProductionVariants": [], "ShadowProductionVariants": running(["a"])["ProductionVariants"]}, ONE, True),
        (running(["a"]), PACKAGE, True),
        (running([]), ONE, True),
        ({}, ONE, True),
        ({"PendingDeploymentSummary": running(["b"])}, ONE, False),
        ({**running(["b"]), "PendingDeploymentSummary": running(["a"])}, ONE, True),
    ],
    ids=[
        "same image",
        "other image",
        "one of several",
        "in shadow",
        "package of unknown images",
        "images not shown",
        "variants not shown",
        "about to run another image",
        "about to run this image",
    ],
)
def test_a_model_may_be_served_where_one_of_its_images_runs(
    endpoint: dict[str, t.Any], model: dict[str, t.Any], may: bool
) -> None:
    assert may_serve(endpoint, model) is may


@pytest.mark.parametrize(
    ("shown", "tags", "found"),
    [
        ({"EndpointConfigName": "gone"}, {}, "gone"),
        ({"EndpointConfigName": "there"}, {}, None),
        ({"EndpointConfigName": "there"}, {STAND_IN: "made"}, "there"),
        ({"EndpointConfigName": "there", "PendingDeploymentSummary": {"EndpointConfigName": "gone"}}, {}, "gone"),
        ({"EndpointConfigName": "there", "PendingDeploymentSummary": {"EndpointConfigName": "there"}}, {}, None),
        ({"EndpointConfigName": "gone", "EndpointStatus": "Deleting"}, {}, None),
        ({"EndpointConfigName": "gone", **running(["other"])}, {}, None),
        ({}, {}, None),
    ],
    ids=[
        "deleted",
        "there",
        "a stand-in",
        "moves to a deleted one",
        "moves to one that is there",
        "on its way out",
        "runs something else",
        "names none",
    ],
)
def test_an_endpoint_may_serve_a_model_where_nothing_tells_its_configuration(
    shown: dict[str, t.Any], tags: dict[str, str], found: str | None
) -> None:
    endpoint = {"EndpointName": "e", "EndpointStatus": "InService", **running(["a"]), **shown}
    aws = FakeAws(ListTags={"Tags": ansible_dict_to_boto3_tag_list(tags)})
    users = possible_users(aws.api(), {"m": ONE}, [endpoint], [Summary("there", "arn")])
    assert users == ({"m": PossibleUser("e", found)} if found else {})
