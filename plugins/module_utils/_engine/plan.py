# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run will do to one resource, as data: made by pure code, shown by check mode, carried out by apply."""

from __future__ import annotations

import dataclasses
import enum
import typing as t
from dataclasses import KW_ONLY, dataclass, field

from ..paths import Path, text_of
from .canonical import Request
from .diff import Difference
from .hidden_values import with_stand_ins


class Effect(enum.StrEnum):
    """What a plan costs the resource."""

    NONE = "no change"
    TAGS = "tags only"
    IN_PLACE = "in place"
    CREATE = "create"
    REDEPLOY = "redeploy"
    REDEPLOY_SCALED = "redeploy with scaling"
    REPLACE = "replace with outage"
    DELETE = "delete"


class ResourceId(t.NamedTuple):
    """Which resource it is: its kind, in a word that people read, and its name in AWS."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".rstrip()


@dataclass(frozen=True)
class Output:
    """A parameter whose value is in the answer to an earlier step of the same plan."""

    operation: str
    member: str


@dataclass(frozen=True)
class Recovery:
    """The steps that restore what a plan has removed for a while; *what* names it in messages."""

    what: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Step:
    """One call that writes; *operation* as the API spells it."""

    service: str
    operation: str
    parameters: t.Mapping[str, t.Any]
    reason: str
    recovery: Recovery | None = None
    """What is done if AWS refuses this step, before the plan fails."""
    otherwise: str | None = None
    """The message if AWS refuses this step: the plan then goes on, and fails at its end."""
    advice: str = ""
    """What the message says after AWS's own words if AWS refuses this step."""
    failure_record: Step | None = None
    """The step that records for the next run that AWS has refused this one."""


class Until(enum.StrEnum):
    """What a wait waits for."""

    IN_SERVICE = "in service"
    STABLE = "stable"
    GONE = "gone"


@dataclass(frozen=True)
class Wait:
    """A pause until an endpoint has reached a state; *config_name* is the configuration that it must then serve."""

    endpoint_name: str
    until: Until
    config_name: str | None = None
    variants: tuple[t.Mapping[str, t.Any], ...] = ()
    """What an update in place has set, as it was sent."""
    alarms: tuple[str, ...] = ()
    """The alarms that may roll the rollout back."""
    baking_seconds: float = 0.0
    """Pauses that were asked for, beside the time limit."""
    pause_seconds: float = 0.0
    """How long the rollout pauses after each of its steps."""
    recovery: Recovery | None = None
    """What is done if the endpoint does not reach the state."""
    failure_record: Step | None = None
    """The step that records for the next run that it did not."""
    waited_seconds: float = 0.0
    """How long earlier calls of the module have waited."""
    modified: str = ""
    """When the endpoint was last modified before the call whose effect is awaited, as AWS described it."""
    made_again_with: t.Mapping[str, str] | None = None
    """The tags of an endpoint that is created again once it is gone, because some of them are only on the old one."""


Steps: t.TypeAlias = "tuple[Step | Wait, ...]"


class Compared(t.NamedTuple):
    """Two requests for the same resource; None if it does not exist before, or after."""

    before: Request | None
    after: Request | None


@dataclass(frozen=True)
class Plan:
    """What brings one resource to its desired state; without steps, nothing changes."""

    resource: ResourceId
    effect: Effect
    _by_name: KW_ONLY
    differences: tuple[Difference, ...] = ()
    steps: tuple[Step | Wait, ...] = ()
    notes: tuple[str, ...] = ()
    outcome: t.Mapping[str, t.Any] = field(default_factory=dict)
    """What is known before of the resource as it is when the steps are done: its name in AWS, and what follows it."""
    stage: int = 0
    """Of plans that follow a run, those of a later stage wait for the one before, and are left out if that failed."""
    order: int = 0
    """Of plans that are carried out together, those of a lower order go first; whether they fail holds nothing back."""
    is_provisional: bool = False
    """Whether the resource is to be read and planned again once the steps are done."""
    is_partial: bool = False
    """Whether the next run continues, so that nothing that depends on the resource follows in this one."""
    refusal: str | None = None
    """Why nothing is done although something should be; a follow-up plan fails with it."""
    compared: Compared | None = None
    """The requests whose differences these are."""
    parts: tuple[Plan, ...] = ()
    """What the plan does to other resources, as plans without steps, which are shown separately."""
    if_not_reached: tuple[Step, ...] = ()
    """Of a plan that follows others: what it would write in place of a deletion if one of those fails. It announces
    that; a run in which one fails makes another plan."""
    found: t.Mapping[str, t.Any] | None = field(default=None, compare=False)
    """How AWS described the endpoint that was planned."""
    path: Path = ()
    """Where an inventory declares the resource, if the differences are in its words."""
    error: str | None = None
    """Why the resource failed, once the run has come to its end."""

    @property
    def calls(self) -> tuple[Step, ...]:
        """The steps without the waits."""
        return tuple(step for step in self.steps if isinstance(step, Step))

    @property
    def changes(self) -> bool:
        return bool(self.calls)

    @property
    def has_effect(self) -> bool:
        """Whether it is one of the changes that people are shown."""
        return self.effect is not Effect.NONE

    def shown_with(self, error: str | None) -> list[Plan]:
        """What people are shown of it, and of its parts, once it is known how it ended."""
        parts = [dataclasses.replace(part, error=error) for part in self.parts]
        is_all = bool(parts) and self.effect is Effect.IN_PLACE and not (self.differences or self.notes)
        return parts if is_all else [dataclasses.replace(self, error=error), *parts]


Desired = t.TypeVar("Desired")
Live = t.TypeVar("Live")


@dataclass(frozen=True)
class Finished(t.Generic[Desired, Live]):
    """A declared resource with which this run has come to an end: what was planned, and what is there now."""

    desired: Desired
    current: Live | None
    plan: Plan
    is_reached: bool = True
    """Whether the plan did not fail, and does not go on in AWS without this run."""
    check_mode: bool = False
    """Whether *current* is the state before the plan, because only the plan was requested."""
    unread: str = ""
    """Why *current* is the state before the plan although that was carried out: reading it again failed."""


@dataclass(frozen=True)
class Made:
    """What this run has just created as it was planned, with all that belongs to it."""

    steps: tuple[Step, ...]
    description: t.Mapping[str, t.Any] | None = None
    """How AWS described an endpoint at the end of the wait, if nothing followed."""


Outputs: t.TypeAlias = t.Mapping[str, t.Mapping[str, t.Any]]
"""What operations have answered; of one that was called several times, the last answer."""


def with_outputs(step: Step, outputs: Outputs) -> Step:
    """The step with the answers of earlier operations in its parameters; those without an answer yet stay."""
    return dataclasses.replace(
        step, parameters={name: _resolved(each, outputs) for name, each in step.parameters.items()}
    )


def _resolved(value: t.Any, outputs: Outputs) -> t.Any:
    if isinstance(value, list):
        return [_resolved(each, outputs) for each in value]
    if isinstance(value, Output) and value.operation in outputs:
        return outputs[value.operation][value.member]
    return value


class Refused(Exception):
    """A change that is refused, with the reason: the resource fails, the others continue."""

    def __init__(self, reason: str, *, cause: str | None = None) -> None:
        """*cause* is the reason without the names that differ between resources that fail for the same cause."""
        super().__init__(reason)
        self.cause = cause


def rendered(plan: Plan) -> dict[str, str]:
    """The plan as one entry of Ansible's diff: a line for each path that changes, the effect in the header."""
    found = plan.differences
    before = [_line(item.where, item.display_before, item.origin_before) for item in found if item.before is not None]
    after = [_line(item.where, item.display_after, item.origin) for item in found if item.after is not None]
    return {
        "before_header": text_of(plan.path) or str(plan.resource),
        "after_header": "; ".join([plan.effect, *plan.notes]),
        "before": "".join(before),
        "after": "".join(after),
    }


def as_data(plan: Plan) -> dict[str, t.Any]:
    """What a person is shown of the plan, as JSON can carry it from the module to its action plugin.

    With the requests that were compared, if the plan has them, but without the values of environment variables.
    """
    compared = {"compared": with_stand_ins(plan.compared)} if plan.compared else {}
    return {
        "kind": plan.resource.kind,
        "name": plan.resource.name,
        "effect": str(plan.effect),
        "differences": [
            {
                "path": item.path,
                "before": item.display_before,
                "after": item.display_after,
                "is_detail": item.is_detail,
            }
            for item in plan.differences
        ],
        "path": plan.path,
        "notes": list(plan.notes),
        "error": plan.error,
        **compared,
    }


def from_data(data: t.Mapping[str, t.Any]) -> Plan:
    """The plan as far as a person is shown it."""
    differences = tuple(
        Difference(tuple(item["path"]), item["before"], item["after"], is_detail=item["is_detail"])
        for item in data["differences"]
    )
    return Plan(
        ResourceId(data["kind"], data["name"]),
        Effect(data["effect"]),
        differences=differences,
        notes=tuple(data["notes"]),
        path=tuple(data["path"]),
        error=data.get("error"),
        compared=Compared(*data["compared"]) if "compared" in data else None,
    )


def _line(path: str, value: t.Any, origin: str) -> str:
    comment = f"  # {origin}" if origin else ""
    return f"{path}: {as_text(value)}{comment}\n"


def as_text(value: t.Any) -> str:
    """A value as an inventory has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
