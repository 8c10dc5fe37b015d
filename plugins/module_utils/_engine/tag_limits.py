# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tags of users AWS refuses, by the service models and by what is reserved."""

from __future__ import annotations

import functools
import typing as t

from .._aws.service_model import leaf_problems, map_shapes, shape_at
from ..problems import Problem, join, quoted
from .ownership import AWS, MOST_TAGS, TAG_CALLS


def tag_problems(service: str, tags: t.Mapping[str, t.Any] | None) -> list[Problem]:
    """What is wrong with the option ``tags`` of one resource of the service."""
    given = {str(key): value for key, value in (tags or {}).items()}
    problems = [problem for key, value in given.items() for problem in _problems(service, key, value)]
    if len(given) > MOST_TAGS:
        problems.append(Problem("tags", f"{len(given)} tags; allowed: {MOST_TAGS}"))
    return problems


def _problems(service: str, key: str, value: object) -> t.Sequence[Problem]:
    """Numbers and booleans become texts, as in amazon.aws; null would become the text None."""
    if value is None or isinstance(value, (list, dict)):
        shown = "null" if value is None else quoted(value)
        return [Problem(join("tags", key), f"expected a string, got {shown}")]
    return _faults(service, key, str(value))


@functools.cache
def _faults(service: str, key: str, value: str) -> tuple[Problem, ...]:
    """Cached, because most resources of a run have the same tags."""
    path = join("tags", key or "''")
    names, values = map_shapes(shape_at(service, TAG_CALLS[service].add, "Tags"))
    is_reserved = key.lower().startswith(AWS)
    reserved = [Problem(path, f"{quoted(key)} begins with aws:, which AWS reserves for itself")] if is_reserved else []
    return (*leaf_problems(names, key, path), *leaf_problems(values, value, path), *reserved)
