# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Protection."""

from __future__ import annotations

from collections.abc import Iterator

from ..sagemaker.resources import Endpoint, Status
from .brief import PRESENT
from .resources import Resource
from .rule import Rule
from .run import Objection, Run, Write

RULE = "Protection"
TAG = "friendsofansible.sagemaker/deletion-protection"


class Protection(Rule):
    """A run deletes no protected endpoint, unless a destroy or prune was confirmed with the name of the deployment.

    A run removes the protection only if its inventory says so, and then does not delete the endpoint. A failed endpoint
    serves nothing, and AWS allows only to delete it, so a run may create a declared one again.
    """

    def before(self, write: Write) -> Iterator[Objection]:
        run = write.run
        if run is None or not run.brief.knows_inventory:
            return
        for resource in write.touched:
            endpoint = write.region.endpoint(resource.name) if resource.kind == "endpoint" else None
            if endpoint is None or endpoint.status is Status.DELETING:
                continue
            if write.operation == "DeleteEndpoint":
                yield from self._deletion(write, run, resource, endpoint)
            elif write.operation == "DeleteTags" and TAG in write.params["TagKeys"]:
                yield from self._lifting(write, run, resource, endpoint)

    def _deletion(self, write: Write, run: Run, resource: Resource, endpoint: Endpoint) -> Iterator[Objection]:
        brief = run.brief
        is_protected = TAG in write.region.tags.get(endpoint.arn)
        is_repair = endpoint.status is Status.FAILED and brief.state == PRESENT and brief.declares(endpoint.name)
        may_go = brief.is_confirmed and (brief.state != PRESENT or not brief.declares(endpoint.name))
        if is_protected and not is_repair and not may_go:
            yield write.objection(RULE, resource.name, f"{resource} is protected from deletion")
        if endpoint.name in run.lifted:
            yield write.objection(RULE, resource.name, f"{resource} was protected until this very run")

    def _lifting(self, write: Write, run: Run, resource: Resource, endpoint: Endpoint) -> Iterator[Objection]:
        if TAG not in write.region.tags.get(endpoint.arn):
            return
        run.lifted.add(endpoint.name)
        if endpoint.name not in run.brief.unprotected:
            yield write.objection(RULE, resource.name, f"{resource} loses its protection, and nobody has asked for it")
