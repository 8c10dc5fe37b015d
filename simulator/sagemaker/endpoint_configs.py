# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""CreateEndpointConfig, DescribeEndpointConfig, DeleteEndpointConfig."""

from __future__ import annotations

from datetime import UTC, datetime

from ..call import Call
from ..types import Params, Result, unordered
from .endpoint_config_rules import check_config, check_models
from .lookup import CONFIG, already_there, arn_of, find_config, find_model
from .resources import EndpointConfig
from .tag_rules import checked_tags

# [P ACK custom_delta and fixture]
_SERVERLESS_VOLUME_GB = 5
# [D SM botocore 1.43.31, of 2026-06-16] EnableDetailedObservability: true by default for new configurations.
_OBSERVED_SINCE = datetime(2026, 6, 17, tzinfo=UTC).timestamp()
# [D SM MetricsConfig] "The default is False", "Defaults to 60".
DEFAULT_METRICS = {"EnableEnhancedMetrics": False, "MetricPublishFrequencyInSeconds": 60}
"""What AWS does by default, whether it shows it or not."""


def create_endpoint_config(call: Call, params: Params) -> Result:
    name = params["EndpointConfigName"]
    tags = checked_tags(params.get("Tags", []))
    check_config(params)
    if name.lower() in call.region.endpoint_configs:
        raise already_there(call, CONFIG, name)
    content = {key: value for key, value in params.items() if key not in ("EndpointConfigName", "Tags")}
    config = EndpointConfig(name, arn_of(call, CONFIG, name), call.now, _filled_in(content, call.now))
    check_models(params, {model: find_model(call, model) for model in config.model_names})
    call.region.endpoint_configs[name.lower()] = config
    call.region.tags.put(config.arn, tags, call.now)
    return {"EndpointConfigArn": config.arn}


def describe_endpoint_config(call: Call, params: Params) -> Result:
    config = find_config(call, params["EndpointConfigName"])
    return {
        "EndpointConfigName": config.name,
        "EndpointConfigArn": config.arn,
        "CreationTime": call.time(config.created),
        **config.content,
    }


def delete_endpoint_config(call: Call, params: Params) -> Result:
    """Not refused while an endpoint uses it: that endpoint's next update fails instead. [D SM][I TF #40048]"""
    config = find_config(call, params["EndpointConfigName"])
    del call.region.endpoint_configs[config.name.lower()]
    call.region.tags.forget(config.arn, call.now)
    return {}


def _filled_in(content: Params, now: float) -> Params:
    """What DescribeEndpointConfig adds."""
    # [P ACK late-init]
    filled = {"EnableNetworkIsolation": False, **content}
    for name in ("ProductionVariants", "ShadowProductionVariants"):
        if name in content:
            filled[name] = [_variant(variant) for variant in content[name]]
    if "VpcConfig" in content:
        filled["VpcConfig"] = unordered(content["VpcConfig"], "Subnets", "SecurityGroupIds")
    if "AsyncInferenceConfig" in content:
        filled["AsyncInferenceConfig"] = _async(content["AsyncInferenceConfig"])
    if "DataCaptureConfig" in content:
        # [D SM] that it is shown, too, is a guess.
        filled["DataCaptureConfig"] = {"EnableCapture": True, **content["DataCaptureConfig"]}
    if metrics := shown_metrics(content.get("MetricsConfig"), now):
        filled["MetricsConfig"] = metrics
    return filled


def shown_metrics(sent: Params | None, now: float) -> Params:
    """[D SM MetricsConfig] detailed observability is on unless it was sent, in what was made since it came.

    That it is shown where nothing was sent, and that the other members are shown only beside one that was, are guesses.
    """
    observability = {"EnableDetailedObservability": now >= _OBSERVED_SINCE}
    if sent is None:
        return observability if now >= _OBSERVED_SINCE else {}
    return DEFAULT_METRICS | observability | sent


def _async(sent: Params) -> Params:
    """[P TF] IncludeInferenceResponseIn has no order."""
    output = sent["OutputConfig"]
    if "NotificationConfig" not in output:
        return sent
    notification = unordered(output["NotificationConfig"], "IncludeInferenceResponseIn")
    return {**sent, "OutputConfig": {**output, "NotificationConfig": notification}}


def _variant(sent: Params) -> Params:
    """[D SM][P] A variant on instances shows no volume that was not sent. [C]"""
    volume = {"VolumeSizeInGB": _SERVERLESS_VOLUME_GB} if "ServerlessConfig" in sent else {}
    return {"InitialVariantWeight": 1.0, **sent, **volume}
