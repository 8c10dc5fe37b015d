# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many instances, or concurrent invocations, and which weight each variant is to have after an update or a run.

What serves is never lowered unless the inventory has lowered it. A number that is declared as before, while more is
live, has been raised by somebody else: it is left, and the plan says so. What the inventory declared last is what the
served configuration was made with, or the tag RECORD on it once a number has been changed in place.
"""

from __future__ import annotations

import copy
import hashlib
import json
import typing as t
from dataclasses import dataclass

from ..._aws.endpoint_descriptions import variants_of
from ..._engine.canonical import Leaves, Request, canonical, without
from ..._engine.ownership import PREFIX, Tags
from ..generations import generation_name
from .config import RULES
from .live_capacity import CONCURRENCY

RECORD = f"{PREFIX}declared-capacity"
_COUNT = "InitialInstanceCount"
_RETAINED = (_COUNT, "InitialVariantWeight")
_SCALED = (_COUNT, "ProvisionedConcurrency")
"""What Application Auto Scaling sets."""
_SHADOWS = ("ShadowProductionVariants",)
_AS_MADE, _NOT_DECLARED = "-", "auto"
_UNITS = {
    _COUNT: "instances",
    "MaxConcurrency": "concurrent invocations at most",
    "ProvisionedConcurrency": "provisioned concurrent invocations",
}

Key = tuple[str, str]
"""A variant and the member that holds one of its numbers."""
Numbers = dict[Key, int]
Record = t.Mapping[Key, "int | None"]
"""What the inventory declared last; None for a number that it left to autoscaling."""


def numbers(config: Request) -> Numbers:
    """All numbers of a configuration that say how much its variants can serve."""
    found: Numbers = {}
    for name, variant in variants_of(config).items():
        for member, holder in [
            (_COUNT, variant),
            *((each, variant.get("ServerlessConfig", {})) for each in CONCURRENCY),
        ]:
            if member in holder:
                found[name, member] = holder[member]
    return found


def is_count(key: Key) -> bool:
    """Whether it is the number of a variant's instances."""
    return key[1] == _COUNT


def scaled_numbers(config: Request) -> dict[str, int]:
    """By variant the number that Application Auto Scaling sets, or would set."""
    return {name: number for (name, member), number in numbers(config).items() if member in _SCALED}


def after_update(running: Request, target: Request) -> Request:
    """What the endpoint will run once it has been updated to *target* with its variants' properties retained.

    Counts and weights stay with variants of the same name; serverless variants and new ones begin as *target* says.
    """
    result = copy.deepcopy(target)
    before = variants_of(running)
    for name, variant in variants_of(result).items():
        for member in _RETAINED:
            if member in before.get(name, {}) and "ServerlessConfig" not in variant:
                variant[member] = before[name][member]
    return result


def with_concurrency_of(running: Request, target: Request) -> Request:
    """*target* with all the concurrency of the serverless variants that are *running* under the same names."""
    result = copy.deepcopy(target)
    before = variants_of(running)
    for name, variant in variants_of(result).items():
        live = before.get(name, {}).get("ServerlessConfig", {})
        if "ServerlessConfig" in variant:
            variant["ServerlessConfig"] |= {member: live[member] for member in CONCURRENCY if member in live}
    return result


def with_numbers(config: Request, wanted: t.Mapping[Key, int]) -> Request:
    """The configuration with those of its numbers that *wanted* has."""
    result = copy.deepcopy(config)
    variants = variants_of(result)
    for key in numbers(config).keys() & wanted.keys():
        name, member = key
        holder = variants[name] if member == _COUNT else variants[name]["ServerlessConfig"]
        holder[member] = wanted[key]
    return result


def with_scaled_as(config: Request, other: Request, scaled: t.Collection[str]) -> Request:
    """The configuration with what *other* has in the numbers that autoscaling sets of the *scaled* variants."""
    found = numbers(other)
    return with_numbers(config, {key: found[key] for key in found if key[0] in scaled and key[1] in _SCALED})


def larger(config: Request, other: Request) -> Request:
    """The configuration with the larger one of each number that both have."""
    mine, theirs = numbers(config), numbers(other)
    return with_numbers(config, {key: max(number, theirs.get(key, number)) for key, number in mine.items()})


@dataclass(frozen=True)
class Capacity:
    """The numbers that are to be live, and notes about those that are lowered or kept."""

    goal: Numbers
    notes: tuple[str, ...] = ()
    holds: bool = False
    """Whether a number stays above the declared one."""


def capacity_of(
    declared: Request,
    running: Request,
    record: Record,
    scaled: t.Collection[str],
    released: t.Collection[str],
    maxima: t.Mapping[str, int] | None = None,
) -> Capacity:
    """The capacity that results from *declared* while *running* is live.

    The numbers of *scaled* variants are autoscaling's, up to their *maxima* as far as those are known. *released* are
    variants that were scaled and no longer are: their declared numbers count.
    """
    now = numbers(running)
    goal: Numbers = {}
    notes: list[str] = []
    holds = False
    for key, number in numbers(declared).items():
        name, member = key
        if key not in now:
            taken_over = _taken_over(key, declared, running) if name in scaled else 0
            goal[key] = max(number, min(taken_over, (maxima or {}).get(name, taken_over)))
        elif name in scaled and member in _SCALED:
            goal[key] = now[key]
        elif number < now[key] and name not in released and record.get(key, number) == number:
            goal[key], holds = now[key], True
            notes.append(
                f"variant {name} keeps {now[key]} {_UNITS[member]}: the declared number, {number}, has not changed, so "
                f"somebody else raised it; to lower it, declare {now[key]} first and the lower number in a later run"
            )
        else:
            goal[key] = number
            if number < now[key]:
                notes.append(f"variant {name}: {now[key]} \N{RIGHTWARDS ARROW} {number} {_UNITS[member]}")
    return Capacity(_consistent(goal), tuple(notes), holds)


def _taken_over(key: Key, declared: Request, running: Request) -> int:
    """The live number of the one variant that leaves where just one comes, which is then the same under a new name.

    Shadow variants answer no requests, and take over nothing.
    """
    before, after = (variants_of(without(_SHADOWS, config)) for config in (running, declared))
    removed, added = before.keys() - after.keys(), after.keys() - before.keys()
    if len(removed) != 1 or len(added) != 1:
        return 0
    return numbers(running).get((next(iter(removed)), key[1]), 0)


def _consistent(goal: Numbers) -> Numbers:
    """[D] provisioned concurrency must not exceed the maximum."""
    return {
        (name, member): min(number, goal.get((name, "MaxConcurrency"), number))
        if member == "ProvisionedConcurrency"
        else number
        for (name, member), number in goal.items()
    }


def recorded(config: Request, tags: Tags) -> Record:
    """What the inventory declared last of an endpoint that serves this configuration."""
    found: dict[Key, int | None] = dict(numbers(config))
    for key, word in zip(sorted(found), tags.get(RECORD, "").split(), strict=False):
        if word == _NOT_DECLARED:
            found[key] = None
        elif word.isdigit():
            found[key] = int(word)
    return found


def record_tag(config: Request, record: Record, *, is_held: bool = False) -> str | None:
    """The tag for an endpoint that serves *config* and is declared so.

    None where the configuration itself says it, unless a number *is_held*: then a change of it has to show.
    """
    made = numbers(config)
    words = [_word(record.get(key, made[key]), made[key]) for key in sorted(made)]
    return " ".join(words) if is_held or any(word != _AS_MADE for word in words) else None


def _word(declared: int | None, made: int) -> str:
    if declared is None:
        return _NOT_DECLARED
    return _AS_MADE if declared == made else str(declared)


def starts_otherwise(config: Request, goal: Request, running: t.Collection[str]) -> bool:
    """Whether what is made with *config* begins with other numbers or weights than those of *goal*.

    [D] counts and weights are retained for the instance-based variants that are *running* under the same name, and
    nothing else.
    """
    return _beginning(config, running) != _beginning(goal, running)


def sized_name(endpoint_name: str, digest: str, goal: Request) -> str:
    """The name of a configuration whose content another one has already, but with other numbers or weights."""
    entries = sorted([list(path), value] for path, value in _beginning(goal, ()).items())
    return generation_name(endpoint_name, hashlib.sha256(json.dumps([digest, entries]).encode()).hexdigest())


def _beginning(config: Request, running: t.Collection[str]) -> Leaves:
    """What changes in place, without what variants that are *running* retain."""
    return {
        path: value
        for path, value in canonical(RULES, config).items()
        if RULES.names(RULES.mutable, path) and not (path[1] in running and path[2] in _RETAINED)
    }
