# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms that are no longer declared, of endpoints that this run does not bring up: that would delete them itself."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._aws import sagemaker
from .._aws.client import Api
from .._aws.endpoint_descriptions import TRANSITIONAL
from .._engine.ownership import Scope
from .._resources.alarm import deleted_alarms
from .._resources.endpoint import undeclared
from .._resources.endpoint.state import DesiredEndpoint
from .._resources.names import endpoint_of


@dataclass(frozen=True, kw_only=True)
class UndeclaredAlarms:
    """The names of alarms of this deployment that nothing declares."""

    leaving: t.Sequence[str]
    refusals: t.Sequence[str]
    """A line for each that cannot be deleted."""
    needed: t.Sequence[str] = ()
    """Those of endpoints that are being updated: the update may depend on them."""


def find_undeclared_alarms(scope: Scope, api: Api, endpoints: t.Sequence[DesiredEndpoint]) -> UndeclaredAlarms:
    """The alarms of these endpoints that are no longer declared; raises CallFailed."""
    found = find_beside(scope, api, undeclared.declared_alarms(endpoints))
    owners = sorted({endpoint_of(name) for name in found.leaving})
    described = zip(owners, api.all(lambda name: sagemaker.describe_endpoint(api, name), owners), strict=True)
    moving = {name for name, answer in described if answer and answer["EndpointStatus"] in TRANSITIONAL}
    return UndeclaredAlarms(
        leaving=[name for name in found.leaving if endpoint_of(name) not in moving],
        refusals=found.refusals,
        needed=[name for name in found.leaving if endpoint_of(name) in moving],
    )


def find_beside(scope: Scope, api: Api, declared: t.Mapping[str, t.Collection[str]]) -> UndeclaredAlarms:
    """The alarms beside those that are *declared*, by endpoint, whatever the endpoints are doing."""
    plans = undeclared.alarm_plans(scope, api, declared)
    refusals = [f"{plan.resource}: {plan.refusal}" for plan in plans if plan.refusal]
    return UndeclaredAlarms(leaving=sorted(deleted_alarms(plans)), refusals=refusals)
