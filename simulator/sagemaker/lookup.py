# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Finds SageMaker's resources, or says so in SageMaker's words. [P TF find.go][C]"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from ..call import Call
from ..errors import AwsError, invalid
from .resources import Endpoint, EndpointConfig, Model
from .settle import settle

Resource = TypeVar("Resource", Model, EndpointConfig, Endpoint)

MODEL = "model"
CONFIG = "endpoint configuration"
ENDPOINT = "endpoint"
_PATH = {MODEL: "model", CONFIG: "endpoint-config", ENDPOINT: "endpoint"}


def arn_of(call: Call, noun: str, name: str) -> str:
    """SageMaker writes its ARNs in lower case. [I prometheus-community/yet-another-cloudwatch-exporter#1178]"""
    spelled = name if call.settings.arns_keep_case else name.lower()
    return call.region.arn("sagemaker", f"{_PATH[noun]}/{spelled}")


def not_found(call: Call, noun: str, name: str) -> AwsError:
    return invalid(f'Could not find {noun} "{arn_of(call, noun, name)}".')


def already_there(call: Call, noun: str, name: str) -> AwsError:
    """[C sagemaker-python-sdk session.py]"""
    return invalid(f'Cannot create already existing {noun} "{arn_of(call, noun, name)}".')


def find_model(call: Call, name: str) -> Model:
    return _find(call, MODEL, call.region.models, name)


def find_config(call: Call, name: str) -> EndpointConfig:
    return _find(call, CONFIG, call.region.endpoint_configs, name)


def find_endpoint(call: Call, name: str) -> Endpoint:
    """The endpoint as it is now."""
    if name.lower() in call.region.endpoints:
        settle(call.region, call.region.endpoints[name.lower()], call.now, call.settings)
    return _find(call, ENDPOINT, call.region.endpoints, name)


def endpoints_now(call: Call) -> list[Endpoint]:
    """All endpoints as they are now."""
    endpoints = call.region.endpoints
    for endpoint in [each for each in endpoints.values() if each.progress and each.progress.due <= call.now]:
        settle(call.region, endpoint, call.now, call.settings)
    return list(endpoints.values())


def _find(call: Call, noun: str, resources: Mapping[str, Resource], name: str) -> Resource:
    resource = resources.get(name.lower())
    if resource is None or call.is_hidden(resource.name, resource.created):
        raise not_found(call, noun, name)
    return resource
