# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fast path: a resource whose tags prove that it needs no change is not read."""

from __future__ import annotations

import types
import typing as t

from .._aws.client import Api
from .._aws.tagging import Dated, trusted_tags
from .._engine.ownership import Scope, TagRequest


class FastPath:
    """What the tags of *resources* prove, which are read together where the scope trusts them.

    Those of what this run has just *made* are known, by ARN.
    """

    def __init__(
        self,
        scope: Scope,
        api: Api,
        resources: t.Sequence[Dated],
        list_tags: t.Callable[[Api, str], dict[str, str]],
        made: t.Mapping[str, dict[str, str]] = types.MappingProxyType({}),
    ) -> None:
        self._scope = scope
        unknown = [each for each in resources if each[0] not in made]
        self.tags = {**trusted_tags(api, unknown, list_tags), **made} if scope.trusts_tags else {}
        """By ARN."""

    def proof(self, arn: str, wanted: TagRequest) -> dict[str, str] | None:
        """The tags of the resource, if they are as wanted; None if the resource has to be read."""
        tags = self.tags.get(arn)
        return None if tags is None or wanted.change(self._scope, tags).differences else tags
