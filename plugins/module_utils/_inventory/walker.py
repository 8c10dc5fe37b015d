# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles and exports every key that becomes one member of a request."""

from __future__ import annotations

import typing as t

from .._engine.canonical import Request
from .._engine.requests import Options
from .reader import Tree
from .schema import Key, Member, Structure

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.


def compiled(structure: Structure, values: Tree) -> Options:
    """The options that the values give by themselves; what is not given or empty has none."""
    options: Options = {}
    _compile(structure.keys, structure.root, values, options)
    return options


def _compile(keys: t.Iterable[Key], root: Member, values: Tree, options: Options) -> None:
    for key in keys:
        value = values[key.name]
        if value is None or value == {}:
            continue
        if key.is_inline:
            _compile(key.keys, root, value, options)
        elif key.kind == "parameters" and key.members == (root,):
            options[key.name] = value
        elif key.codec:
            for path in key.paths(root):
                _put(options, path, key.codec.to_api(value))


def _put(options: Options, path: str, value: t.Any) -> None:
    *parents, last = map(xform_name, path.split("."))
    for parent in parents:
        options = options.setdefault(parent, {})
    options[last] = value


def exported(structure: Structure, request: Request, /, **by_hand: t.Any) -> Tree:
    """The keys for what AWS has, without defaults; *by_hand* has the values of some keys."""
    return _exported(structure.keys, structure.root, request, by_hand)


def _exported(keys: t.Iterable[Key], root: Member, request: Request, by_hand: Tree) -> Tree:
    found = [(key, by_hand[key.name] if key.name in by_hand else _value(key, root, request)) for key in keys]
    return {key.name: value for key, value in found if value is not None and value != key.default}


def _value(key: Key, root: Member, request: Request) -> t.Any:
    found = [value for path in key.paths(root) if (value := _at(request, path)) is not None]
    if key.is_inline:
        inner = _exported(key.keys, root, request, {})
        return inner if inner or found else None
    values = (key.codec.from_api(value) for value in found if key.codec and value != key.aws_default)
    return next((value for value in values if value is not None), None)


def _at(request: Request, path: str) -> t.Any:
    found: t.Any = request
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
