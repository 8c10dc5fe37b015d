# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The tags of all resources of a region, with their recent past for the tagging API's delay."""

from __future__ import annotations

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

    def get(self, arn: str) -> Tags:
        versions = self._versions.get(arn)
        return dict(versions[-1].tags or {}) if versions else {}

    def put(self, arn: str, tags: Tags, now: float) -> None:
        versions = self._versions.get(arn)
        if tags or (versions and versions[-1].tags is not None):
            self._versions.setdefault(arn, []).append(_Version(now, dict(tags)))

    def forget(self, arn: str, now: float) -> None:
        if arn in self._versions:
            self._versions[arn].append(_Version(now, None))

    def seen_at(self, moment: float) -> Iterator[tuple[str, Tags]]:
        """What the tagging API shows of the given moment; anything older is dropped."""
        for arn, versions in list(self._versions.items()):
            past = [index for index, version in enumerate(versions) if version.since <= moment]
            if not past:
                continue
            del versions[: past[-1]]
            tags = versions[0].tags
            if tags is not None:
                yield arn, tags
            elif len(versions) == 1:
                del self._versions[arn]

    def all(self) -> dict[str, Tags]:
        return {arn: self.get(arn) for arn, versions in self._versions.items() if versions[-1].tags is not None}
