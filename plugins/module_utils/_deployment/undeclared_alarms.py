# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms that are no longer declared, in a run without endpoints; a run with endpoints deletes them itself."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._aws import sagemaker
from .._aws.client import Api
from .._aws.endpoint_descriptions import TRANSITIONAL
from .._engine.ownership import Scope
from .._resources.endpoint import undeclared
from .._resources.endpoint.state import DesiredEndpoint
from .._resources.names import endpoint_of


@dataclass(frozen=True, kw_only=True)
class UndeclaredAlarms:
    """The names of alarms of this deployment that nothing declares."""

    leaving: t.Sequence[str]
    needed: t.Sequence[str]
    """Those of endpoints that are being updated: the update may go by them."""
    refusals: t.Sequence[str]
    """A line for each that cannot go."""


def find_undeclared_alarms(scope: Scope, api: Api, endpoints: t.Sequence[DesiredEndpoint]) -> UndeclaredAlarms:
    """The alarms of these endpoints that are no longer declared; raises CallFailed."""
    plans = undeclared.alarm_plans(scope, api, undeclared.declared_alarms(endpoints))
    names = sorted(undeclared.alarm_names(plans))
    owners = sorted({endpoint_of(name) for name in names})
    described = zip(owners, api.all(lambda name: sagemaker.describe_endpoint(api, name), owners), strict=True)
    moving = {name for name, answer in described if answer and answer["EndpointStatus"] in TRANSITIONAL}
    return UndeclaredAlarms(
        leaving=[name for name in names if endpoint_of(name) not in moving],
        needed=[name for name in names if endpoint_of(name) in moving],
        refusals=[f"{plan.resource}: {plan.refusal}" for plan in plans if plan.refusal],
    )
