# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a wait is over, and how it ended: decided from the status and, once settled, the description of the endpoint."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api import sagemaker
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.api.calls import Api, Result
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint_plan import BUSY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Until, Wait

_DESCRIBED_ONE_BY_ONE = 3
_INVISIBLE_SECONDS = 30.0


class RolloutFailed(Exception):
    """An endpoint that did not get where it was sent."""


def poll_interval(waited_seconds: float) -> float:
    """Seconds until the next look: often at first, since deletions are quick, then a tenth of the time waited."""
    return min(max(waited_seconds / 10, 0.5), 15.0)


def unfinished(api: Api, waits: list[Wait]) -> set[str]:
    """The names of the endpoints that a single look at the list, 100 a call, shows to be still on their way."""
    if len(waits) <= _DESCRIBED_ONE_BY_ONE:
        return set()
    statuses = sagemaker.list_endpoint_statuses(api)
    return {wait.endpoint_name for wait in waits if statuses.get(wait.endpoint_name) in BUSY}


def is_over(api: Api, wait: Wait, waited_seconds: float) -> bool:
    """Whether the endpoint has arrived; raises RolloutFailed when it never will."""
    return verdict(wait, sagemaker.describe_endpoint(api, wait.endpoint_name), waited_seconds)


def verdict(wait: Wait, description: Result | None, waited_seconds: float) -> bool:
    """The pure part of is_over: False while it is on its way."""
    if description is None:
        if wait.until is Until.IN_SERVICE:
            if waited_seconds > _INVISIBLE_SECONDS:
                raise RolloutFailed("the endpoint is gone")
            return False
        return True
    status = description["EndpointStatus"]
    if wait.until is Until.GONE:
        if status == "Failed":
            raise RolloutFailed(f"deletion failed: {_reason(description)}")
        return False
    if status in BUSY:
        return False
    if wait.until is Until.SETTLED:
        return True
    if status != "InService":
        raise RolloutFailed(f"{status}: {_reason(description)}{_variants(description)}")
    if wait.config_name not in (None, description["EndpointConfigName"]):
        raise RolloutFailed(
            f"rolled back to {description['EndpointConfigName']}, which serves on; "
            f"{wait.config_name} failed: {_reason(description)}{_variants(description)}"
        )
    return True


def _reason(description: Result) -> str:
    return str(description.get("FailureReason") or "AWS gives no reason")


def _variants(description: Result) -> str:
    statuses = [
        f"{variant['VariantName']} {', '.join(status['Status'] for status in variant['VariantStatus'])}"
        for variant in description.get("ProductionVariants", ())
        if variant.get("VariantStatus")
    ]
    group = f"/aws/sagemaker/Endpoints/{description['EndpointName']}"
    return "".join(f"; variant {status}" for status in statuses) + f"; logs: CloudWatch log group {group}"
