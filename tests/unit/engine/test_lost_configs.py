# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which models an endpoint may serve whose configuration is gone, by the images that it runs."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.sagemaker import Listed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.lost_configs import (
    may_serve,
    without_config,
)

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
    ],
    ids=["same image", "other image", "one of several", "in shadow", "package of unknown images", "images not told"],
)
def test_a_model_may_be_served_where_one_of_its_images_runs(
    endpoint: dict[str, t.Any], model: dict[str, t.Any], may: bool
) -> None:
    assert may_serve(endpoint, model) is may


@pytest.mark.parametrize(
    ("status", "config", "leaving", "found"),
    [
        ("InService", "gone", (), ["e"]),
        ("InService", "there", (), []),
        ("Deleting", "gone", (), []),
        ("InService", "gone", ("e",), []),
    ],
)
def test_an_endpoint_that_stays_and_whose_configuration_is_not_listed_is_found(
    status: str, config: str, leaving: tuple[str, ...], found: list[str]
) -> None:
    endpoint = {"EndpointName": "e", "EndpointStatus": status, "EndpointConfigName": config}
    listed = without_config([endpoint], [Listed("there", "arn")], leaving)
    assert [each["EndpointName"] for each in listed] == found
