# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instance types of a variant in the order in which SageMaker tries them, from the inventory and back to it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._aws import service_model as shapes
from .._engine.canonical import Request
from .._engine.requests import Options, given
from ..problems import Problem, join, nearest, quoted, required
from . import values
from .schema import Key

_PARSERS: dict[str, t.Callable[[object], t.Any]] = {
    "instance_type": values.text,
    "priority": values.integer,
    "model_name": values.text,
}
KEYS = tuple(_PARSERS)
"""Those of an entry that is more than its instance type."""

Pools = list[Options]


def read(key: Key, value: object, path: str) -> tuple[Pools, list[Problem]]:
    """An entry for each pool, in the order of their priorities, and what is wrong with them."""
    if not isinstance(value, (list, tuple)):
        return [], [Problem(path, f"expected a list, got {values.type_name(value)}")]
    problems: list[Problem] = []
    pools = [_pool(each, at, f"{path}[{at}]", problems) for at, each in enumerate(value)]
    problems += shapes.leaf_problems(t.cast(t.Any, key.limit), pools, path) if not problems else []
    shape = t.cast(t.Any, key.limit).member
    for at, pool in enumerate(pools):
        for name, member in (("instance_type", "InstanceType"), ("priority", "Priority")):
            if name in pool:
                where = join(f"{path}[{at}]", name)
                problems += shapes.leaf_problems(shape.members[member], pool[name], where)
    problems += _twice(pools, path)
    return sorted(pools, key=lambda pool: int(pool.get("priority", 0))), problems


def _pool(value: object, at: int, path: str, problems: list[Problem]) -> Options:
    if isinstance(value, str):
        value = {"instance_type": value}
    if not isinstance(value, Mapping):
        message = f"expected an instance type or a map with the keys {', '.join(KEYS)}; got {values.type_name(value)}"
        problems.append(Problem(path, message))
        return {}
    for name in value:
        if name not in KEYS:
            problems.append(Problem(join(path, values.segment(name)), f"unknown key{nearest(str(name), KEYS)}"))
    if value.get("instance_type") is None:
        problems.append(required(join(path, "instance_type")))
    pool: Options = {"priority": at + 1}
    for name, parse in _PARSERS.items():
        if value.get(name) is not None:
            try:
                pool[name] = parse(value[name])
            except ValueError as error:
                problems.append(Problem(join(path, name), str(error)))
    return pool


def _twice(pools: Pools, path: str) -> t.Iterator[Problem]:
    """That AWS refuses the same priority or type twice is a guess."""
    for name in ("instance_type", "priority"):
        seen: set[t.Any] = set()
        for at, pool in enumerate(pools):
            if name in pool and pool[name] in seen:
                yield Problem(join(f"{path}[{at}]", name), f"{quoted(pool[name])} is given twice")
            seen.add(pool.get(name))


def options_of(pools: Pools | None) -> Pools | None:
    """In the words of AWS."""
    if not pools:
        return None
    return [
        given(
            instance_type=pool["instance_type"], priority=pool["priority"], model_name_override=pool.get("model_name")
        )
        for pool in pools
    ]


def exported(pools: t.Sequence[Request], keys: t.Mapping[str, str]) -> list[t.Any] | None:
    """The pools as users write them, as short as possible; *keys* are the models' keys by their names in AWS."""
    ordered = sorted(pools, key=lambda pool: int(pool["Priority"]))
    return [_entry(pool, at, keys) for at, pool in enumerate(ordered, 1)] or None


def _entry(pool: Request, at: int, keys: t.Mapping[str, str]) -> t.Any:
    override = pool.get("ModelNameOverride")
    more = given(
        priority=pool["Priority"] if pool["Priority"] != at else None,
        model_name=keys.get(override, override) if override else None,
    )
    return {"instance_type": pool["InstanceType"], **more} if more else pool["InstanceType"]
