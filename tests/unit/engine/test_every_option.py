# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every member that the installed botocore has is an option of a module, or goes through its ``api_parameters``."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import (
    ALARM,
    ENDPOINT,
    MODEL,
    TARGET,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.resource_spec import ResourceSpec
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import service_model as shapes
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.service_model import API_PARAMETERS
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.canonical import without
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.requests import Options
from botocore import xform_name
from botocore.model import ListShape, Shape, StructureShape

SCALING = "application-autoscaling"
_TARGET_KEY = {"service_namespace", "resource_id", "scalable_dimension"}
_TAGS = {"tags"}
"""The option of every module, a map in place of AWS's list of pairs."""


class Place(t.NamedTuple):
    """Where the members of a request are among the options of a module; *own* are those that the module sets."""

    spec: ResourceSpec
    below: str
    service: str
    operation: str
    own: set[str]


PLACES = [
    Place(MODEL, "", "sagemaker", "CreateModel", _TAGS),
    Place(ENDPOINT, "", "sagemaker", "CreateEndpointConfig", {"endpoint_config_name", *_TAGS}),
    # What an update keeps of live counts and weights follows from the options.
    Place(
        ENDPOINT,
        "",
        "sagemaker",
        "UpdateEndpoint",
        {
            "endpoint_config_name",
            "retain_all_variant_properties",
            "exclude_retained_variant_properties",
            "retain_deployment_config",
        },
    ),
    Place(ALARM, "", "cloudwatch", "PutMetricAlarm", _TAGS),
    Place(ALARM, "", "cloudwatch", "PutCompositeAlarm", _TAGS),
    Place(TARGET, "", SCALING, "RegisterScalableTarget", {*_TARGET_KEY, *_TAGS}),
    Place(TARGET, "policies", SCALING, "PutScalingPolicy", _TARGET_KEY),
    Place(TARGET, "scheduled_actions", SCALING, "PutScheduledAction", _TARGET_KEY),
]


def _options(place: Place) -> Options:
    options = place.spec.options
    return t.cast("Options", options[place.below]["options"] if place.below else options)


def _unreached(options: Options, shape: StructureShape, own: t.Collection[str], takes_more: bool) -> t.Iterator[str]:
    """*takes_more*: whether a structure above takes members for this one; that of a list's entry does not."""
    takes_more = takes_more or API_PARAMETERS in options
    for member, inner in shape.members.items():
        option = xform_name(member)
        if option in own:
            continue
        if option not in options:
            if not takes_more:
                yield option
        elif "options" in options[option]:
            entry, is_list = _entry(inner)
            found = _unreached(options[option]["options"], entry, (), takes_more and not is_list)
            yield from (f"{option}.{each}" for each in found)


def _entry(shape: Shape) -> tuple[StructureShape, bool]:
    is_list = isinstance(shape, ListShape)
    return t.cast("StructureShape", shape.member if isinstance(shape, ListShape) else shape), is_list


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.operation)
def test_every_member_has_a_place(place: Place) -> None:
    shape = shapes.input_shape(place.service, place.operation)
    options = _options(place)
    if place.operation == "UpdateEndpoint":
        # The api_parameters of an endpoint are those of its configuration.
        options = without((API_PARAMETERS,), options)
    assert list(_unreached(options, shape, place.own, takes_more=False)) == []


ANY = {"api_parameters": {"tomorrow": {"mode": "FAST"}}}
NESTED: list[tuple[ResourceSpec, Options]] = [
    (MODEL, {"model_name": "m", **ANY, "containers": [{"image": "i", **ANY}], "primary_container": ANY}),
    (
        ENDPOINT,
        {
            "endpoint_name": "e",
            **ANY,
            "production_variants": [{"variant_name": "v", **ANY}],
            "shadow_production_variants": [{"variant_name": "s", **ANY}],
        },
    ),
    (ALARM, {"alarm_name": "a", **ANY}),
    (
        TARGET,
        {
            "endpoint_name": "e",
            "variant_name": "v",
            **ANY,
            "policies": [{"policy_name": "p", "policy_type": "TargetTrackingScaling", **ANY}],
            "scheduled_actions": [
                {"scheduled_action_name": "s", "schedule": "rate(1 hour)", "scalable_target_action": {}, **ANY}
            ],
        },
    ),
]


@pytest.mark.parametrize(("spec", "options"), NESTED, ids=[spec.label for spec, _options in NESTED])
def test_ansible_takes_what_nobody_knows_yet_wherever_a_request_grows(spec: ResourceSpec, options: Options) -> None:
    """Whether the installed botocore knows it is reported later, with its version; see test_newer_botocore.py."""
    result = ArgumentSpecValidator(spec.as_list).validate({spec.plural: [options]})
    assert result.error_messages == []
    (found,) = result.validated_parameters[spec.plural]
    assert _without_none(found) == options


def _without_none(value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return {name: _without_none(inner) for name, inner in value.items() if inner is not None}
    return [_without_none(each) for each in value] if isinstance(value, list) else value
