# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS requires of a variant and its alarms.

Sources: CloudWatch API reference (PutMetricAlarm), SageMaker Developer Guide (realtime-endpoints-heterogeneous).
"""

from __future__ import annotations

import re
import typing as t

from ..problems import Problem, nearest, quoted
from . import alarm_rules, metrics, scaling_rules
from .reader import Tree
from .scaling_rules import derived_name
from .schema import ALARM
from .variants import Variant

Problems = t.Iterator[Problem]
# sagemaker-python-sdk, pull requests 3870 and 4828.
_FAMILIES = re.compile(r"ml\.([a-z]+[0-9][a-z]*d[a-z]*|g[56]e?|trn1n?|p5e?)\.")


def problems(variant: Variant, models: Tree | None) -> Problems:
    if models is not None and variant.model_name not in models:
        hint = nearest(str(variant.model_name), models) or f"; known: {', '.join(models) or 'none'}"
        yield Problem(variant.model_path, f"{quoted(variant.model_name)} is not one of the models{hint}")
    if variant.kind == metrics.SERVERLESS:
        yield from _concurrency(variant)
    else:
        yield from _instances(variant, models)
    yield from scaling_rules.problems(variant)
    for key, alarm, path in variant.alarms:
        yield from derived_name(ALARM("AlarmName"), variant.named(key), path)
        yield from alarm_rules.problems(alarm, path)


def _instances(variant: Variant, models: Tree | None) -> Problems:
    """[D realtime-endpoints-heterogeneous]"""
    one, pools = variant.values["instance_type"], variant.values["instance_pools"]
    if one is not None and pools is not None:
        yield Problem(f"{variant.path}.instance_pools", "cannot be combined with instance_type")
    if pools is None and variant.values["instance_provision_timeout"] is not None:
        yield Problem(f"{variant.path}.instance_provision_timeout", "allowed only with instance_pools")
    if pools and variant.values["capacity_reservation"] is not None:
        yield Problem(
            f"{variant.path}.capacity_reservation", "allowed only with instance_type, not with instance_pools"
        )
    for pool in pools or ():
        name = pool.get("model_name")
        if name and models is not None and name not in models:
            yield Problem(f"{variant.path}.instance_pools", f"{quoted(name)} is not one of the models")


def _concurrency(variant: Variant) -> Problems:
    warm, most = variant.values["provisioned_concurrency"], variant.values["max_concurrency"]
    if warm is not None and most is not None and warm > most:
        yield Problem(f"{variant.path}.provisioned_concurrency", f"{warm} is more than max_concurrency, {most}")


def has_local_disk(instance_type: str) -> bool:
    """Whether it has a disk that AWS encrypts itself, and not with a key of the user."""
    return _FAMILIES.match(instance_type) is not None
