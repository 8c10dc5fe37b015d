# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration that an endpoint is to serve, with the numbers that are to be live, and what is noted of them."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

from ..._aws.sagemaker import SERVICE
from ..._engine.canonical import Request
from ..._engine.ownership import MOST_TAGS, as_sent, is_of_others
from ..._engine.plan import Output, Step, Steps, Wait
from ..generations import LiveGeneration
from . import old_generations, retained_capacity, stand_in
from .config import CREATE
from .live_capacity import with_live_capacity
from .state import DesiredEndpoint, LiveEndpoint
from .suspended_scaling import SuspendedScaling


@dataclass(frozen=True)
class Target:
    """The configuration that an endpoint is to serve: one that exists, or one that is made under this name."""

    name: str
    existing: LiveGeneration | None

    @property
    def arn(self) -> str | Output:
        return self.existing.arn if self.existing else Output(CREATE, "EndpointConfigArn")

    def request_or(self, goal: Request) -> Request:
        return self.existing.request if self.existing else goal


def target_of(desired: DesiredEndpoint, live: LiveEndpoint, goal: Request, running: t.Collection[str]) -> Target:
    """A kept configuration serves again; beside a stand-in, or one that begins with other numbers, there is another.

    With less it would serve less at first. More may be refused by a quota, and would go down while it serves; a run
    that dies before that leaves a number that looks as if somebody else had raised it.
    What a stand-in is called belongs to something else, whatever is wanted now.
    """
    existing = live.configs.get(desired.config_name)
    if existing is None or not (
        stand_in.is_stand_in(existing) or retained_capacity.starts_otherwise(existing.request, goal, running)
    ):
        return Target(desired.config_name, existing)
    name = retained_capacity.sized_name(desired.name, desired.digest, goal)
    return Target(name, live.configs.get(name))


@dataclass(frozen=True, kw_only=True)
class Sized:
    """The wanted configuration with the numbers that are to be live once the run is through."""

    goal: Request
    notes: tuple[str, ...]
    declared: retained_capacity.Record
    """The numbers that the inventory declares and autoscaling does not set."""
    lowered: frozenset[retained_capacity.Key]
    """The numbers that go down; a run that dies before that must find them to have been declared otherwise."""
    scaled: frozenset[str]
    holds: bool
    """Whether a number stays above the declared one."""
    changes: bool
    """Whether a number that is declared is changed."""
    is_shared: bool = False
    """Whether the configuration in use came with something else, so that nothing is noted on it."""

    def goal_of_new(self, declared: Request) -> Request:
        """The goal of an endpoint that is made: what scales it is registered later, so it starts with enough itself."""
        return retained_capacity.with_scaled_as(self.goal, retained_capacity.larger(self.goal, declared), self.scaled)

    def left_to_autoscaling(self, fleet: Request) -> Request:
        """The goal, but with what *fleet* has of the variants that are scaled: a run never sets their counts."""
        return retained_capacity.with_scaled_as(self.goal, fleet, self.scaled)

    def tags(self, config: Request) -> dict[str, str]:
        """What the inventory declares for an endpoint that serves *config*, if *config* does not say it itself."""
        return _tags(config, self.declared, is_held=self.holds)

    def tags_for_update(self, config: Request) -> dict[str, str]:
        """The same for a configuration that retains counts which are to go down after the update."""
        return _tags(config, {**self.declared, **dict.fromkeys(filter(retained_capacity.is_count, self.lowered))})

    def in_place_after_update(self, arn: str | Output, config: Request, changes: Steps) -> Steps:
        """The changes, and what is noted of them instead of tags_for_update."""
        lowered = set(filter(retained_capacity.is_count, self.lowered))
        return self._noted(arn, config, changes, self.tags_for_update(config), lowered)

    def before_lowering_in_place(self, live: LiveEndpoint, current: LiveGeneration) -> tuple[Step, ...]:
        """After scaling that is no longer declared is removed, nothing else would say why the count differs."""
        if self.is_shared or not any(name in live.undeclared_targets for name, _member in self.lowered):
            return ()
        return _record_steps(current.arn, _of_record(current), self.tags_for_update(current.request), len(current.tags))

    def in_place(self, live: LiveEndpoint, current: LiveGeneration, changes: Steps) -> Steps:
        """The changes, and a note on the configuration in use of what is declared now, also where a number is held.

        What is declared as it is live, such as in an exported inventory, needs no note.
        """
        if live.is_proven or self.is_shared or not (self.changes or self.holds or _of_record(current)):
            return changes
        saved = self.before_lowering_in_place(live, current)
        present = self.tags_for_update(current.request) if saved else _of_record(current)
        if self.lowered:
            return self._noted(current.arn, current.request, changes, present, self.lowered, len(current.tags))
        return (*_record_steps(current.arn, present, self.tags(current.request), len(current.tags)), *changes)

    def _noted(
        self,
        arn: str | Output,
        config: Request,
        changes: Steps,
        present: dict[str, str],
        lowered: t.Collection[retained_capacity.Key],
        tag_count: int = 0,
    ) -> Steps:
        """Each number that goes down is noted once AWS has taken the call, since nobody may wait for it to be there.

        It then may be raised by somebody else before the next run. If AWS does not bring it down, the note goes.
        """
        steps: list[Step | Wait] = []
        left = set(lowered)
        for each in changes:
            done = {key for key in left if isinstance(each, Wait) and _sets_capacity_of(each, key[0])}
            if isinstance(each, Wait) and done:
                left -= done
                wanted = _tags(config, {**self.declared, **dict.fromkeys(left)}, is_held=self.holds)
                steps += _record_steps(arn, present, wanted, tag_count)
                undoing = _record_steps(arn, wanted, present)
                present = wanted
                each = dataclasses.replace(each, failure_record=undoing[0] if undoing else None)
            steps.append(each)
        return (*steps, *_record_steps(arn, present, self.tags(config), tag_count))


def _sets_capacity_of(wait: Wait, variant_name: str) -> bool:
    return any(each["VariantName"] == variant_name and "DesiredWeight" not in each for each in wait.variants)


def _tags(config: Request, record: retained_capacity.Record, *, is_held: bool = False) -> dict[str, str]:
    tag = retained_capacity.record_tag(config, record, is_held=is_held)
    return {retained_capacity.RECORD: tag} if tag else {}


def _of_record(config: LiveGeneration) -> dict[str, str]:
    return {key: value for key, value in config.tags.items() if key == retained_capacity.RECORD}


def _record_steps(
    arn: str | Output, present: t.Mapping[str, str], wanted: dict[str, str], tag_count: int = 0
) -> tuple[Step, ...]:
    if present == wanted or (wanted and not present and tag_count >= MOST_TAGS):
        return ()
    if wanted:
        parameters = {"ResourceArn": arn, "Tags": as_sent(SERVICE, wanted)}
        return (Step(SERVICE, "AddTags", parameters, "notes what is declared"),)
    return (
        Step(
            SERVICE,
            "DeleteTags",
            {"ResourceArn": arn, "TagKeys": [retained_capacity.RECORD]},
            "declared as it was made",
        ),
    )


def sized_for(desired: DesiredEndpoint, live: LiveEndpoint, suspended: SuspendedScaling) -> Sized:
    """The configuration that results from the declaration, while this is live."""
    scaled = frozenset(
        {*(desired.scaled_variants or ()), *live.targets, *(each.variant_name for each in suspended.to_restore)}
    )
    current = live.config if live.exists else old_generations.left_behind(desired, live)
    # What runs counts, whether the configuration in use is still there or not.
    running = with_live_capacity(current.request if current else {}, live.description)
    is_shared = current is not None and is_of_others(current.tags, desired.config_tags.wanted)
    record = retained_capacity.recorded(current.request, {} if is_shared else current.tags) if current else {}
    maxima = {name: bounds.maximum for name, bounds in desired.scaling_bounds.items()}
    found = retained_capacity.capacity_of(desired.config, running, record, scaled, live.undeclared_targets, maxima)
    declared = _declared(desired, record, scaled)
    now = retained_capacity.numbers(running)
    return Sized(
        goal=retained_capacity.with_numbers(desired.config, found.goal),
        notes=found.notes,
        declared=declared,
        lowered=frozenset(key for key, number in found.goal.items() if number < now.get(key, 0)),
        scaled=scaled,
        holds=found.holds,
        changes=any(found.goal[key] != now.get(key) for key in declared),
        is_shared=is_shared,
    )


def _declared(
    desired: DesiredEndpoint, record: retained_capacity.Record, scaled: t.Collection[str]
) -> dict[retained_capacity.Key, int | None]:
    """What the inventory declares; the numbers of a way back are those that are live, which declare nothing."""
    found = {key: number for key, number in retained_capacity.numbers(desired.config).items() if key[0] not in scaled}
    return {key: record.get(key, number) if desired.is_rollback else number for key, number in found.items()}
