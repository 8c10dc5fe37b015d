# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What descriptions of endpoints and their configurations say: variants, statuses, failure reasons, links."""

from __future__ import annotations

import typing as t

from ..problems import as_clause
from .client import Result

VARIANT_LISTS = ("ProductionVariants", "ShadowProductionVariants")
TRANSITIONAL = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")
LINKS = ("invocation_url", "console_url", "log_group", "logs_url")
_DNS_SUFFIX = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}
# [D] AWS Management Console, and its guides for China and GovCloud.
_CONSOLE = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def variants_of(config: t.Mapping[str, t.Any]) -> dict[str, Result]:
    """Production and shadow variants by name."""
    return {variant["VariantName"]: variant for variants in VARIANT_LISTS for variant in config.get(variants, ())}


def failure_reason(description: Result) -> str:
    """Why the last work on the endpoint failed, as a clause."""
    return as_clause(str(description.get("FailureReason") or "AWS gives no reason"))


def links_of(description: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The links of an endpoint as AWS describes it; in a partition that is not known here, only its log group.

    The name is not taken from the ARN, which may be in lower case. It has letters, digits and hyphens only [D], so that
    nothing of it needs encoding.
    """
    name = description["EndpointName"]
    log_group = f"/aws/sagemaker/Endpoints/{name}"
    _arn, partition, _service, region, *_rest = description["EndpointArn"].split(":")
    if partition not in _DNS_SUFFIX:
        return {"log_group": log_group}
    operation = "async-invocations" if description.get("AsyncInferenceConfig") else "invocations"
    console = f"https://{_CONSOLE[partition]}"
    return {
        "invocation_url": f"https://runtime.sagemaker.{region}.{_DNS_SUFFIX[partition]}/endpoints/{name}/{operation}",
        "console_url": f"{console}/sagemaker/home?region={region}#/endpoints/{name}",
        "log_group": log_group,
        "logs_url": f"{console}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{_encoded(log_group)}",
    }


def _encoded(group: str) -> str:
    """The group as CloudWatch's console wants it after the ``#``: ``%252F``, with a dollar sign."""
    return group.replace("/", "$252F")
