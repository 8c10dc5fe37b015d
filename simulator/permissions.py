# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Which IAM actions a call needs on which resources, and how AWS says no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .arns import arn, partition
from .errors import AwsError
from .service_models import BY_NAME, Service
from .types import Allowed, Params
from .wire.route import Caller

ANY = "?"
"""A resource that the request does not name."""
EVERYBODY = ""
_NOTHING = "(?!)"

# The parameters that name the resources of an action, with the resource type. [D] Service Authorization Reference: what
# is not here (the lists, DescribeScalableTargets and its like, GetResources) knows no resources, so only "*" allows it.
# DescribeAlarms is there listed with alarms, and CloudWatch's own page asks for "*": the stricter reading is a guess.
# PutCompositeAlarm asks for "*". [D CW]
_MODEL = {"ModelName": "model"}
_CONFIG = {"EndpointConfigName": "endpoint-config"}
_ENDPOINT = {"EndpointName": "endpoint"}
_ARN = {"ResourceArn": "", "ResourceARN": ""}
_TARGET = {"ResourceId": "scalable-target"}
_ALARM = {"AlarmName": "alarm", "AlarmNames": "alarm"}
_RESOURCES: dict[str, dict[str, str]] = {
    "sagemaker:CreateModel": _MODEL,
    "sagemaker:DescribeModel": _MODEL,
    "sagemaker:DeleteModel": _MODEL,
    "sagemaker:CreateEndpointConfig": _CONFIG,
    "sagemaker:DescribeEndpointConfig": _CONFIG,
    "sagemaker:DeleteEndpointConfig": _CONFIG,
    "sagemaker:CreateEndpoint": _ENDPOINT | _CONFIG,
    "sagemaker:UpdateEndpoint": _ENDPOINT | _CONFIG,
    "sagemaker:UpdateEndpointWeightsAndCapacities": _ENDPOINT,
    "sagemaker:DescribeEndpoint": _ENDPOINT,
    "sagemaker:DeleteEndpoint": _ENDPOINT,
    "sagemaker:InvokeEndpoint": _ENDPOINT,
    "sagemaker:AddTags": _ARN,
    "sagemaker:DeleteTags": _ARN,
    "sagemaker:ListTags": _ARN,
    "application-autoscaling:RegisterScalableTarget": _TARGET,
    "application-autoscaling:DeregisterScalableTarget": _TARGET,
    "application-autoscaling:PutScalingPolicy": _TARGET,
    "application-autoscaling:DeleteScalingPolicy": _TARGET,
    "application-autoscaling:PutScheduledAction": _TARGET,
    "application-autoscaling:DeleteScheduledAction": _TARGET,
    "application-autoscaling:TagResource": _ARN,
    "application-autoscaling:UntagResource": _ARN,
    "application-autoscaling:ListTagsForResource": _ARN,
    "cloudwatch:PutMetricAlarm": _ALARM,
    "cloudwatch:DeleteAlarms": _ALARM,
    "cloudwatch:TagResource": _ARN,
    "cloudwatch:UntagResource": _ARN,
    "cloudwatch:ListTagsForResource": _ARN,
}


@dataclass(frozen=True)
class Need:
    """An action and the resources on each of which it has to be allowed."""

    action: str
    resources: tuple[str, ...] = ()


class Policy:
    """Allowed actions, or an IAM policy document of Allow statements; without one all is allowed."""

    def __init__(self, allowed: Allowed = None) -> None:
        if isinstance(allowed, list):
            allowed = {"Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
        self._is_there = allowed is not None
        self._statements = [
            (_any_of(_listed(statement["Action"]), re.IGNORECASE), _any_of(_listed(statement["Resource"])))
            for statement in (allowed or {"Statement": ()})["Statement"]
            if statement["Effect"] == "Allow"
        ]

    def grants(self, need: Need) -> bool:
        """As IAM decides: an action that knows no resources is allowed by "*" alone."""
        return not self._is_there or all(self._is_granted(need.action, each) for each in need.resources or ("*",))

    def _is_granted(self, action: str, resource: str) -> bool:
        return any(
            actions.fullmatch(action) and (resource == ANY or resources.fullmatch(resource))
            for actions, resources in self._statements
        )


class Policies:
    """The policy that binds everybody, and those that bind one access key besides: what is done, both have to allow."""

    def __init__(self) -> None:
        self._by_key: dict[str, Policy] = {}

    def put(self, allowed: Allowed, access_key: str = EVERYBODY) -> None:
        self._by_key[access_key] = Policy(allowed)

    def clear(self) -> None:
        self._by_key.clear()

    def allows(self, access_key: str, action: str) -> bool:
        """Whether the action is allowed on any resource."""
        return self.grants(access_key, Need(action, (ANY,)))

    def grants(self, access_key: str, need: Need) -> bool:
        return all(self._by_key[key].grants(need) for key in (EVERYBODY, access_key) if key in self._by_key)


@lru_cache(maxsize=1024)
def _any_of(patterns: tuple[str, ...], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """IAM knows * and ?, and no brackets; it distinguishes upper and lower case of a resource, but not of an action."""
    texts = [re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".") for pattern in patterns]
    return re.compile("|".join(texts) if texts else _NOTHING, flags)


def _listed(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def needs(service_name: str, operation: str, params: Params, region: str, account: str) -> list[Need]:
    """What a call needs: its own action first, then what its parameters ask for besides."""
    action = f"{BY_NAME[service_name].iam_prefix}:{operation}"
    resources = _named(action, params, region, account)
    more: list[Need] = []
    # [C] sagemaker:AddTags; [D CW] cloudwatch:TagResource; [D AS] application-autoscaling:TagResource.
    if params.get("Tags") and operation.startswith(("Create", "Put", "Register")):
        tag = {"sagemaker": "AddTags"}.get(service_name, "TagResource")
        # Only PutCompositeAlarm makes what its own permission does not name.
        made = resources[:1] or (_arn("alarm", str(params.get("AlarmName")), region, account),)
        more.append(Need(f"{BY_NAME[service_name].iam_prefix}:{tag}", made))
    if params.get("ExecutionRoleArn"):
        more.append(Need("iam:PassRole", (params["ExecutionRoleArn"],)))
    if operation == "RegisterScalableTarget":
        # [D AS] The request does not name the configuration that is checked.
        endpoint = str(params.get("ResourceId", "")).split("/")[1:2]
        live = tuple(arn("sagemaker", region, account, f"endpoint/{name.lower()}") for name in endpoint)
        more += [
            Need("sagemaker:DescribeEndpoint", live),
            Need("sagemaker:DescribeEndpointConfig", (ANY,)),
            Need("sagemaker:UpdateEndpointWeightsAndCapacities", live),
        ]
    return [Need(action, resources), *more]


def _named(action: str, params: Params, region: str, account: str) -> tuple[str, ...]:
    found: list[str] = []
    for name, kind in _RESOURCES.get(action, {}).items():
        given = params.get(name, [])
        found += [_arn(kind, str(value), region, account) for value in ([given] if isinstance(given, str) else given)]
    return tuple(found)


def _arn(kind: str, value: str, region: str, account: str) -> str:
    """SageMaker's ARNs are in lower case, the identifier of a scalable target is AWS's own."""
    if kind == "alarm":
        return arn("cloudwatch", region, account, f"alarm:{value}")
    if kind == "scalable-target":
        return arn("application-autoscaling", region, account, "scalable-target/identifier")
    return arn("sagemaker", region, account, f"{kind}/{value.lower()}") if kind else value


def access_denied(service: Service, caller: Caller, action: str) -> AwsError:
    """[C] AWS's text; the user's name is made up."""
    user = f"arn:{partition(caller.region)}:iam::{caller.account}:user/simulator"
    message = (
        f"User: {user} is not authorized to perform: {action} because no identity-based policy allows the "
        f"{action} action"
    )
    status = 403 if service.name == "cloudwatch" else 400
    return AwsError(service.access_denied, message, status)
