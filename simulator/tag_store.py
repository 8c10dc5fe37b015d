# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The tags of all resources of a region, with their recent past for the tagging API's delay."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from typing import NamedTuple

Tags = dict[str, str]


class _Version(NamedTuple):
    since: float
    tags: Tags | None


class TagStore:
    """Tags by ARN. What was tagged once stays known to the tagging API, even without tags. [D TAG]"""

    def __init__(self) -> None:
        self._versions: dict[str, list[_Version]] = {}
        self._arns: list[str] = []

    def get(self, arn: str) -> Tags:
        versions = self._versions.get(arn)
        return dict(versions[-1].tags or {}) if versions else {}

    def put(self, arn: str, tags: Tags, now: float) -> None:
        versions = self._versions.get(arn)
        if tags or (versions and versions[-1].tags is not None):
            if versions is None:
                insort(self._arns, arn)
            self._versions.setdefault(arn, []).append(_Version(now, dict(tags)))

    def forget(self, arn: str, now: float) -> None:
        if arn in self._versions:
            self._versions[arn].append(_Version(now, None))

    def seen_at(self, moment: float, after: str = "") -> Iterator[tuple[str, Tags]]:
        """What the tagging API shows of the given moment, in order of ARN from the one after *after* on."""
        for arn in self._arns[bisect_right(self._arns, after) :]:
            tags = self.tags_at(arn, moment)
            if tags is not None:
                yield arn, tags

    def tags_at(self, arn: str, moment: float) -> Tags | None:
        """What the tagging API shows of this resource at the given moment; anything older is dropped."""
        versions = self._versions.get(arn)
        if versions is None or versions[0].since > moment:
            return None
        while len(versions) > 1 and versions[1].since <= moment:
            del versions[0]
        tags = versions[0].tags
        if tags is None and len(versions) == 1:
            del self._versions[arn], self._arns[bisect_right(self._arns, arn) - 1]
        return tags

    def all(self) -> dict[str, Tags]:
        return {arn: self.get(arn) for arn, versions in self._versions.items() if versions[-1].tags is not None}
