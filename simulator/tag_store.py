# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The tags of all resources of a region, with their recent past for the tagging API's delay."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterator
from typing import NamedTuple

Tags = dict[str, str]

SYSTEM_TAGS: Tags = {"aws:created-by": "the simulator"}
"""What AWS adds to new resources if it is set so; the key is made up."""


class _Version(NamedTuple):
    """The tags from a moment on, None once the resource is gone, and the moment from which the tagging API knows."""

    since: float
    shown: float
    tags: Tags | None


class TagStore:
    """Tags by ARN. What was tagged once stays known to the tagging API, even without tags. [D TAG]

    The tagging API follows late: new resources and tags are missing, deleted resources and old tags stay listed.
    [I boto/boto3#3341: for hours; aws/aws-cli#4173] That each change takes as long as any other is a guess.
    """

    def __init__(self, delay: float = 0.0, system_tags: Tags | None = None) -> None:
        self._delay = delay
        self.system_tags = system_tags or {}
        self._versions: dict[str, list[_Version]] = {}
        self._arns: list[str] = []

    def delay_by(self, seconds: float) -> None:
        """How long a change takes from now on to be known, and at most if it is on its way; what is known stays so."""
        self._delay = seconds
        for versions in self._versions.values():
            versions[:] = [each._replace(shown=min(each.shown, each.since + seconds)) for each in versions]

    def get(self, arn: str) -> Tags:
        versions = self._versions.get(arn)
        return dict(versions[-1].tags or {}) if versions else {}

    def put(self, arn: str, tags: Tags, now: float) -> None:
        versions = self._versions.get(arn)
        if versions is None or versions[-1].tags is None:
            tags = {**tags, **self.system_tags}
        if tags or (versions and versions[-1].tags is not None):
            if versions is None:
                insort(self._arns, arn)
            self._versions.setdefault(arn, []).append(_Version(now, now + self._delay, dict(tags)))

    def remove(self, arn: str, keys: Collection[str], now: float) -> None:
        self.put(arn, {key: value for key, value in self.get(arn).items() if key not in keys}, now)

    def forget(self, arn: str, now: float) -> None:
        if arn in self._versions:
            self._versions[arn].append(_Version(now, now + self._delay, None))

    def seen_at(self, now: float, after: str = "") -> Iterator[tuple[str, Tags]]:
        """What the tagging API shows at the given moment, in order of ARN from the one after *after* on."""
        for arn in self._arns[bisect_right(self._arns, after) :]:
            tags = self.tags_at(arn, now)
            if tags is not None:
                yield arn, tags

    def tags_at(self, arn: str, now: float) -> Tags | None:
        """What the tagging API shows of this resource at the given moment; anything older is dropped."""
        versions = self._versions.get(arn)
        if versions is None or versions[0].shown > now:
            return None
        while len(versions) > 1 and versions[1].shown <= now:
            del versions[0]
        tags = versions[0].tags
        if tags is None and len(versions) == 1:
            del self._versions[arn], self._arns[bisect_right(self._arns, arn) - 1]
        return tags

    def all(self) -> dict[str, Tags]:
        return {arn: self.get(arn) for arn, versions in self._versions.items() if versions[-1].tags is not None}
