# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options in snake_case to API members and back, and every limit that AWS states, all from botocore's service model."""

from __future__ import annotations

import functools
import math
import re
import typing as t

from ..problems import InvalidInput, Problem, join, nearest, quoted, required

try:
    import botocore
    from botocore import xform_name
    from botocore.loaders import Loader
    from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape
except ImportError:
    pass  # AnsibleAWSModule and the action plugins say so in their own words.

API_PARAMETERS = "api_parameters"
"""The option for members without an option of their own; no member of AWS has this name."""

_SECRET_SHAPES = ("EnvironmentValue",)
_JAVA_REGEX = (
    (r"\uD800\uDC00-\uDBFF\uDFFF", "\U00010000-\U0010ffff"),
    (r"\p{L}", r"\w"),
    (r"\p{N}", r"\d"),
    (r"\p{Z}", r"\s"),
    (r"[\p{Print}]", r"\p{Print}"),
    (r"\p{Print}", r"[^\x00-\x1f\x7f]"),
    (r"\z", r"\Z"),
)


_SERVICE_MODELS: dict[str, ServiceModel] = {}


def service_model(service: str) -> ServiceModel:
    if service not in _SERVICE_MODELS:
        _SERVICE_MODELS[service] = ServiceModel(_loader().load_service_model(service, "service-2"), service)
    return _SERVICE_MODELS[service]


@functools.cache
def _loader() -> Loader:
    """It lists the folders of all services once."""
    return Loader()


def share_service_model(model: ServiceModel) -> None:
    """Uses the model that a client has loaded, because loading takes longer than most calls."""
    _SERVICE_MODELS[model.service_name] = model


def input_shape(service: str, operation: str) -> StructureShape:
    """*operation* as the API spells it, such as ``CreateModel``."""
    return t.cast("StructureShape", service_model(service).operation_model(operation).input_shape)


def shape_at(service: str, operation: str, *members: str) -> Shape:
    """The shape of a member deep in an operation's input; lists and maps on the way stand for their elements."""
    shape: Shape = input_shape(service, operation)
    for member in members:
        while isinstance(shape, (ListShape, MapShape)):
            shape = shape.member if isinstance(shape, ListShape) else shape.value
        shape = t.cast("StructureShape", shape).members[member]
    return shape


@functools.cache
def _members_by_option(shape: StructureShape) -> dict[str, str]:
    return {xform_name(member): member for member in shape.members}


def map_shapes(shape: t.Any) -> tuple[Shape, Shape]:
    """The shapes of a map's keys and values, also where AWS writes the map as a list of pairs."""
    if shape.type_name == "map":
        return shape.key, shape.value
    return shape.member.members["Key"], shape.member.members["Value"]


def to_api(shape: Shape, value: t.Any, path: str = "") -> t.Any:
    """API form of snake_case options: members that are None are left out, keys of maps stay the user's.

    Raises InvalidInput for options that the shape does not have.
    """
    problems: list[Problem] = []
    result = _to_api(shape, value, path, problems)
    if problems:
        raise InvalidInput(problems)
    return result


def _to_api(shape: Shape, value: t.Any, path: str, problems: list[Problem]) -> t.Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        known = _members_by_option(shape)
        result: dict[str, t.Any] = {}
        for option, inner in value.items():
            where = join(path, str(option))
            if option == API_PARAMETERS:
                continue
            if option not in known:
                problems.append(Problem(where, f"unknown option{nearest(str(option), known)}"))
            elif inner is not None:
                result[known[option]] = _to_api(shape.members[known[option]], inner, where, problems)
        if more := value.get(API_PARAMETERS):
            where = join(path, API_PARAMETERS)
            _add(result, parameters_to_api(shape, more, where, problems), where, problems)
        return result
    if isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        return [_to_api(shape.member, item, f"{path}[{index}]", problems) for index, item in enumerate(value)]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _to_api(shape.value, item, join(path, str(key)), problems) for key, item in value.items()}
    return value


def parameters_to_api(shape: Shape, value: t.Any, path: str, problems: list[Problem]) -> t.Any:
    """API form of members that are spelled in snake_case or as the API does; the rest is added to *problems*."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        result = {}
        for name, inner in value.items():
            where, member = join(path, str(name)), member_of(shape, str(name))
            if member is None:
                problems.append(Problem(where, _unknown_member(shape, str(name))))
            elif member in result:
                problems.append(Problem(where, f"{member} is given in both spellings; use only one of them"))
            elif inner is not None:
                result[member] = parameters_to_api(shape.members[member], inner, where, problems)
        return result
    if isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        return [parameters_to_api(shape.member, item, f"{path}[{index}]", problems) for index, item in enumerate(value)]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {
            key: parameters_to_api(shape.value, item, join(path, str(key)), problems) for key, item in value.items()
        }
    return value


def member_of(shape: StructureShape, name: str) -> str | None:
    """The member of this name, in snake_case or as the API spells it."""
    return name if name in shape.members else _members_by_option(shape).get(name)


def _unknown_member(shape: StructureShape, name: str) -> str:
    known = shape.members if name[:1].isupper() else _members_by_option(shape)
    return f"botocore {botocore_version()} does not know this member{nearest(name, known)}"


def botocore_version() -> str:
    return botocore.__version__


def _add(request: dict[str, t.Any], more: dict[str, t.Any], path: str, problems: list[Problem]) -> None:
    """Puts *more* into the request; a member that is already there is a problem."""
    for member, value in more.items():
        where = join(path, xform_name(member))
        if member not in request:
            request[member] = value
        elif isinstance(request[member], dict) and isinstance(value, dict):
            _add(request[member], value, where, problems)
        else:
            problems.append(Problem(where, "another option sets it too; use only one of the two"))


def to_options(shape: Shape, value: t.Any) -> t.Any:
    """Snake_case options of an API value; members that the shape does not know are dropped."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            xform_name(member): to_options(shape.members[member], inner)
            for member, inner in value.items()
            if member in shape.members
        }
    if isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        return [to_options(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: to_options(shape.value, item) for key, item in value.items()}
    return value


def without_empty(shape: Shape, value: t.Any) -> t.Any:
    """An API value without empty lists and maps in its structures; an empty structure may say something."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        known = shape.members
        return {
            member: without_empty(known[member], inner) if member in known else inner
            for member, inner in value.items()
            if inner or member not in known or not isinstance(known[member], (ListShape, MapShape))
        }
    if isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        return [without_empty(shape.member, item) for item in value]
    return value


def violations(shape: Shape, value: t.Any, path: str = "") -> t.Iterator[Problem]:
    """Every limit of its shape that an API value breaks, with paths in option names."""
    if not isinstance(value, _TYPES[shape.type_name]) or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield Problem(path, f"{_shown(shape, value)} is not of type {shape.type_name}")
    elif isinstance(shape, StructureShape):
        yield from _structure_violations(shape, value, path)
    else:
        yield from leaf_problems(shape, value, path)
        if isinstance(shape, ListShape):
            for index, item in enumerate(value):
                yield from violations(shape.member, item, f"{path}[{index}]")
        elif isinstance(shape, MapShape):
            for key, item in value.items():
                yield from violations(shape.key, key, join(path, str(key)))
                yield from violations(shape.value, item, join(path, str(key)))


def _structure_violations(shape: StructureShape, value: dict[str, t.Any], path: str) -> t.Iterator[Problem]:
    for member in shape.required_members:
        if member not in value:
            yield required(join(path, xform_name(member)))
    if shape.metadata.get("union") and len(value) > 1:
        yield Problem(path, f"exactly one of {', '.join(map(xform_name, value))} must be given")
    for member, inner in value.items():
        yield from violations(shape.members[member], inner, join(path, xform_name(member)))


def leaf_problems(shape: Shape, value: t.Any, path: str = "") -> t.Iterator[Problem]:
    """What a scalar, or a list's or map's own length, breaks: range, length, pattern, enum.

    A value missing from the enum is a warning: AWS adds values faster than botocore is upgraded. None is empty.
    """
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if isinstance(value, (int, float)):
        if not _within(value, low, high):
            yield Problem(path, f"{_shown(shape, value)} is out of range; allowed: {interval(low, high)}")
        elif not math.isfinite(value):
            yield Problem(path, f"{_shown(shape, value)} is not a finite number")
        return
    if isinstance(value, (str, list, tuple, dict)) and not _within(len(value), low, high):
        unit = "characters" if isinstance(value, str) else "entries"
        yield Problem(path, f"{_shown(shape, value)} has {len(value)} {unit}; allowed: {interval(low, high)}")
    if isinstance(value, str):
        yield from _text_problems(shape, value, path)


def _text_problems(shape: Shape, value: str, path: str) -> t.Iterator[Problem]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        hint = nearest(value, allowed) or (f"; known: {', '.join(allowed)}" if len(allowed) <= 12 else "")
        message = f"{_shown(shape, value)} is not known to the installed botocore{hint}"
        yield Problem(path, message, is_warning=bool(value))
    pattern = shape.metadata.get("pattern")
    compiled = _compiled(pattern) if pattern else None
    if compiled is not None and compiled.fullmatch(value) is None:
        yield Problem(path, f"{_shown(shape, value)} does not match the pattern {pattern}")


def _shown(shape: Shape, value: t.Any) -> str:
    return "the value (hidden)" if _holds_secrets(shape) else quoted(value)


@functools.cache
def _holds_secrets(shape: Shape) -> bool:
    if isinstance(shape, StructureShape):
        return any(_holds_secrets(member) for member in shape.members.values())
    if isinstance(shape, (ListShape, MapShape)):
        return _holds_secrets(shape.member if isinstance(shape, ListShape) else shape.value)
    return shape.name in _SECRET_SHAPES


def _within(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def interval(low: float | None, high: float | None) -> str:
    if high is None:
        return f"{low} or more"
    return f"{low or 0} to {high}"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern in Python's dialect, or None where it has no equal and only AWS can judge."""
    for java, python in _JAVA_REGEX:
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern)
    except re.error:
        return None


_TYPES: dict[str, t.Any] = {
    "blob": bytes,
    "structure": (dict,),
    "map": (dict,),
    "list": (list, tuple),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (str, int, float),
}
