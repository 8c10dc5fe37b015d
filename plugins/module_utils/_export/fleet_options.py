# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read, in the options of the modules: AWS's own vocabulary in snake_case, without the values of secrets."""

from __future__ import annotations

import typing as t

from .._aws import cloudwatch, sagemaker
from .._aws.endpoint_descriptions import VARIANT_LISTS, links_of
from .._aws.service_model import service_model, to_options
from .._engine.hidden_values import without_secrets
from .._engine.ownership import DEPLOYMENT
from .._engine.requests import Options, options_of
from .._resources import alarm, model_requests
from .._resources.alarm import LiveAlarm
from .._resources.endpoint import config
from .._resources.endpoint.state import LiveEndpoint
from .._resources.generations import LiveGeneration
from .._resources.scaling_state import LiveScaling
from .fleet import Fleet
from .models import key_of

_LIVE = (
    "VariantName",
    "CurrentWeight",
    "DesiredWeight",
    "CurrentInstanceCount",
    "DesiredInstanceCount",
    "CurrentServerlessConfig",
    "DesiredServerlessConfig",
)


def endpoint_options(endpoint: LiveEndpoint, fleet: Fleet) -> Options:
    description = endpoint.description
    models = [fleet.models[name] for name in endpoint.model_names if name in fleet.models]
    return {
        "endpoint_name": endpoint.name,
        "endpoint_arn": endpoint.arn,
        "endpoint_status": endpoint.status,
        "failure_reason": description.get("FailureReason"),
        **links_of(description),
        "deployment": endpoint.tags.get(DEPLOYMENT),
        "tags": dict(endpoint.tags),
        "endpoint_config": _config(endpoint.config) if endpoint.config else None,
        "variants": [_live(variant) for variants in VARIANT_LISTS for variant in description.get(variants, ())],
        "last_deployment_config": to_options(
            _described("LastDeploymentConfig"), description.get("LastDeploymentConfig")
        ),
        "models": [_model(each) for each in models],
        "scaling": [_scaling(each) for each in endpoint.targets.values()],
        "alarms": [_alarm(each) for each in endpoint.alarms],
    }


def _described(member: str) -> t.Any:
    shape: t.Any = service_model("sagemaker").operation_model("DescribeEndpoint").output_shape
    return shape.members[member]


def _config(found: LiveGeneration) -> Options:
    options = options_of(sagemaker.SERVICE, config.CREATE, found.request)
    return options | {"endpoint_config_arn": found.arn, "tags": dict(found.tags)}


def _live(variant: t.Mapping[str, t.Any]) -> Options:
    shown = {member: variant[member] for member in _LIVE if member in variant}
    return t.cast("Options", to_options(_described("ProductionVariants").member, shown))


def _model(found: LiveGeneration) -> Options:
    options = without_secrets(options_of(sagemaker.SERVICE, model_requests.CREATE, found.request))
    return t.cast("Options", options | {"name": key_of(found), "model_arn": found.arn, "tags": dict(found.tags)})


def _scaling(found: LiveScaling) -> Options:
    return found.options | {"scalable_target_arn": found.arn or None} | found.action_options


def _alarm(found: LiveAlarm) -> Options:
    return options_of(cloudwatch.SERVICE, alarm.put_of(found.request), found.request) | {
        "alarm_arn": found.arn,
        "state_value": found.state,
        "tags": dict(found.tags),
    }
