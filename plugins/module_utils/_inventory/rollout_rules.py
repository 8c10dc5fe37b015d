# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS requires of a rollout policy, and when it would silently apply a different one.

Sources: SageMaker API reference (TrafficRoutingConfig, RollingUpdatePolicy, BlueGreenUpdatePolicy) and Developer Guide
(deployment-guardrails-exclusions).
"""

from __future__ import annotations

import typing as t

from .._aws import service_model as shapes
from .._resources.endpoint.rollout_policy import baking_seconds, exclusions
from ..problems import Problem, nearest, quoted, required
from . import durations, variants
from .compile_endpoints import update_policy
from .reader import Tree
from .schema import ALL, UPDATE, External
from .sizes import FORM, Size
from .variants import Variant

Problems = t.Iterator[Problem]

# In percent of a variant's instances.
ROLLBACK_SIZE = (1, 100)
SIZES: t.Mapping[str, tuple[int, int]] = {"canary": (1, 50), "linear": (10, 50), "rolling": (5, 50)}


def problems(endpoint: Tree, found: t.Sequence[Variant], path: str) -> Problems:
    deployment, where = endpoint["deployment"], f"{path}.deployment"
    if deployment is None:
        return
    production = [variant for variant in found if not variant.is_shadow]
    is_rolling = deployment["strategy"] == "rolling"
    yield from exclusions(
        where,
        is_serverless=endpoint["provisioned"] is None and endpoint["serverless"] is not None,
        rolled_variants=len(production) if is_rolling else 0,
        instance_types=[each for variant in found for each in variant.instance_types],
    )
    if endpoint["provisioned"] is None:
        return
    if is_rolling and deployment["termination_wait"] is not None:
        yield _no_old_fleet(deployment["termination_wait"], f"{where}.termination_wait")
    yield from _size(deployment, production, f"{where}.size")
    yield from _rollback_size(deployment, production, f"{where}.rollback_size")
    yield from _timeout(deployment, production, f"{where}.maximum_execution_timeout")
    yield from _alarms(deployment["rollback_on"], found, endpoint["composite_alarms"], f"{where}.rollback_on")


def _no_old_fleet(seconds: int, path: str) -> Problem:
    reason = "only a blue/green update has an old fleet that could wait; allowed with all_at_once, canary, linear"
    wait = quoted(durations.as_duration(seconds))
    return Problem(path, f"{wait} cannot be combined with strategy 'rolling': {reason}")


def _size(deployment: Tree, production: t.Iterable[Variant], path: str) -> Problems:
    strategy, size = deployment["strategy"], deployment["size"]
    if strategy is None:
        return
    if strategy not in SIZES:
        if size is not None:
            reason = "which shifts all traffic in one step"
            yield Problem(path, f"'{size}' cannot be combined with strategy {quoted(strategy)}, {reason}")
    elif size is None:
        yield required(path, f" with strategy {quoted(strategy)}; {FORM}")
    else:
        yield from _limits(SIZES[strategy], f"with strategy {quoted(strategy)}", size, production, path)


def _rollback_size(deployment: Tree, production: t.Iterable[Variant], path: str) -> Problems:
    strategy, size = deployment["strategy"], deployment["rollback_size"]
    if size is None or strategy is None:
        return
    if strategy == "rolling":
        yield from _limits(ROLLBACK_SIZE, "for a rollback", size, production, path)
    else:
        reason = "which keeps the old fleet and gives it all traffic again"
        yield Problem(path, f"'{size}' cannot be combined with strategy {quoted(strategy)}, {reason}")


def _limits(limits: tuple[int, int], what: str, size: Size, production: t.Iterable[Variant], path: str) -> Problems:
    low, high = limits
    allowed = f"allowed {what}: {low}% to {high}%"
    if size.is_percentage:
        if not low <= size.number <= high:
            yield Problem(path, f"'{size}' is out of range; {allowed}")
        return
    for variant in production:
        fewest, most = _instances(variant)
        if not fewest * low <= size.number * 100 <= most * high:
            count = f"{fewest} to {most}" if fewest != most else str(most)
            whole = f"{count} instance{'s' if most > 1 else ''} of variant {quoted(variant.name)}"
            yield Problem(path, f"'{size}' of the {whole}; {allowed} of them")


def _instances(variant: Variant) -> tuple[int, int]:
    """The fewest and the most instances that the variant may run, as far as the inventory says."""
    scaling = variant.scaling or {}
    counts = [variant.values["initial_instance_count"], *map(scaling.get, ("minimum_capacity", "maximum_capacity"))]
    known = [count for count in counts if count is not None] or [1]
    return min(known), max(known)


def _timeout(deployment: Tree, production: t.Iterable[Variant], path: str) -> Problems:
    timeout, strategy = deployment["maximum_execution_timeout"], deployment["strategy"]
    lacks_size = strategy in SIZES and deployment["size"] is None
    if timeout is None or strategy is None or deployment["wait_interval"] is None or lacks_size:
        return
    config = shapes.to_api(UPDATE("DeploymentConfig").shape, update_policy(deployment))
    waits = int(baking_seconds(config, max((_instances(variant)[0] for variant in production), default=1)))
    if timeout <= waits:
        given, least = durations.as_duration(timeout), durations.as_duration(waits)
        yield Problem(path, f"{quoted(given)} is too short: the waits of the deployment take {least} together")


def _alarms(
    wanted: str | list[str | None] | None, found: t.Sequence[Variant], composites: t.Collection[str], path: str
) -> Problems:
    names, words = variants.alarm_names(found), variants.alarm_aliases(found)
    most = UPDATE("DeploymentConfig.AutoRollbackConfiguration.Alarms").shape.metadata["max"]
    if wanted == ALL:
        if not names:
            yield Problem(path, f"{quoted(ALL)} alarms of the endpoint, and it has none; give it cloudwatch_alarms")
        elif len(names) > most:
            yield Problem(path, f"{quoted(ALL)} are {len(names)} alarms; allowed: 1 to {most}, so name them")
        return
    for index, word in enumerate(wanted or ()):
        is_own = word is not None and not isinstance(word, External)
        if word is not None and is_own and len(words.get(word, ())) != 1:
            yield Problem(f"{path}[{index}]", _composite(word) if word in composites else unclear(word, words))


def _composite(word: str) -> str:
    reason = "AWS does not say whether one rolls an update back; name the alarms that it watches"
    return f"{quoted(word)} is a composite alarm, and {reason}"


def unclear(word: str, words: t.Mapping[str, t.Sequence[str]]) -> str:
    if word in words:
        return f"{quoted(word)} is an alarm of several variants; write one of {', '.join(_in_variants(word, words))}"
    hint = nearest(word, words) or f"; known: {', '.join(words) or 'none'}"
    return f"{quoted(word)} is not an alarm of the endpoint{hint}"


def _in_variants(word: str, words: t.Mapping[str, t.Sequence[str]]) -> list[str]:
    return [other for other in words if other != word and set(words[other]) & set(words[word])]
