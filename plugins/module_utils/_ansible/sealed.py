# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What steers a run, carried from a module to its action plugin so that Ansible's masking cannot change it.

In all values of a module's result, numbers too, Ansible replaces whatever is the value of a secret option by stars. A
short secret key is in many a word: an effect would no longer be one, and a name that of nothing. Keys of a map are not
touched, so a copy of all that is more than text to be read travels as the key of one, with a digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
import zlib

from .._aws.endpoint_descriptions import LINKS
from .._engine.results import KINDS, Data, ModuleResult, ResourceResult, singular

SEALED = "sealed"
_WHOLE = ("pending", "carried", "inventory", "account", "region", "undeclared")
_OF_RESOURCE = (
    "name",
    "effect",
    "model_name",
    "endpoint_arn",
    "endpoint_status",
    "endpoint_config_name",
    "variants",
    *LINKS,
)
_TEXT_OF_PLAN = ("notes", "differences", "error")

Path: t.TypeAlias = "tuple[str | int, ...]"


class ResultWasChanged(Exception):
    """The result of a module is not what the module returned."""


def seal(data: t.Any) -> dict[str, None]:
    """The data as the only key of a map."""
    packed = base64.b64encode(zlib.compress(json.dumps(data, default=str).encode())).decode()
    return {f"{_digest(packed)}:{packed}": None}


def unseal(seals: t.Any) -> t.Any:
    """Raises ResultWasChanged unless these are the data that were sealed."""
    try:
        ((digest, packed),) = (text.split(":") for text in seals)
    except (TypeError, ValueError, AttributeError):
        raise ResultWasChanged from None
    if digest != _digest(packed):
        raise ResultWasChanged
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def _digest(packed: str) -> str:
    return hashlib.sha256(packed.encode(errors="surrogatepass")).hexdigest()


def sealed(result: Data) -> Data:
    """A module's result, with a copy of what steers the run."""
    return result | {SEALED: seal({"values": list(_steering(result)), "errors": list(_resources_of_errors(result))})}


def _steering(result: Data) -> t.Iterator[tuple[Path, t.Any]]:
    """The values that are not only text for people, with their paths."""
    parts: list[tuple[Path, Data, t.Sequence[str]]] = [((), result, _WHOLE)]
    parts += [(path, resource, _OF_RESOURCE) for path, resource in _resources(result)]
    for index, plan in enumerate(result.get("plans", ())):
        parts.append((("plans", index), plan, [name for name in plan if name not in _TEXT_OF_PLAN]))
        for at, item in enumerate(plan["differences"]):
            yield from ((("plans", index, "differences", at, which), item[which]) for which in ("path", "is_detail"))
    for path, part, names in parts:
        yield from (((*path, name), part[name]) for name in names if name in part)


def _resources(result: Data) -> t.Iterator[tuple[Path, Data]]:
    for plural in KINDS:
        for index, resource in enumerate(result.get(plural, ())):
            yield (plural, index), resource
        if (label := singular(plural)) in result:
            yield (label,), result[label]


def _resources_of_errors(result: Data) -> t.Iterator[Path | None]:
    """The resource of each error line, because a masked line no longer names it."""
    paths = {_error_line(resource): path for path, resource in _resources(result) if "error" in resource}
    yield from (paths.get(line) for line in result.get("errors", ()))


def restored(answer: Data) -> Data:
    """The result as it was sealed, or the plain result of a module that could not start. Raises ResultWasChanged."""
    result: Data = {name: value for name, value in answer.items() if name != SEALED}
    if SEALED not in answer:
        if not result.get("failed"):
            raise ResultWasChanged
        return result
    steering = unseal(answer[SEALED])
    try:
        for (*path, name), value in steering["values"]:
            _at(result, path)[name] = value
        lines = [
            line if path is None else _error_line(_at(result, path))
            for line, path in zip(result.get("errors", ()), steering["errors"], strict=True)
        ]
    except (KeyError, IndexError, TypeError, ValueError):
        raise ResultWasChanged from None
    if not lines:
        return result
    return result | {"errors": lines, "msg": ModuleResult.from_data(result | {"errors": lines}).failure_message()}


def _error_line(resource: Data) -> str:
    return ResourceResult.from_data(resource).error_line


def _at(result: Data, path: t.Iterable[t.Any]) -> t.Any:
    found: t.Any = result
    for step in path:
        found = found[step]
    return found
