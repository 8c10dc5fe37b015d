# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Which IAM actions a call needs, and how AWS says no."""

from __future__ import annotations

from fnmatch import fnmatchcase

from .arns import partition
from .errors import AwsError
from .service_models import Service
from .types import Params
from .wire.route import Caller

# Actions that a call needs besides its own, by the parameter that asks for them.
# [C] sagemaker:AddTags; [D SM] iam:PassRole; [D CW] cloudwatch:TagResource; [D AS] the rest.
_EXTRA: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("sagemaker", "CreateModel"): {"Tags": ("sagemaker:AddTags",), "ExecutionRoleArn": ("iam:PassRole",)},
    ("sagemaker", "CreateEndpointConfig"): {
        "Tags": ("sagemaker:AddTags",),
        "ExecutionRoleArn": ("iam:PassRole",),
    },
    ("sagemaker", "CreateEndpoint"): {"Tags": ("sagemaker:AddTags",)},
    ("cloudwatch", "PutMetricAlarm"): {"Tags": ("cloudwatch:TagResource",)},
    ("application-autoscaling", "RegisterScalableTarget"): {
        "Tags": ("application-autoscaling:TagResource",),
        "ResourceId": (
            "sagemaker:DescribeEndpoint",
            "sagemaker:DescribeEndpointConfig",
            "sagemaker:UpdateEndpointWeightsAndCapacities",
        ),
    },
}


class Policy:
    """The allowed actions as shell patterns; without a list everything is allowed."""

    def __init__(self) -> None:
        self.allowed: list[str] | None = None

    def allows(self, action: str) -> bool:
        return self.allowed is None or any(fnmatchcase(action, pattern) for pattern in self.allowed)


def needed_actions(service: Service, operation: str, params: Params) -> list[str]:
    extra = _EXTRA.get((service.name, operation), {})
    more = [action for name, actions in extra.items() if params.get(name) for action in actions]
    return [f"{service.iam_prefix}:{operation}", *more]


def access_denied(service: Service, caller: Caller, action: str) -> AwsError:
    """[C] AWS's text; the user's name is made up."""
    user = f"arn:{partition(caller.region)}:iam::{caller.account}:user/simulator"
    message = (
        f"User: {user} is not authorized to perform: {action} because no identity-based policy allows the "
        f"{action} action"
    )
    status = 403 if service.name == "cloudwatch" else 400
    return AwsError(service.access_denied, message, status)
