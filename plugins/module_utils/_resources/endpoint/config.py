# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoint configurations: immutable, named by content, compared with what the endpoint really runs."""

from __future__ import annotations

import dataclasses

from ..._aws.endpoint_descriptions import VARIANT_LISTS
from ..._engine.canonical import Request, Rules, digest, without
from ..._engine.diff import Difference, differences
from ..._engine.ownership import DIGEST, REDEPLOY, Scope
from ..generations import LiveGeneration
from .state import DesiredEndpoint

CREATE = "CreateEndpointConfig"
COMPONENTS, REALTIME, ASYNCHRONOUS = "inference-component", "real-time", "asynchronous"
DETAILED_METRICS = "MetricsConfig.EnableDetailedObservability"
"""[D] true since June 2026 where nothing is asked for."""


def _of_variants(*members: str) -> tuple[str, ...]:
    return tuple(f"{variants}.*.{member}" for variants in VARIANT_LISTS for member in members)


RULES = Rules(
    # [D] [P] what DescribeEndpointConfig fills in.
    defaults={
        "EnableNetworkIsolation": False,
        "DataCaptureConfig.EnableCapture": True,
        **dict.fromkeys(_of_variants("InitialVariantWeight"), 1),
        **dict.fromkeys(_of_variants("EnableSSMAccess"), False),
    },
    read_only=("EndpointConfigName", "Tags"),
    # [P] [D] computed by AWS where the request leaves them out.
    computed=(*_of_variants("VolumeSizeInGB"), "MetricsConfig"),
    unordered=(
        "DataCaptureConfig.CaptureContentTypeHeader.CsvContentTypes",
        "DataCaptureConfig.CaptureContentTypeHeader.JsonContentTypes",
        "AsyncInferenceConfig.OutputConfig.NotificationConfig.IncludeInferenceResponseIn",
    ),
    keyed_lists={
        **dict.fromkeys(VARIANT_LISTS, "VariantName"),
        "DataCaptureConfig.CaptureOptions": "CaptureMode",
    },
    single_precision=_of_variants("InitialVariantWeight"),
    # [D] the output path is optional, and an empty OutputConfig still makes the endpoint asynchronous.
    meaningful_when_empty=("AsyncInferenceConfig.OutputConfig",),
    mutable=_of_variants(
        "InitialInstanceCount",
        "InitialVariantWeight",
        "ServerlessConfig.MaxConcurrency",
        "ServerlessConfig.ProvisionedConcurrency",
    ),
)


def config_digest(request: Request, redeploy: str | None = None) -> str:
    """The digest of a configuration, without what UpdateEndpointWeightsAndCapacities changes in place.

    That call cannot take provisioned concurrency away or bring it in, so its presence counts.
    """
    provisioned = [
        [variants, variant["VariantName"]]
        for variants in VARIANT_LISTS
        for variant in request.get(variants, ())
        if "ProvisionedConcurrency" in variant.get("ServerlessConfig", {})
    ]
    marked = {**request, "HasProvisionedConcurrency": [".".join(names) for names in provisioned]}
    return digest(RULES, marked, redeploy)


def sendable(described: Request) -> Request:
    """The description as a request that makes the same again.

    [P ACK custom_delta] a serverless variant is shown with a volume, which no request can set.
    """
    lists = {
        variants: [
            without(("VolumeSizeInGB",), variant) if "ServerlessConfig" in variant else variant
            for variant in described[variants]
        ]
        for variants in VARIANT_LISTS
        if variants in described
    }
    return without(("EndpointConfigName",), described) | lists


def hosting_kind(config: Request) -> str:
    """What kind of endpoint the configuration makes; no update leads from one to another [D], or is known to."""
    if any("ModelName" not in variant for variant in config["ProductionVariants"]):
        return COMPONENTS
    if any("ServerlessConfig" in variant for variant in config["ProductionVariants"]):
        return "serverless"
    return ASYNCHRONOUS if "AsyncInferenceConfig" in config else REALTIME


TO_THE_LETTER = dataclasses.replace(
    RULES,
    computed=(),
    defaults={**RULES.defaults, DETAILED_METRICS: True},
)


def is_same_config(scope: Scope, desired: DesiredEndpoint, current: LiveGeneration) -> bool:
    """Whether the configuration is the wanted one, except for what changes in place.

    Its digest proves that it is, and only its content that it is another: AWS may have filled in what is asked for now.
    """
    recorded = current.tags.get(DIGEST)
    # A value of redeploy that is no longer declared creates nothing.
    word = desired.redeploy or current.tags.get(REDEPLOY)
    digest = desired.digest if word == desired.redeploy else config_digest(desired.config, word)
    if recorded == digest and scope.trusts_tags:
        return True
    if desired.redeploy and recorded != digest and current.name != desired.config_name:
        return False
    # It may also have been made with no such value, or have got another one since.
    known = {config_digest(desired.config, each) for each in (word, current.tags.get(REDEPLOY), None)}
    rules = RULES if recorded in (None, *known) else TO_THE_LETTER
    return not any(_is_structural(item) for item in differences(rules, current.request, desired.config))


def _is_structural(item: Difference) -> bool:
    if item.path[-2:] == ("serverless_config", "provisioned_concurrency"):
        return item.before is None or item.after is None
    return not item.is_mutable
