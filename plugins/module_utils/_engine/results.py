# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a module: of one kind of resource or of several, in one call or in several that are merged."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass, field

from .._aws.causes import with_advice
from .failure_lines import Failed, failure_lines
from .plan import Effect, Plan, as_data, from_data

Data: t.TypeAlias = "dict[str, t.Any]"
"""A result as JSON carries it from the module to its action plugin, and as Ansible returns it."""

KINDS = ("models", "alarms", "endpoints", "targets")
"""The kinds of resources in results, in the plural."""
PARTS = ("models", "alarms", "endpoints", "scaling", "prune")
"""The parts of a run over a deployment, which the tags of the role select."""
PART_OF = {"models": "models", "alarms": "alarms", "endpoints": "endpoints", "targets": "scaling"}
"""By kind in the plural, the part that a kind of resource belongs to."""
PROGRESS = "_progress"
"""What the action plugin passes on from earlier calls of the module; not an option for users."""
_NO_MESSAGE = "the module ended without a result; run with -vvv to see its output"
_OF_EVERY_RESOURCE = ("name", "changed", "effect", "error", "cause")
_MEMBERS = {"changed", "failed", "msg", "errors", "warnings", "plans", "diff", "pending", "carried"}


def singular(plural: str) -> str:
    """The option for one resource, beside that for many."""
    return plural.removesuffix("s")


@dataclass(kw_only=True)
class ResourceResult:
    """What became of one declared resource; *facts* are its ARN, its state and the like."""

    name: str
    changed: bool = False
    effect: str = Effect.NONE
    error: str | None = None
    cause: str | None = None
    """The error without the names that differ between resources that fail for the same cause, if that is known."""
    facts: Data = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: t.Mapping[str, t.Any]) -> ResourceResult:
        facts = {key: value for key, value in data.items() if key not in _OF_EVERY_RESOURCE}
        return cls(
            name=data["name"],
            changed=data.get("changed", False),
            effect=data.get("effect", str(Effect.NONE)),
            error=data.get("error"),
            cause=data.get("cause"),
            facts=facts,
        )

    def as_data(self) -> Data:
        failure = {"error": self.error} if self.error else {}
        failure |= {"cause": self.cause} if self.cause else {}
        return {**self.facts, "name": self.name, "changed": self.changed, "effect": str(self.effect), **failure}

    @property
    def error_line(self) -> str:
        return f"{self.name}: {self.error}"

    def merged_with(self, later: ResourceResult) -> ResourceResult:
        """The later facts, and the effect of the first plan that changed something."""
        return ResourceResult(
            name=self.name,
            changed=self.changed or later.changed,
            effect=later.effect if self.effect == Effect.NONE else self.effect,
            error=later.error or self.error,
            cause=later.cause if later.error else self.cause,
            facts=self.facts | later.facts,
        )


@dataclass(kw_only=True)
class ModuleResult:
    """The result of one call of a module, or of several."""

    changed: bool = False
    failed: bool = False
    message: str = ""
    """Why the module could not even start."""
    errors: list[str] = field(default_factory=list)
    """A line for each failure."""
    warnings: list[str] = field(default_factory=list)
    resources: dict[str, list[ResourceResult]] = field(default_factory=dict)
    """By kind, in the plural."""
    is_single: bool = False
    """Whether the task named one resource and no list."""
    plans: list[Plan] | None = None
    """Those that change something or failed, where the action plugin shows them."""
    diff: list[dict[str, str]] | None = None
    pending: list[Data] = field(default_factory=list)
    """What the next call continues to wait for."""
    carried: Data | None = None
    """What the next call has to know of this one."""
    extra: Data = field(default_factory=dict)
    """What Ansible, or another module, has added."""

    @classmethod
    def failure(cls, message: str) -> ModuleResult:
        return cls(failed=True, message=message)

    @classmethod
    def from_data(cls, data: t.Mapping[str, t.Any]) -> ModuleResult:
        single = next((plural for plural in KINDS if singular(plural) in data), None)
        listed = {plural: data[plural] for plural in KINDS if plural in data}
        found = {single: [data[singular(single)]]} if single else listed
        plans, errors = data.get("plans"), list(data.get("errors", ()))
        return cls(
            changed=data.get("changed", False),
            failed=data.get("failed", False),
            message="" if errors else data.get("msg", ""),
            errors=errors,
            warnings=list(data.get("warnings", ())),
            resources={plural: [ResourceResult.from_data(each) for each in some] for plural, some in found.items()},
            is_single=single is not None,
            plans=None if plans is None else [from_data(each) for each in plans],
            diff=data.get("diff"),
            pending=list(data.get("pending", ())),
            carried=data.get("carried"),
            extra={key: value for key, value in data.items() if key not in {*_MEMBERS, *KINDS, *map(singular, KINDS)}},
        )

    def as_data(self) -> Data:
        data: Data = {**self.extra, "changed": self.changed}
        for plural, some in self.resources.items():
            shown = [each.as_data() for each in some]
            data |= {singular(plural): shown[0]} if self.is_single else {plural: shown}
        if self.plans is not None:
            data["plans"] = [as_data(plan) for plan in self.plans]
        optional = ("warnings", self.warnings), ("pending", self.pending), ("carried", self.carried)
        data |= {name: value for name, value in optional if value}
        if self.diff is not None:
            data["diff"] = self.diff
        if self.failed:
            data |= {"failed": True, "msg": self.failure_message()}
            data |= {"errors": self.errors} if self.errors else {}
        return data

    def merged_with(self, later: ModuleResult) -> ModuleResult:
        """The latest result for each resource, and everything that changed or failed in either."""
        has_failed = self.failed or later.failed
        return ModuleResult(
            changed=self.changed or later.changed,
            failed=has_failed,
            errors=[*self._all_errors(), *later._all_errors()] if has_failed else [],
            warnings=list(dict.fromkeys([*self.warnings, *later.warnings])),
            resources={
                plural: _latest(self.resources.get(plural, []), later.resources.get(plural, []))
                for plural in {**self.resources, **later.resources}
            },
            is_single=self.is_single or later.is_single,
            plans=_with_later(self.plans, later.plans),
            diff=_joined(self.diff, later.diff),
            pending=later.pending,
            carried=later.carried,
            extra=self.extra | later.extra,
        )

    def _all_errors(self) -> list[str]:
        return self.errors or ([self.message] if self.failed else [])

    def failure_message(self) -> str:
        """What is wrong with the host, how many of each kind failed, and what is about no declared resource."""
        if not self.errors:
            return with_advice(self.message) if self.message else _NO_MESSAGE
        return "\n".join("\n- ".join(group) for group in self._failures())

    def failure_lines(self) -> list[str]:
        """The same without headings."""
        if not self.errors:
            return [with_advice(line.removeprefix("- ")) for line in self.message.splitlines()]
        return [line for group in self._failures() for line in (group[1:] or group)]

    def _failures(self) -> list[list[str]]:
        """One for each cause; what fails alike is counted."""
        lines = set(self.errors)
        failed = [
            Failed(plural, each.name, each.error, each.cause)
            for plural, some in self.resources.items()
            for each in some
            if each.error and each.error_line in lines
        ]
        known = {each.line for each in failed}
        totals = {plural: len(some) for plural, some in self.resources.items()}
        return failure_lines(failed, totals, [line for line in self.errors if line not in known])

    def with_every_kind(self) -> ModuleResult:
        """The same, with an empty list for each kind of which there is nothing."""
        return ModuleResult(resources={plural: [] for plural in KINDS}).merged_with(self)

    def replaced(self, **changes: t.Any) -> ModuleResult:
        return dataclasses.replace(self, **changes)


Entry = t.TypeVar("Entry")


def _joined(before: list[Entry] | None, after: list[Entry] | None) -> list[Entry] | None:
    return None if before is None and after is None else [*(before or ()), *(after or ())]


def _with_later(before: list[Plan] | None, after: list[Plan] | None) -> list[Plan] | None:
    """Both, with the errors of what the later call has only waited for at the plans that have led there."""
    if before is None or after is None:
        return _joined(before, after)
    begun = {plan.resource: plan.effect for plan in before}
    ended = {plan.resource: plan.error for plan in after if _only_waits(plan, begun.get(plan.resource))}
    updated = [dataclasses.replace(plan, error=ended.get(plan.resource, plan.error)) for plan in before]
    return [*updated, *(plan for plan in after if plan.resource not in ended)]


def _only_waits(plan: Plan, begun: Effect | None) -> bool:
    """Whether a later call has only waited for what an earlier one began; a deletion is planned until it has ended."""
    return begun is not None and (not plan.has_effect or plan.effect == begun == Effect.DELETE)


def _latest(before: t.Sequence[ResourceResult], after: t.Sequence[ResourceResult]) -> list[ResourceResult]:
    """In the order of *before*, and behind them what is new."""
    later = {each.name: each for each in after}
    known = [each.merged_with(later.pop(each.name)) if each.name in later else each for each in before]
    return [*known, *later.values()]
