# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what changes in a resource back to the paths of the inventory that cause it, by the members of each key."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .._engine.diff import Difference
from .._resources.generations import may_be_generation
from .._resources.names import action_taken_apart, taken_apart
from ..paths import Path
from . import alarm_actions, api_parameters
from .endpoint_keys import INVENTORY
from .schema import Key

Options = t.Mapping[str, t.Any]
Differences = t.Sequence[Difference]

ANY = "*"
_VARIANTS = {"production_variants": "production_variants", "shadow_production_variants": "shadow_variants"}
_CAPTURE_MODE = ("data_capture_config", "capture_options", "capture_mode")
_CAPTURE_KEY = ("data_capture_config", "kms_key_id")
"""Of the captured data: without one of its own, that of the endpoint."""
_CAPTURED = {"prediction_request": "Input", "prediction_response": "Output"}
_TAGS = (("deletion_protection",), ("redeploy",))
"""Keys that become tags, and no members of a request."""
_OF_ANY_NAME = ("map of text", "parameters")
_FOLLOWERS = {
    "s3_data_type": ("s3_uri", "compression_type"),
    "include_inference_response_in": ("error_topic", "success_topic"),
}


class _Place(t.NamedTuple):
    """An option of an operation without the user's names, which are told by the map of the schema that has them."""

    operation: str
    option: Path
    names: dict[str, str]


class _Cause(t.NamedTuple):
    """A key of the schema and its path; ANY stands for the user's name in a map."""

    path: Path
    key: Key


def to_inventory_paths(
    resource: str, options: Options, params: Options, differences: Differences
) -> tuple[Difference, ...]:
    """The differences by the inventory's paths; where none is known, the option's path stays.

    *options* are those of the resource, as they were compiled, *params* those of the whole task.
    """
    whole = _with_whole_capture_mode(differences)
    if resource == "endpoint" and is_serverless(options):
        whole = _with_name_of_only_variant(options, whole)
    by_path = {item.path: item for item in whole}
    shown = [item for item in whole if not _follows(item, by_path)]
    found = [(path, item) for item in shown for path in _origins(resource, options, params, item, whole)]
    return tuple(_merged(found)) or tuple(differences)


def _with_whole_capture_mode(differences: Differences) -> list[Difference]:
    """The capture mode, which is a name that comes and one that goes, as one difference."""
    parent = _CAPTURE_MODE[:-1]
    modes = [item for item in differences if item.path[: len(parent)] == parent and item.path != parent]
    if not modes:
        return list(differences)
    before = next((item.before for item in modes if item.before is not None), None)
    after = next((item.after for item in modes if item.after is not None), None)
    return [*(item for item in differences if item not in modes), Difference(_CAPTURE_MODE, before, after)]


def _with_name_of_only_variant(options: Options, differences: Differences) -> list[Difference]:
    """A serverless variant that goes and one that comes, as one that gets another name; its model may decide that."""
    of_variants = [item for item in differences if item.path[0] == "production_variants" and len(item.path) > 2]
    named: dict[str, dict[Path, Difference]] = {}
    for item in of_variants:
        named.setdefault(str(item.path[1]), {})[item.path[2:]] = item
    going = {name: its for name, its in named.items() if all(item.after is None for item in its.values())}
    coming = {name: its for name, its in named.items() if all(item.before is None for item in its.values())}
    if len(named) != 2 or len(going) != 1 or len(coming) != 1:
        return list(differences)
    ((old, gone),), ((new, come),) = going.items(), coming.items()
    pairs = [(option, gone.get(option), come.get(option)) for option in dict.fromkeys([*gone, *come])]
    changed = [
        Difference(("production_variants", new, *option), before and before.before, after and after.after)
        for option, before, after in pairs
        if (before and before.before) != (after and after.after)
    ]
    renamed = [Difference(("production_variants", new, "variant_name"), old, new)]
    others = [item for item in differences if item not in of_variants]
    return [*others, *(changed if options.get("keep_variant_name") and changed else [*renamed, *changed])]


def _follows(item: Difference, by_path: t.Mapping[Path, Difference]) -> bool:
    """Whether it is but a consequence of another difference beside it."""
    if item.path == _CAPTURE_KEY:
        led = by_path.get(_CAPTURE_KEY[-1:])
        return led is not None and (led.before, led.after) == (item.before, item.after)
    names = _FOLLOWERS.get(str(item.path[-1]), ())
    leaders = [by_path[path] for name in names if (path := (*item.path[:-1], name)) in by_path]
    is_there = (item.before is not None, item.after is not None)
    return any(all(is_there) or is_there == (led.before is not None, led.after is not None) for led in leaders)


def _origins(
    resource: str, options: Options, params: Options, item: Difference, differences: Differences
) -> t.Sequence[Path]:
    place = _PLACES[resource](options, item.path, differences)
    if place is None:
        return [item.path]
    if place.option[-1:] == ("model_name",) and (declared := _renewed_model(options, params, item)):
        return [("models", declared)]
    on_serverless = _is_on_serverless(resource, options, params, place)
    if place.option in _TAGS:
        return [(*_resource_path(options), *place.option)]
    causes = _possible(place, item, on_serverless)
    if any(cause.key.name == alarm_actions.TOPIC for cause in causes):
        is_by_topic = alarm_actions.are_by_topic(differences)
        causes = [cause for cause in causes if (cause.key.name == alarm_actions.TOPIC) == is_by_topic]
    found = [_filled(cause.path, place.names) for cause in causes]
    return found or [_block(place) or item.path]


def _resource_path(options: Options) -> Path:
    return ("models", options["model_name"]) if "model_name" in options else ("endpoints", options["endpoint_name"])


def _renewed_model(options: Options, params: Options, item: Difference) -> str | None:
    """The declared model behind a variant, where only its generation changes."""
    group, variant = map(str, item.path[:2])
    is_only = bool(options.get("keep_variant_name"))
    named = (each["model_name"] for each in options.get(group) or () if is_only or each["variant_name"] == variant)
    declared: str | None = next(named, None)
    if declared is None or item.before is None:
        return None
    is_after = item.after == (params.get("model_generations") or {}).get(declared, declared)
    is_before = item.before == declared or may_be_generation(declared, item.before)
    return declared if is_before and is_after else None


def is_serverless(endpoint: Options) -> bool:
    """Whether an endpoint, in its module's options, has a serverless variant."""
    return any(each.get("serverless_config") for each in endpoint.get("production_variants") or ())


def _is_on_serverless(resource: str, options: Options, params: Options, place: _Place) -> bool:
    if resource == "endpoint":
        return is_serverless(options)
    return place.names.get("endpoints") in (params.get("serverless_endpoints") or ())


def _possible(place: _Place, item: Difference, on_serverless: bool) -> list[_Cause]:
    """The keys that decide the option, or the nearest above it that is written as one value."""
    option = place.option
    found = _causes_of(place, option)
    while not found and option:
        option = option[:-1]
        found = [cause for cause in _causes_of(place, option) if not cause.key.keys]
    below = place.option[len(option) :]
    causes_here = _of_branch(found, on_serverless)
    if option == _CAPTURE_MODE:
        return [cause for cause in causes_here if _decides_capture(cause.key, item)]
    value = item.before if item.after is None else item.after
    if place.option == ("schedule",):
        return [cause for cause in causes_here if cause.key.codec and cause.key.codec.from_api(value) is not None]
    fitting = [cause for cause in causes_here if not cause.key.choices or value in cause.key.api_choices]
    return [
        cause._replace(path=(*cause.path, *below)) if below and cause.key.kind in _OF_ANY_NAME else cause
        for cause in fitting or causes_here
    ]


def _causes_of(place: _Place, option: Path) -> list[_Cause]:
    """The keys of this option that can decide that of the place, which may be below."""
    found = _table().get((place.operation, option), [])
    return [each for each in found if each.key.kind != "parameters" or api_parameters.can_set(each.key, place.option)]


def _of_branch(found: list[_Cause], on_serverless: bool) -> list[_Cause]:
    other = "provisioned" if on_serverless else "serverless"
    return [cause for cause in found if other not in cause.path]


def _decides_capture(key: Key, item: Difference) -> bool:
    word = _CAPTURED[key.name]
    return (word in (item.before or "")) != (word in (item.after or ""))


def _block(place: _Place) -> Path | None:
    """The scaling, its policy or its schedule as a whole, for what its mere presence decides."""
    if place.operation not in ("RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction"):
        return None
    path = next(found[0].path for (operation, option), found in _table().items() if operation == place.operation)
    return _filled(path[:-1], place.names)


@functools.cache
def _table() -> dict[tuple[str, Path], list[_Cause]]:
    """Which keys decide an option of an operation; tags are left out, for they are merged from many."""
    table: dict[tuple[str, Path], list[_Cause]] = {}
    for cause in _keys(INVENTORY, ()):
        names = (cause.key.names,) if cause.key.names else ()
        for member in (*cause.key.members, *names):
            if member.path != "Tags":
                table.setdefault((member.operation, member.option), []).append(cause)
    return table


def _keys(parent: Key, path: Path) -> t.Iterator[_Cause]:
    for key in parent.keys:
        here = (*path, key.name)
        yield _Cause(here, key)
        yield from _keys(key, (*here, ANY) if key.kind == "map of objects" else here)


def _filled(path: Path, names: t.Mapping[str, str]) -> Path:
    before = ("", *path)
    return tuple(names[str(before[at])] if part == ANY else part for at, part in enumerate(path))


def _in_model(options: Options, path: Path, differences: Differences) -> _Place | None:
    names = {"models": options["model_name"]}
    if path[0] != "containers":
        return _Place("CreateModel", path, names)
    hosts = {item.path[1]: item.before for item in differences if item.path[-1] == "container_hostname"}
    for index, each in enumerate(options.get("containers") or ()):
        hosts[index] = each.get("container_hostname")
    if not hosts.get(path[1]):
        return None
    return _Place("CreateModel", ("containers", *path[2:]), names | {"container_definitions": hosts[path[1]]})


def _in_endpoint(options: Options, path: Path, differences: Differences) -> _Place:
    names = {"endpoints": options["endpoint_name"]}
    group, *rest = path
    if group in _VARIANTS and rest:
        names[_VARIANTS[str(group)]] = str(rest.pop(0))
    return _Place("CreateEndpointConfig", (group, *rest), names)


def _in_alarm(options: Options, path: Path, differences: Differences) -> _Place | None:
    name = taken_apart(options["alarm_name"])
    if name is None:
        return None
    names = {"endpoints": name.of.endpoint, "production_variants": name.of.variant, "cloudwatch_alarms": name.key}
    return _Place("PutMetricAlarm", path, names)


def _in_target(options: Options, path: Path, differences: Differences) -> _Place | None:
    names = {"endpoints": options["endpoint_name"], "production_variants": options["variant_name"]}
    if path[0] == "tags":
        return None
    hanging = _HANGING.get(str(path[0]))
    if hanging is None:
        return _Place("RegisterScalableTarget", path, names)
    operation, key_of, parts_of = hanging
    own = parts_of(str(path[1]))
    if own is None or own.of != (options["endpoint_name"], options["variant_name"]):
        return None
    return _Place(operation, path[2:], names | {key_of: own.key})


_HANGING = {
    "policies": ("PutScalingPolicy", "policies", taken_apart),
    "scheduled_actions": ("PutScheduledAction", "schedules", action_taken_apart),
}
"""What hangs on a target, with the operation that puts it, the map of the schema and what takes its name apart."""


_PLACES: dict[str, t.Callable[[Options, Path, Differences], _Place | None]] = {
    "model": _in_model,
    "endpoint": _in_endpoint,
    "alarm": _in_alarm,
    "target": _in_target,
}


def _merged(found: t.Sequence[tuple[Path, Difference]]) -> t.Iterator[Difference]:
    """One difference for each path, none where it gets back what it had.

    Where one path decides several options at a time, each is named behind it.
    """
    groups: dict[Path, list[Difference]] = {}
    for path, item in found:
        groups.setdefault(path, []).append(item)
    for path, group in groups.items():
        before = _distinct(item.before for item in group)
        after = _distinct(item.after for item in group)
        if len(before) > 1 or len(after) > 1:
            yield from _told_apart(path, group)
        elif before != after:
            one = dataclasses.replace(group[0], path=path, before=next(iter(before), None))
            yield dataclasses.replace(one, after=next(iter(after), None))


def _told_apart(path: Path, group: t.Sequence[Difference]) -> t.Iterator[Difference]:
    columns = [set(column) for column in zip(*(item.path for item in group), strict=False)]
    start = next((at for at, column in enumerate(columns) if len(column) > 1), None)
    for item in group:
        yield dataclasses.replace(item, path=path, option=() if start is None else item.path[start:])


def _distinct(values: t.Iterable[t.Any]) -> list[t.Any]:
    distinct: list[t.Any] = []
    for value in values:
        if value is not None and value not in distinct:
            distinct.append(value)
    return distinct
