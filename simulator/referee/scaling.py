# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Scaling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..region import Region
from ..sagemaker.resources import Endpoint, Status
from .brief import ABSENT, Brief, Ending
from .missing import MissingThing, MissingThings, are_declared, is_back
from .naming import is_named
from .rule import Rule
from .run import Objection, Run, Write
from .things import ACTION, CALLER, POLICY, SUSPENSION, TARGET, Thing, Things, things

RULE = "Scaling"
NOTE = "friendsofansible.sagemaker/saved-"
"""The prefix of the tags in which a run saves the scaling that it removes."""
GENERATION_OF = "friendsofansible.sagemaker/generation-of"


class Scaling(Rule):
    """What scaled an endpoint before a run exists after it: targets, suspensions, policies, scheduled actions.

    What others put during the run does not count: AWS has no call that removes only what was read.

    This holds for scaling of the deployment and of others, unless the inventory has changed it or the result names what
    is missing. Alarms that called a policy call it again when it is restored. What a run has reported to be missing
    still counts: a later run that ends well restores it or names it again. A run over alarms or models alone does not
    read scaling, and leaves it to the next run. After somebody has deleted the configuration in whose tags a run saved
    the missing scaling, nothing can be known about it.
    """

    def __init__(self) -> None:
        self._missing = MissingThings()
        self._newest_run = 0
        self._put_in: dict[tuple[str, str, Thing], int] = {}
        """What somebody else has put, with the number of the run that had begun last."""

    def began(self, run: Run, region: Region | None) -> None:
        self._newest_run = run.number

    def before(self, write: Write) -> Iterator[Objection]:
        if write.run is None and write.operation == "DeleteEndpointConfig":
            for endpoint in _noted(write):
                self._missing.forget_all(write.region, endpoint)
        yield from ()

    def after(self, write: Write) -> Iterator[Objection]:
        if write.endpoint is not None:
            now = things(write.region, write.endpoint)
            self._missing.remove_restored(write, now)
            place = write.region.account, write.region.name
            if write.run is None:
                self._put_in |= {(*place, thing): self._newest_run for thing in now if thing not in write.things}
            elif write.run.brief.knows_inventory:
                for thing, content in _lost(write, now):
                    # A run cannot see what others put between its reading and its removing.
                    if self._put_in.get((*place, thing), 0) < write.run.number:
                        self._missing.add(write, thing, content)
        yield from ()

    def ended(self, run: Run, ending: Ending, region: Region | None, now: float) -> Iterator[Objection]:
        for missing in self._missing.of(run) if not run.brief.check else ():
            present = things(missing.region, missing.endpoint)
            is_restored = is_back(missing, present, run.brief) or _is_moot(missing, now)
            if is_restored or _inventory_says_otherwise(missing, run.brief):
                self._missing.forget(missing)
            elif _is_due(missing, run, ending) and not is_named(missing, ending.text, present):
                self._missing.forget(missing)
                yield Objection(RULE, missing.title, missing.thing.resource_id, _problem(missing, run))


def _noted(write: Write) -> Iterator[str]:
    """The endpoints whose scaling is saved in the tags of the configurations that the write is about."""
    for tags in (write.region.tags.get(arn) for resource in write.touched for arn in resource.arns):
        if any(key.startswith(NOTE) for key in tags):
            yield tags.get(GENERATION_OF, "")


def _is_due(missing: MissingThing, run: Run, ending: Ending) -> bool:
    """A run must restore or report what it removes; a later run only if it ended well for the endpoint."""
    if ending.is_cut_off or _is_going(missing, run.brief):
        return False
    return missing.run is run or missing.endpoint not in ending.failed


def _lost(write: Write, now: Things) -> Iterator[tuple[Thing, object]]:
    """What existed before the write and is gone or changed after it, unless that is declared."""
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


def _is_moot(missing: MissingThing, now: float) -> bool:
    """Whether it can no longer be restored, because its endpoint or variant is gone or its time has passed."""
    endpoint = missing.region.endpoint(missing.endpoint)
    if endpoint and endpoint.production and not endpoint.variant(missing.variant):
        return missing.variant not in _coming(endpoint)
    if missing.thing.kind == ACTION:
        return missing.is_over(now)
    if missing.thing.kind == CALLER:
        return missing.region.alarms.get(missing.thing.name) is None
    return False


def _coming(endpoint: Endpoint | None) -> list[str]:
    """The variants of the rollout under way, if there is one."""
    progress = endpoint.progress if endpoint else None
    return [each.name for each in progress.variants] if progress else []


def _inventory_says_otherwise(missing: MissingThing, brief: Brief) -> bool:
    endpoint = missing.region.endpoint(missing.endpoint)
    if brief.state == ABSENT or (brief.prune and not brief.declares(missing.endpoint)):
        return True
    if brief.variants(missing.endpoint) is None:
        return brief.tells_policies and _is_no_longer_declared(missing, brief)
    declared = brief.variant(missing.endpoint, missing.variant)
    if declared is None:
        return endpoint is None or endpoint.status in (Status.FAILED, Status.DELETING)
    is_ours = missing.owner is not None and missing.owner == brief.deployment
    if declared.scaled is None:
        return is_ours
    if missing.thing.kind == SUSPENSION:
        return declared.suspended is not None and missing.thing.name not in declared.suspended
    if missing.thing.kind == ACTION:
        named_by_us = missing.thing.name.startswith(f"{missing.endpoint}.{missing.variant}.")
        return is_ours and named_by_us and missing.thing.name not in brief.actions
    return _is_no_longer_declared(missing, brief)


def _is_no_longer_declared(missing: MissingThing, brief: Brief) -> bool:
    """Whether it is a policy of ours, named as the collection names it, or an alarm's call of one, and not declared."""
    if missing.thing.kind not in (POLICY, CALLER):
        return False
    policy = missing.thing.name if missing.thing.kind == POLICY else missing.thing.on
    named_by_us = policy.startswith(f"{missing.endpoint}/{missing.variant}/")
    is_ours = missing.owner is not None and missing.owner == brief.deployment
    if missing.thing.kind == CALLER and missing.thing.name == policy and policy not in (brief.alarms or ()):
        # The alarm that was declared with the policy, which has none any more.
        return is_ours and named_by_us
    return is_ours and named_by_us and policy not in brief.policies


def _is_going(missing: MissingThing, brief: Brief) -> bool:
    """Whether the rollout under way takes the variant away, as the inventory wants."""
    coming = _coming(missing.region.endpoint(missing.endpoint))
    is_declared = brief.variant(missing.endpoint, missing.variant) is not None
    return bool(coming) and not is_declared and missing.variant not in coming


def _problem(missing: MissingThing, run: Run) -> str:
    what = missing.thing.kind + (f" {missing.thing.name}" if missing.thing.name else "")
    whose = f"variant {missing.variant} of endpoint {missing.endpoint}"
    which = "that run" if missing.run is run else "a later run that ended well"
    return f"{what} of {whose} is missing or changed, and the result of {which} does not say so"
