# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""In service."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from ..region import Region
from ..sagemaker.resources import Status
from .brief import Ending
from .rule import Rule
from .run import Objection, Run, Write

RULE = "In service"
_DOWN = (Status.CREATING, Status.FAILED, Status.OUT_OF_SERVICE, Status.DELETING)


class InService(Rule):
    """A run takes nothing out of service that its plan has not announced."""

    def before(self, write: Write) -> Iterator[Objection]:
        run = write.run
        if write.operation != "DeleteEndpoint" or not run or not run.brief.knows_inventory:
            return
        (resource,) = write.touched
        endpoint = write.region.endpoint(resource.name)
        if endpoint is None or endpoint.status in _DOWN:
            return
        problem = f"{resource} serves ({endpoint.status}), and no plan has announced that it goes out of service"
        objection = write.objection(RULE, resource.name, problem)
        if run.brief.outages is None:
            run.unannounced.append(objection)
        elif endpoint.name not in run.brief.outages:
            yield objection

    def ended(self, run: Run, ending: Ending, region: Region | None, now: float) -> Iterator[Objection]:
        """A run whose plan was not visible before reports it at its end; one that died cannot."""
        if ending.outages is not None:
            yield from (dataclasses.replace(each) for each in run.unannounced if each.resource not in ending.outages)
