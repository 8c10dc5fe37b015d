# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A history as plain data, so that it can be printed, kept, played again and shortened."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from dataclasses import dataclass, field

Data = dict[str, t.Any]
APPLY, DESTROY, ROLL_BACK, MODULE = "apply", "destroy", "roll back", "module"
"""A run of the role, and of the module for one kind of resource, which the options name as *plural*."""


@dataclass(frozen=True)
class Stride:
    """One run, and what happens before it and meanwhile; every member but the inventory may be left out."""

    wanted: Data
    act: str = APPLY
    deployment: str = "default"
    options: Data = field(default_factory=dict)
    before: tuple[Data, ...] = ()
    """The moves of others before the run."""
    faults: tuple[Data, ...] = ()
    """What goes wrong in the run, and the moves of others between its calls."""
    quotas: Data = field(default_factory=dict)
    """How many instances of a type there may be."""
    kill_before: int | None = None
    """The number of the call before which the run dies."""
    slice_seconds: float | None = None
    """After how many seconds the action calls the module again, if it waits in slices."""
    tag_delay: float = 0.0
    """How far the index of tags lags behind, in seconds."""
    rest: float = 0.0
    """The seconds that pass after the run."""


History = tuple[Stride, ...]


def as_data(history: History) -> list[Data]:
    """Each stride with the members that say something."""
    return [
        {
            item.name: value
            for item in dataclasses.fields(stride)
            if (value := getattr(stride, item.name)) != _default(item) or item.name == "wanted"
        }
        for stride in history
    ]


def from_data(data: t.Iterable[Data]) -> History:
    lists = ("before", "faults")
    strides: list[Data] = [
        {name: tuple(value) if name in lists else value for name, value in each.items()} for each in data
    ]
    return tuple(Stride(**each) for each in strides)


def as_text(history: History) -> str:
    """One line for each stride."""
    return "[\n" + ",\n".join(map(json.dumps, as_data(history))) + "\n]"


def from_text(text: str) -> History:
    return from_data(json.loads(text))


def _default(item: dataclasses.Field[t.Any]) -> t.Any:
    return item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
