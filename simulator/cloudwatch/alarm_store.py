# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The alarms of a region, found by name, by the start of the name and by what they call."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from ..types import Params
from .resources import Alarm


class AlarmStore:
    """A look-up costs the same however many alarms there are."""

    def __init__(self) -> None:
        self._alarms: dict[str, Alarm] = {}
        self._names: list[str] = []
        self._callers: dict[str, dict[str, Alarm]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._alarms

    def get(self, name: str) -> Alarm | None:
        return self._alarms.get(name)

    def put(self, alarm: Alarm, content: Params) -> None:
        """Gives a new or known alarm this content."""
        if alarm.name in self._alarms:
            self._forget_actions(alarm)
        else:
            insort(self._names, alarm.name)
        alarm.content = content
        self._alarms[alarm.name] = alarm
        for action in content["AlarmActions"]:
            self._callers.setdefault(action, {})[alarm.name] = alarm

    def pop(self, name: str) -> Alarm | None:
        alarm = self._alarms.pop(name, None)
        if alarm:
            self._forget_actions(alarm)
            del self._names[bisect_left(self._names, name)]
        return alarm

    def names(self, prefix: str) -> Sequence[str]:
        """The names that start like this, in order."""
        start = bisect_left(self._names, prefix)
        if not prefix:
            return self._names[start:]
        end = bisect_left(self._names, True, start, key=lambda name: not name.startswith(prefix))
        return self._names[start:end]

    def calling(self, action: str) -> list[Alarm]:
        """The alarms with this among their alarm actions, the first put first."""
        return list(self._callers.get(action, {}).values())

    def all(self) -> dict[str, Alarm]:
        return self._alarms

    def _forget_actions(self, alarm: Alarm) -> None:
        for action in set(alarm.content["AlarmActions"]):
            callers = self._callers[action]
            del callers[alarm.name]
            if not callers:
                del self._callers[action]
