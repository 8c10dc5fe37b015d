# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling that has to be away during an update: which it is, in which configuration it is noted, when it comes back.

What a note looks like, and the calls for one target, are in scaling_notes.py.
"""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass, field

from ..._aws.endpoint_descriptions import variants_of
from ..._aws.sagemaker import SERVICE
from ..._engine.canonical import Request
from ..._engine.ownership import owner_of
from ..._engine.plan import Output, Recovery, Step
from ..generations import LiveGeneration
from ..scaling_state import LiveScaling
from . import scaling_notes
from .config import ASYNCHRONOUS, COMPONENTS, hosting_kind
from .live_capacity import instance_types, with_live_capacity
from .retained_capacity import scaled_numbers
from .scaling_notes import Note
from .stand_in import is_stand_in
from .state import Bounds, DesiredEndpoint, LiveEndpoint


def blocking_targets(desired: DesiredEndpoint, live: LiveEndpoint) -> list[LiveScaling]:
    """[D endpoint-scaling-update] the scaled variants that are removed or change their instance type.

    Where the configuration in use has been deleted, nobody knows the types: all of them may.
    """
    if not live.targets:
        return []
    current = live.config
    if current is None or is_stand_in(current):
        return [] if live.config_name == desired.config_name and current is None else list(live.targets.values())
    before, after = variants_of(current.request), variants_of(desired.config)
    return [
        target
        for name, target in live.targets.items()
        if name in before and (name not in after or instance_types(before[name]) != instance_types(after[name]))
    ]


@dataclass(frozen=True)
class Callers:
    """Targets with step policies that alarms call; the notes of their ARNs stay until the alarms call them again."""

    targets: tuple[LiveScaling, ...]
    deregistered: frozenset[str]
    """The variants whose policies have these ARNs until the plan deregisters them."""
    saved_in: t.Mapping[str | Output, tuple[str, ...]]
    """The tags of the notes that are then deleted, by the ARN of the configuration that has them."""


@dataclass(frozen=True, kw_only=True)
class SuspendedScaling:
    """The scaling of one endpoint that is missing or has to be deregistered, and what restores it."""

    to_deregister: tuple[LiveScaling, ...]
    to_restore: tuple[LiveScaling, ...]
    """What this run deregisters, and what notes of earlier runs have."""
    number: int
    """That of this run's note."""
    saved_in: t.Mapping[str, tuple[str, ...]]
    """The tags of earlier notes by the ARN of the configuration that carries them."""
    registered: t.Mapping[str, LiveScaling]
    """The registered targets that stay registered, by variant."""
    before: frozenset[str]
    """The current variants."""
    after: frozenset[str]
    """The declared variants."""
    bounds: t.Mapping[str, Bounds] = field(default_factory=dict)
    """The declared ones by variant, as far as they are known: no maximum may be below."""
    live: t.Mapping[str, int] = field(default_factory=dict)
    """How much each variant serves with: where no bounds are declared, no maximum may be below that."""
    minimum: int = 0
    """What no minimum may be below: that of an asynchronous endpoint which is replaced may be 0."""

    @property
    def tags(self) -> dict[str, str]:
        """The note, to be written before anything is deregistered."""
        return scaling_notes.to_tags(Note(self.number, self.to_restore))

    def deregistrations(self, arn: str | Output) -> tuple[Step, ...]:
        reason = "AWS refuses the update otherwise"
        return tuple(
            dataclasses.replace(scaling_notes.deregistration(target, reason), recovery=self.recovery(arn))
            for target in self.to_deregister
        )

    def restore_steps(self, arn: str | Output | None = None) -> tuple[Step, ...]:
        """Restores the scaling of declared variants; *arn* is the configuration that has this run's note."""
        unless = self.left_to_the_next_run()
        back = self._back(self.after, arn)
        return tuple(dataclasses.replace(step, recovery=unless) for step in back)

    def recovery(self, arn: str | Output) -> Recovery | None:
        """Restores the scaling of the variants that keep serving after a failed update."""
        return _recovery(self._saved_of(self.before), self._back(self.before, arn))

    def left_to_the_next_run(self) -> Recovery | None:
        """Names what this run cannot restore if it fails."""
        return _recovery(self._saved_of(self.after), ())

    def notes(self) -> tuple[str, ...]:
        """The maximum capacities that are not restored as they were."""
        found: list[str] = []
        for target in self._saved_of(self.after):
            restored, before = self._possible(target), target.target["MaxCapacity"]
            high = restored.target["MaxCapacity"]
            is_due = scaling_notes.restoration(restored, self.registered.get(target.variant_name))
            if is_due and high > before and target.variant_name not in self.bounds:
                found.append(
                    f"autoscaling of {target.name} comes back with a maximum capacity of {high} "
                    f"instead of {before}, because {high} are in use"
                )
        return tuple(found)

    def not_restored(self) -> Recovery | None:
        """Names the scaling that an earlier run removed and nobody has restored."""
        missing = [
            target
            for target in self.to_restore
            if target not in self.to_deregister
            and scaling_notes.restoration(target, self.registered.get(target.variant_name))
        ]
        return _recovery(missing, ())

    def callers(self, arn: str | Output | None = None) -> Callers | None:
        """What alarms call on declared variants; *arn* is the configuration that gets this run's note."""
        return self.callers_on(self.after, arn)

    def callers_on(self, variants: t.Collection[str], arn: str | Output | None) -> Callers | None:
        called = tuple(target for target in self._saved_of(variants) if target.called)
        deregistered = frozenset(target.variant_name for target in self.to_deregister)
        return Callers(called, deregistered, self._saved_in(arn)) if called else None

    def _saved_in(self, arn: str | Output | None) -> dict[str | Output, tuple[str, ...]]:
        saved_in: dict[str | Output, tuple[str, ...]] = dict(self.saved_in.items())
        if arn is not None and self.to_restore:
            saved_in[arn] = tuple(self.tags)
        return saved_in

    def _saved_of(self, variants: t.Collection[str]) -> list[LiveScaling]:
        return [target for target in self.to_restore if target.variant_name in variants]

    def _back(self, variants: t.Collection[str], arn: str | Output | None) -> tuple[Step, ...]:
        """With bounds that AWS accepts, and that do not lower a count which only the declared bounds allow.

        A minimum that AWS no longer accepts becomes the declared one.
        """
        back = (
            step
            for target in self._saved_of(variants)
            for step in scaling_notes.restoration(
                self._possible(target),
                self.registered.get(target.variant_name),
            )
        )
        drop = "the autoscaling has been restored"
        notes = (
            Step(SERVICE, "DeleteTags", {"ResourceArn": config_arn, "TagKeys": sorted(keys)}, drop)
            for config_arn, keys in self._saved_in(arn).items()
        )
        return (*back, *(() if self.callers_on(variants, arn) else notes))

    def _possible(self, target: LiveScaling) -> LiveScaling:
        name = target.variant_name
        declared = self.bounds.get(name, Bounds(0, self.live.get(name, 0)))
        has_too_little = target.target["MinCapacity"] < self.minimum
        least = max(self.minimum, declared.minimum) if has_too_little else self.minimum
        return target.with_at_least(least, declared.maximum)


def _recovery(missing: t.Sequence[LiveScaling], steps: tuple[Step, ...]) -> Recovery | None:
    names = ", ".join(target.description for target in missing)
    return Recovery(f"autoscaling of {names}", steps) if missing else None


def suspended_scaling(desired: DesiredEndpoint, live: LiveEndpoint) -> SuspendedScaling:
    """The suspended scaling of *desired*: what earlier runs have saved, and what blocks the update now."""
    to_deregister = blocking_targets(desired, live)
    return _suspended_scaling(desired, live, to_deregister, _without(live.targets, to_deregister))


def suspended_scaling_of_new(desired: DesiredEndpoint, live: LiveEndpoint) -> SuspendedScaling:
    """The suspended scaling while an endpoint is created, or created again: nothing is registered for a new one.

    [I] DeleteEndpoint deregisters the scalable targets of its variants.
    """
    wanted = variants_of(desired.config)
    return _suspended_scaling(desired, live, [target for name, target in live.targets.items() if name in wanted], {})


def _without(targets: t.Mapping[str, LiveScaling], some: t.Sequence[LiveScaling]) -> dict[str, LiveScaling]:
    return {name: target for name, target in targets.items() if target not in some}


def _suspended_scaling(
    desired: DesiredEndpoint,
    live: LiveEndpoint,
    to_deregister: t.Sequence[LiveScaling],
    registered: t.Mapping[str, LiveScaling],
) -> SuspendedScaling:
    earlier = sorted(notes_of(live), key=lambda found: found[1].number)
    noted = [target for _config, note in earlier for target in note.targets if not _is_undeclared(desired, target)]
    saved = scaling_notes.merged([*to_deregister, *noted])
    wanted = variants_of(desired.config)
    return SuspendedScaling(
        to_deregister=tuple(to_deregister),
        to_restore=tuple(target for target in saved if _can_have(wanted.get(target.variant_name), target)),
        number=1 + max((note.number for _config, note in earlier), default=0),
        saved_in={config.arn: tuple(filter(scaling_notes.is_saved_tag, config.tags)) for config, _note in earlier},
        registered=registered,
        before=frozenset(variants_of(live.description)),
        after=frozenset(wanted),
        bounds=desired.scaling_bounds,
        live=_served_numbers(live) if saved else {},
        minimum=_least_minimum(desired),
    )


def _served_numbers(live: LiveEndpoint) -> dict[str, int]:
    return scaled_numbers(with_live_capacity(live.config.request if live.config else {}, live.description))


def _least_minimum(desired: DesiredEndpoint) -> int:
    """[D endpoint-auto-scaling-zero-instances, async-inference-autoscale] 0 is for asynchronous ones and components."""
    return 0 if hosting_kind(desired.config) in (ASYNCHRONOUS, COMPONENTS) else 1


def remaining_callers(desired: DesiredEndpoint, live: LiveEndpoint) -> Callers | None:
    """What notes have saved of alarms, after a plan; the notes are deleted only if all scaling is restored."""
    if not any(target.called for _config, note in notes_of(live) for target in note.targets):
        return None
    suspended = suspended_scaling(desired, live)
    callers = suspended.callers_on(suspended.before, None)
    is_back = not any(
        scaling_notes.restoration(target, live.targets.get(target.variant_name))
        for target in suspended.to_restore
        if target.variant_name in suspended.before
    )
    return callers and dataclasses.replace(callers, saved_in=callers.saved_in if is_back else {})


def notes_of(live: LiveEndpoint) -> list[tuple[LiveGeneration, Note]]:
    """The scaling that earlier runs have noted on any generation of the configuration."""
    found = [(config, scaling_notes.from_tags(config.tags)) for config in live.configs.values()]
    return [(config, _with_callers(note, live)) for config, note in found if note.targets]


def _with_callers(note: Note, live: LiveEndpoint) -> Note:
    return dataclasses.replace(note, targets=tuple(each.with_callers(live.noted_callers) for each in note.targets))


def _can_have(variant: Request | None, target: LiveScaling) -> bool:
    """Whether the variant can be scaled in the target's dimension; also if it is removed."""
    is_of_instances = target.dimension.endswith("InstanceCount")
    return variant is None or is_of_instances == ("ServerlessConfig" not in variant)


def _is_undeclared(desired: DesiredEndpoint, target: LiveScaling) -> bool:
    """Whether this deployment owns it, and its variant is declared and no longer scaled."""
    is_ours = owner_of(target.tags) is not None and owner_of(target.tags) == owner_of(desired.tags.wanted)
    is_declared = target.variant_name in variants_of(desired.config)
    is_scaled = desired.scaled_variants is None or target.variant_name in desired.scaled_variants
    return is_ours and is_declared and not is_scaled
