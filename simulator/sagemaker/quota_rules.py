# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""How many instances of a type an account may have for endpoints. [D SM ResourceLimitExceeded]

[C] for the text: amazon-sagemaker-examples#307, sagemaker-custom-project-templates#51; the last sentence is newer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..call import Call
from ..errors import AwsError
from ..types import Params
from .lookup import endpoints_now
from .resources import Endpoint, Variant

_WHOLE = 100


def check_fleet(call: Call, running: list[Variant], wanted: list[Variant], deployment: Params | None) -> None:
    """Refuses a fleet for which there is no room beside all that runs or is on its way."""
    _check(call, _added(running, wanted, deployment, by_pool=True))


def check_growth(call: Call, endpoint: Endpoint, changes: list[Params]) -> None:
    """Refuses counts for which there is no room; only what is added counts. [D DG endpoint-scaling-query-history]"""
    added: Counter[str] = Counter()
    for change in changes:
        variant = endpoint.variant(change["VariantName"])
        if variant and "DesiredInstanceCount" in change:
            for name in _types(variant, by_pool=True):
                added[name] += change["DesiredInstanceCount"] - (variant.desired_count or 0)
    _check(call, added)


def _check(call: Call, added: Counter[str]) -> None:
    """Which type is named where there is no room for several is a guess."""
    limited = sorted(name for name in added if name in call.quotas and added[name] > 0)
    present = _in_use(call) if limited else Counter()
    for name in limited:
        limit = call.quotas[name]
        if present[name] + added[name] > limit:
            raise AwsError(
                "ResourceLimitExceeded",
                f"The account-level service limit '{name} for endpoint usage' is {limit} Instances, with current "
                f"utilization of {present[name]} Instances and a request delta of {added[name]} Instances. Please "
                "use AWS Service Quotas to request an increase for this quota.",
            )


def _in_use(call: Call) -> Counter[str]:
    """The instances of all endpoints of the region. That those on their way count already is a guess."""
    total: Counter[str] = Counter()
    for endpoint in endpoints_now(call):
        total.update(_instances(endpoint.variants))
        work = endpoint.progress
        if work and work.config:
            total.update(_added(endpoint.variants, work.variants, work.deployment))
    return total


def _added(
    running: list[Variant], wanted: list[Variant], deployment: Params | None, *, by_pool: bool = False
) -> Counter[str]:
    """What an update needs beside the running fleet.

    Blue/green: the whole second fleet. [D DG deployment-guardrails-blue-green]
    Rolling: a batch at a time [D DG deployment-guardrails-rolling]; that it is asked for at the start, and with it what
    the new fleet has more of a type than the old one, is a guess.
    """
    whole = _instances(wanted, by_pool=by_pool)
    rolling = (deployment or {}).get("RollingUpdatePolicy")
    if not rolling:
        return whole
    present, batch = _instances(running), _instances(wanted, rolling["MaximumBatchSize"], by_pool=by_pool)
    return Counter({name: max(batch[name], whole[name] - present[name]) for name in whole})


def _instances(variants: Iterable[Variant], size: Params | None = None, *, by_pool: bool = False) -> Counter[str]:
    """By type, all instances or a batch of this size."""
    total: Counter[str] = Counter()
    for variant in variants:
        count = max(variant.count or 0, variant.desired_count or 0)
        for name in _types(variant, by_pool=by_pool):
            total[name] += _batch(size, count) if size else count
    return total


def _batch(size: Params, count: int) -> int:
    """That a share is rounded up is a guess."""
    if size["Type"] == "CAPACITY_PERCENT":
        return -(-count * int(size["Value"]) // _WHOLE)
    return int(size["Value"])


def _types(variant: Variant, *, by_pool: bool) -> list[str]:
    """A request for pools counts for each type of the list [C]; what runs is in the pool of the highest priority."""
    if "InstancePools" in variant.config:
        pools = sorted(variant.config["InstancePools"], key=lambda pool: int(pool["Priority"]))
        return [pool["InstanceType"] for pool in (pools if by_pool else pools[:1])]
    return [variant.config["InstanceType"]] if "InstanceType" in variant.config else []
