# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/inventory.schema.json, by which editors check and complete: ``python -m tools.inventory_schema``.

It refuses nothing that the role takes. What a single value does not show, the ranges of durations and the grammar of
expressions are left to the role.
"""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import botocore
import yaml
from ansible.module_utils.parsing.convert_bool import BOOLEANS
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import durations
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import (
    ALARM,
    ALL,
    EXTERNAL,
    Key,
)

if t.TYPE_CHECKING:
    from botocore.model import Shape

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "inventory.schema.json"
ROLE = ROOT / "roles" / "sagemaker_inference" / "meta" / "argument_specs.yml"
PREFIX = "sagemaker_inference_"
Schema = dict[str, t.Any]

_WORDS = sorted((word for word in BOOLEANS if isinstance(word, str)), key=lambda word: (len(word), word))
_TYPES = {"str": "string", "int": "integer", "bool": "boolean", "float": "number", "list": "array", "dict": "object"}


def _any_case(words: t.Iterable[str]) -> str:
    return "|".join("".join(f"[{each.upper()}{each}]" for each in word) for word in words)


_DURATION = rf"^(\s*[0-9]{{1,10}}\s*({_any_case(durations.SECONDS)})[Ss]?)+\s*$"
_SIZE = rf"^\s*0*[1-9][0-9]{{0,8}}\s*(%|({_any_case(['instance'])})[Ss]?)\s*$"
_NUMERAL = r"^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"
_PATTERNS = {"duration": _DURATION, "size": _SIZE, "policy": "[=<>]", "alarm": "[<>]|(outside|above|below) "}
_DAY = f"({_any_case(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'])})"
_DAYS = rf"{_DAY}(-{_DAY})?([\s,]+{_DAY}(-{_DAY})?)*"
_AT = rf"^\s*(([01]?[0-9]|2[0-3]):[0-5][0-9](\s+{_DAYS})?|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T][0-9:]+)\s*$"
_CRON = r"^\s*\S+\s+\S+\s+(\?\s+\S+\s+[^?\s]+|[^?\s]+\s+\S+\s+\?)\s+\S+\s*$"
_PATTERNS |= {"at": _AT, "cron": _CRON, "moment": "^[0-9]{4}-", "time zone": "^[A-Z]"}


def document() -> Schema:
    parts = {key.name: {"$ref": f"#/$defs/{key.name}"} for key in INVENTORY.keys}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"Written by tools/inventory_schema.py, with the limits of botocore {botocore.__version__}.",
        "title": "Variables of the role friendsofansible.sagemaker.sagemaker_inference",
        "type": "object",
        "properties": {**parts, **_variables(), **{f"{PREFIX}{name}": part for name, part in parts.items()}},
        "propertyNames": {"if": {"pattern": f"^{PREFIX}"}, "then": {"enum": [*_variables()]}},
        "$defs": {
            "template": {"type": "string", "pattern": r"\{[{%]"},
            "templateOrNull": {"if": {"type": "string"}, "then": {"$ref": "#/$defs/template"}, "else": {"const": None}},
            "boolean": {"enum": [True, False, 1, 0, *_WORDS]},
            **{key.name: _value(key) for key in INVENTORY.keys},
            **{shape.name: _known(shape) for shape in _enumerations(INVENTORY)},
        },
    }


def _variables() -> dict[str, Schema]:
    """The variables of the role; the inventory's are checked by their keys, for the role takes them as they are."""
    options = yaml.safe_load(ROLE.read_text())["argument_specs"]["main"]["options"]
    return {name: _variable(option) for name, option in options.items()}


def _variable(option: Schema) -> Schema:
    text = " ".join(re.sub(r"\b[A-Z]+\(([^)]*)\)", r"`\1`", line) for line in option["description"])
    plain = {"enum": option["choices"]} if "choices" in option else {"type": _TYPES.get(option["type"], "string")}
    return {"description": text, **_or_template({"$ref": "#/$defs/boolean"} if option["type"] == "bool" else plain)}


def _value(key: Key) -> Schema:
    """What may stand behind the key, null if it may be left out."""
    default = {} if key.default is None else {"default": key.default}
    return {
        "description": key.help,
        **default,
        **_or_template(_OF_KIND.get(key.kind, _text)(key), not key.required or bool(key.unless)),
    }


def _or_template(schema: Schema, may_be_null: bool = False) -> Schema:
    """With *if*, for where alternatives stand side by side, editors show no fault within one of them."""
    return {"if": {"$ref": f"#/$defs/template{'OrNull' if may_be_null else ''}"}, "else": schema}


def _text(key: Key) -> Schema:
    if key.choices:
        return {"enum": list(key.choices)}
    if key.kind in _PATTERNS:
        return {"type": "string", "pattern": _PATTERNS[key.kind]}
    return _text_within(key.limit, key.may_be_empty)


def _text_within(shape: Shape | None, may_be_empty: bool) -> Schema:
    limits = shape.metadata if shape else {}
    if shape and "enum" in limits:
        return {"$ref": f"#/$defs/{shape.name}"}
    low = max(limits.get("min", 0), 0 if may_be_empty else 1)
    found: Schema = {"type": "string", "minLength": low, "maxLength": limits.get("max"), "pattern": _pattern(limits)}
    return {name: value for name, value in found.items() if value}


def _pattern(limits: t.Mapping[str, t.Any]) -> str | None:
    """AWS's pattern for the whole text, where the dialects of editors have it too."""
    pattern = limits.get("pattern")
    return rf"^(?:{pattern})$" if pattern and r"\p" not in pattern and r"\u" not in pattern else None


def _boolean(key: Key) -> Schema:
    return {"$ref": "#/$defs/boolean"}


def _number(key: Key) -> Schema:
    """A number may be text that holds one."""
    if key.choices:
        return {"enum": [*key.choices, *map(str, key.choices)]}
    limits = key.limit.metadata if key.limit else {}
    low = limits.get("min") if key.low is None else key.low
    found = {"type": "integer" if key.kind == "integer" else "number", "minimum": low, "maximum": limits.get("max")}
    number = {name: value for name, value in found.items() if value is not None}
    return {"if": {"type": "string"}, "then": {"pattern": _NUMERAL}, "else": number}


def _list(key: Key) -> Schema:
    limits = key.limit.metadata if key.limit else {}
    within = _text_within(getattr(key.limit, "member", None), key.may_be_empty)
    item = _or_template({"enum": list(key.choices)} if key.choices else within)
    sizes = {"minItems": limits.get("min", 0), "maxItems": limits.get("max")}
    return {"type": "array", "items": item, **{name: value for name, value in sizes.items() if value}}


def _all_or_list(key: Key) -> Schema:
    own = _list(key)
    name = _or_template(_text_within(ALARM("AlarmName").shape, may_be_empty=False))
    other = {"type": "object", "properties": {EXTERNAL: name}, "required": [EXTERNAL], "additionalProperties": False}
    either = {"if": {"type": "object"}, "then": other, "else": own["items"]}
    return {"if": {"type": "string"}, "then": {"const": ALL}, "else": own | {"items": either}}


def _map_of_text(key: Key) -> Schema:
    shape: t.Any = key.limit
    pair = (shape.key, shape.value) if shape.type_name == "map" else map(shape.member.members.get, ("Key", "Value"))
    name, value = pair
    reserved = [{"not": {"pattern": f"^({'|'.join(map(re.escape, key.reserved))})"}}] if key.reserved else []
    return {
        "type": "object",
        "maxProperties": shape.metadata.get("max", 50),
        "propertyNames": {"allOf": [_text_within(name, may_be_empty=False), *reserved]},
        "additionalProperties": _or_template(_text_within(value, key.may_be_empty)),
    }


def _object(key: Key) -> Schema:
    return {
        "type": "object",
        "properties": {child.name: _value(child) for child in key.keys},
        "required": [child.name for child in key.keys if child.required and not child.unless],
        "additionalProperties": False,
    }


def _map_of_objects(key: Key) -> Schema:
    entry = _object(key)
    limits = key.limit.metadata if key.limit else {}
    sizes = {"minProperties": key.low, "maxProperties": limits.get("max")}
    return {
        "type": "object",
        **({"propertyNames": _text_within(key.names.shape, may_be_empty=False)} if key.names else {}),
        **{name: value for name, value in sizes.items() if value is not None},
        "additionalProperties": _or_template(entry, may_be_null=not entry["required"]),
    }


_OF_KIND: dict[str, t.Callable[[Key], Schema]] = {
    "boolean": _boolean,
    "integer": _number,
    "number": _number,
    "list of text": _list,
    "all or list of alarms": _all_or_list,
    "map of text": _map_of_text,
    "object": _object,
    "map of objects": _map_of_objects,
    "pools": lambda key: {"type": "array", "items": {"type": ["string", "object"]}},
    "parameters": lambda key: {"type": "object"},
}


def _enumerations(key: Key) -> t.Iterator[Shape]:
    """What AWS has a list of words for, and the schema has none."""
    if key.kind == "text" and not key.choices and key.limit and "enum" in key.limit.metadata:
        yield key.limit
    for child in key.keys:
        yield from _enumerations(child)


def _known(shape: Shape) -> Schema:
    """The words that botocore knows, for completion; AWS may have newer ones."""
    return {"anyOf": [{"enum": shape.metadata["enum"]}, {"type": "string", "minLength": 1}]}


def text() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
