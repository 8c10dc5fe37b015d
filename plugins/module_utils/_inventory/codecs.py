# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the value of a key becomes the value of one member of a request, and back."""

from __future__ import annotations

import operator
import typing as t
from dataclasses import dataclass

from .._engine.canonical import shortest
from . import durations, schedules


def _same(value: t.Any) -> t.Any:
    return value


@dataclass(frozen=True, kw_only=True)
class Codec:
    """*to_api* takes a value as the reader of the inventory gives it; *from_api* gives one as users write it.

    What the schema cannot say is None.
    """

    to_api: t.Callable[[t.Any], t.Any] = _same
    from_api: t.Callable[[t.Any], t.Any] = _same


def choice(words: t.Mapping[t.Any, str]) -> Codec:
    """*words* maps each word of the schema to AWS's word."""
    return Codec(to_api=words.__getitem__, from_api={word: value for value, word in words.items()}.get)


def upper_case(words: t.Iterable[str]) -> Codec:
    return choice({word: word.upper() for word in words})


PLAIN = Codec()
ONLY_ENTRY = Codec(to_api=lambda value: [value], from_api=lambda values: next(iter(values), None))
INVERTED = Codec(to_api=operator.not_, from_api=operator.not_)
SINGLE_PRECISION = Codec(from_api=shortest)
DURATION = Codec(from_api=durations.as_duration)
RATE = Codec(to_api=schedules.rate, from_api=schedules.rate_text)
CODECS: t.Mapping[str, Codec] = {
    "duration": DURATION,
    "at": Codec(from_api=schedules.at_text),
    "cron": Codec(from_api=schedules.cron_text),
    "moment": Codec(from_api=schedules.moment_text),
}
"""By the kind of the key; a kind that is not here is plain."""
