# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run needs to know of the kind of resource that it is over."""

from __future__ import annotations

import typing as t

from .._aws.client import Api
from .plan import Finished, Plan
from .requests import Options


class Kind(t.Protocol):
    """One kind of resource: what is wanted, what is there, and what leads from one to the other."""

    @property
    def services(self) -> tuple[str, ...]:
        """The services that it calls."""

    def desired(self, options: Options, is_for_deletion: bool) -> t.Any:
        """What the options ask for; it has a ``name``. Raises InvalidInput."""

    def read(self, api: Api, desired: t.Sequence[t.Any], is_for_deletion: bool) -> list[t.Any]:
        """What is there, in the order of *desired*; a CallFailed in the place of what could not be read."""

    def plan(self, desired: t.Any, current: t.Any) -> Plan:
        """How to get from *current* to *desired*; raises Refused."""

    def plan_absent(self, desired: t.Any, current: t.Any) -> Plan:
        """How to be rid of it; raises Refused."""

    def follow_up(self, api: Api, finished: t.Sequence[Finished]) -> t.Iterable[Plan]:
        """What is left to do for all resources together whose plans have come to an end."""

    def facts(self, desired: t.Any, current: t.Any, plan: Plan) -> Options:
        """Its name in AWS, its ARN and how it is."""

    def options(self, desired: t.Any, current: t.Any, plan: Plan) -> Options:
        """The resource in the module's own options; what is not made yet as it is planned."""
