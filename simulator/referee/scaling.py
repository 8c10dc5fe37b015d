# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Scaling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..region import Region
from ..sagemaker.resources import Endpoint, Status
from .brief import ABSENT, Brief, Ending
from .debts import Debt, Debts, are_declared, is_back
from .naming import is_named_away
from .rule import Rule
from .run import Objection, Run, Write
from .things import ACTION, CALLER, POLICY, SUSPENSION, TARGET, Thing, Things, things

RULE = "Scaling"
NOTE = "friendsofansible.sagemaker/saved-"
"""How the tags begin in which a run notes the scaling that it takes away."""
GENERATION_OF = "friendsofansible.sagemaker/generation-of"


class Scaling(Rule):
    """What scaled an endpoint before a run is there after it: targets, suspensions, policies, scheduled actions.

    What others put while it runs is not of before: AWS has no call that takes away only what was read.

    Ours or others'; or the inventory has said otherwise; or the result names what is away. Alarms that called a policy
    call it again when it is restored. What a run has reported to be missing is still owed: a later run which ends well
    restores it or names it again. One over alarms or models alone does not look at scaling, and leaves it to the next.
    Somebody who deletes the configuration on which a run has noted what is away leaves nobody who could know of it.
    """

    def __init__(self) -> None:
        self._debts = Debts()
        self._newest_run = 0
        self._put_in: dict[tuple[str, str, Thing], int] = {}
        """What somebody else has put, with the number of the run that had begun last."""

    def began(self, run: Run, region: Region | None) -> None:
        self._newest_run = run.number

    def before(self, write: Write) -> Iterator[Objection]:
        if write.run is None and write.operation == "DeleteEndpointConfig":
            for endpoint in _noted(write):
                self._debts.forget_all(write.region, endpoint)
        yield from ()

    def after(self, write: Write) -> Iterator[Objection]:
        if write.endpoint is not None:
            now = things(write.region, write.endpoint)
            self._debts.settle(write, now)
            place = write.region.account, write.region.name
            if write.run is None:
                self._put_in |= {(*place, thing): self._newest_run for thing in now if thing not in write.things}
            elif write.run.brief.knows_inventory:
                for thing, content in _lost(write, now):
                    # Between what a run has read and what it takes away, AWS lets nobody see what others put.
                    if self._put_in.get((*place, thing), 0) < write.run.number:
                        self._debts.owe(write, thing, content)
        yield from ()

    def ended(self, run: Run, ending: Ending, region: Region | None, now: float) -> Iterator[Objection]:
        for debt in self._debts.of(run) if not run.brief.check else ():
            present = things(debt.region, debt.endpoint)
            is_settled = is_back(debt, present, run.brief) or _is_moot(debt, now)
            if is_settled or _inventory_says_otherwise(debt, run.brief):
                self._debts.forget(debt)
            elif _is_due(debt, run, ending) and not is_named_away(debt, ending.text, present):
                self._debts.forget(debt)
                yield Objection(RULE, debt.title, debt.thing.resource_id, _problem(debt, run))


def _noted(write: Write) -> Iterator[str]:
    """The endpoints of whose scaling something is noted on the configurations that the write is about."""
    for tags in (write.region.tags.get(arn) for resource in write.touched for arn in resource.arns):
        if any(key.startswith(NOTE) for key in tags):
            yield tags.get(GENERATION_OF, "")


def _is_due(debt: Debt, run: Run, ending: Ending) -> bool:
    """Who takes something away answers for it in any case, a later run only if it ended well for the endpoint."""
    if ending.is_cut_off or _is_going(debt, run.brief):
        return False
    return debt.run is run or debt.endpoint not in ending.failed


def _lost(write: Write, now: Things) -> Iterator[tuple[Thing, object]]:
    """What was there before the write, and is gone or changed after it, unless it is declared to be so."""
    for thing, content in write.things.items():
        is_changed = thing in now and now[thing] != content
        if thing not in now or (is_changed and not _is_declared(thing, content, now[thing], write)):
            yield thing, content


def _is_declared(thing: Thing, before: Any, content: Any, write: Write) -> bool:
    """Whether the inventory says what the thing is to be like."""
    assert write.run
    if thing.kind == POLICY:
        return thing.name in write.run.brief.policies
    if thing.kind == ACTION:
        return thing.name in write.run.brief.actions
    return thing.kind == TARGET and are_declared(
        content, before, write.run.brief.variant(write.endpoint or "", thing.variant)
    )


def _is_moot(debt: Debt, now: float) -> bool:
    """Whether there is nothing that could come back: it belongs to what is gone, or its time has passed."""
    endpoint = debt.region.endpoint(debt.endpoint)
    if endpoint and endpoint.production and not endpoint.variant(debt.variant):
        return debt.variant not in _coming(endpoint)
    if debt.thing.kind == ACTION:
        return debt.is_over(now)
    if debt.thing.kind == CALLER:
        return debt.region.alarms.get(debt.thing.name) is None
    return False


def _coming(endpoint: Endpoint | None) -> list[str]:
    """The variants of the rollout under way, if there is one."""
    progress = endpoint.progress if endpoint else None
    return [each.name for each in progress.variants] if progress else []


def _inventory_says_otherwise(debt: Debt, brief: Brief) -> bool:
    endpoint = debt.region.endpoint(debt.endpoint)
    if brief.state == ABSENT or (brief.prune and not brief.declares(debt.endpoint)):
        return True
    if brief.variants(debt.endpoint) is None:
        return brief.tells_policies and _is_no_longer_declared(debt, brief)
    declared = brief.variant(debt.endpoint, debt.variant)
    if declared is None:
        return endpoint is None or endpoint.status in (Status.FAILED, Status.DELETING)
    is_ours = debt.owner is not None and debt.owner == brief.deployment
    if declared.scaled is None:
        return is_ours
    if debt.thing.kind == SUSPENSION:
        return declared.suspended is not None and debt.thing.name not in declared.suspended
    if debt.thing.kind == ACTION:
        named_by_us = debt.thing.name.startswith(f"{debt.endpoint}.{debt.variant}.")
        return is_ours and named_by_us and debt.thing.name not in brief.actions
    return _is_no_longer_declared(debt, brief)


def _is_no_longer_declared(debt: Debt, brief: Brief) -> bool:
    """Whether it is a policy of ours, named as the collection names it, or an alarm's call of one, and not declared."""
    if debt.thing.kind not in (POLICY, CALLER):
        return False
    policy = debt.thing.name if debt.thing.kind == POLICY else debt.thing.on
    named_by_us = policy.startswith(f"{debt.endpoint}/{debt.variant}/")
    is_ours = debt.owner is not None and debt.owner == brief.deployment
    if debt.thing.kind == CALLER and debt.thing.name == policy and policy not in (brief.alarms or ()):
        # The alarm that was declared with the policy, which has none any more.
        return is_ours and named_by_us
    return is_ours and named_by_us and policy not in brief.policies


def _is_going(debt: Debt, brief: Brief) -> bool:
    """Whether the rollout under way takes the variant away, as the inventory wants."""
    coming = _coming(debt.region.endpoint(debt.endpoint))
    is_declared = brief.variant(debt.endpoint, debt.variant) is not None
    return bool(coming) and not is_declared and debt.variant not in coming


def _problem(debt: Debt, run: Run) -> str:
    what = debt.thing.kind + (f" {debt.thing.name}" if debt.thing.name else "")
    whose = f"variant {debt.variant} of endpoint {debt.endpoint}"
    which = "that run" if debt.run is run else "a later run that ended well"
    return f"{what} of {whose} is away or changed, and the result of {which} does not say so"
