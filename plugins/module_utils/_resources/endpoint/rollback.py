# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollback: an endpoint is updated to its configuration that served before the current one."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._aws.client import Api, CallFailed
from ..._aws.endpoint_descriptions import TRANSITIONAL
from ..._engine.ownership import DIGEST, Scope, TagRequest, Tags
from ..._engine.plan import Effect, Finished, Made, Plan, Refused, ResourceId, Until, Wait
from ..._engine.requests import Options
from ...problems import InvalidInput, Problem
from ..generations import LiveGeneration
from . import planning, repointing
from .config import config_digest, sendable
from .kind import EndpointKind
from .live_capacity import with_live_capacity
from .old_generations import newest_first
from .reading import read_endpoints, read_whole
from .retained_capacity import after_update, with_concurrency_of
from .scaling_notes import is_saved_tag
from .state import Begun, DesiredEndpoint, LiveEndpoint
from .suspended_scaling import notes_of


@dataclasses.dataclass(frozen=True)
class DesiredRollback:
    """Which endpoint is rolled back, and how the update is rolled out."""

    name: str
    deployment_config: dict[str, t.Any] | None
    may_be_adopted: bool = False

    @property
    def resource(self) -> ResourceId:
        return ResourceId("endpoint", self.name)


@dataclasses.dataclass(frozen=True)
class RollbackState:
    """An endpoint as it is, and the configuration to which it is rolled back, if there is one."""

    live: LiveEndpoint
    goal: DesiredEndpoint | None


class RollbackKind:
    """What the runner needs to know of a rollback.

    The goals that an earlier call has *begun* to reach stay the goals.
    """

    services = EndpointKind.services
    ignores_case = EndpointKind.ignores_case

    def __init__(self, scope: Scope, begun: t.Mapping[str, Begun]) -> None:
        self.scope = scope
        self._begun = {name: each for name, each in begun.items() if each.config_name}

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredRollback:
        foreign = options.keys() - {"endpoint_name", "deployment_config", "allow_replace", "adopt"}
        if foreign:
            fault = "cannot be combined with state=rolled_back"
            raise InvalidInput([Problem(option, fault) for option in sorted(foreign)])
        wanted = EndpointKind(self.scope, {}).desired(dict(options), True)
        return DesiredRollback(wanted.name, wanted.deployment_config, wanted.may_be_adopted)

    def read(
        self, api: Api, desired: t.Sequence[DesiredRollback], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[RollbackState | CallFailed]:
        def state_of(item: DesiredRollback) -> RollbackState:
            whole = read_whole(api, item.name)
            previous = self._previous(item, whole)
            if previous is None:
                return RollbackState(whole, None)
            goal = self._goal(item, whole, previous)
            (live,) = read_endpoints(self.scope, api, [goal], ())
            if isinstance(live, CallFailed):
                raise live
            return RollbackState(live, goal)

        return api.each(state_of, desired)

    def _previous(self, item: DesiredRollback, whole: LiveEndpoint) -> LiveGeneration | None:
        if begun := self._begun.get(item.name):
            return whole.configs.get(str(begun.config_name))
        return next(iter(newest_first(whole)), None) if whole.exists else None

    def _goal(self, item: DesiredRollback, whole: LiveEndpoint, previous: LiveGeneration) -> DesiredEndpoint:
        """The goal, with the live counts, weights and concurrency."""
        config = sendable(previous.request)
        current = whole.config
        begun = self._begun.get(item.name)
        made_again_with = begun.made_again_with if begun else None
        running = with_live_capacity(current.request if current else {}, whole.description)
        if current is not None:
            config = with_concurrency_of(running, after_update(running, config))
        return DesiredEndpoint(
            name=item.name,
            config=config,
            digest=previous.tags.get(DIGEST) or config_digest(previous.request),
            config_name=previous.name,
            tags=TagRequest(whole.tags if whole.exists else dict(made_again_with or {}), False),
            config_tags=TagRequest(_without_notes(previous.tags), False),
            deployment_config=item.deployment_config,
            is_rollback=True,
            may_be_adopted=item.may_be_adopted,
            made_again_with=made_again_with,
        )

    def plan(self, desired: DesiredRollback, current: RollbackState) -> Plan:
        live = current.live
        if not live.exists and not current.goal:
            raise Refused("the endpoint does not exist")
        if live.exists and live.status in TRANSITIONAL and desired.name not in self._begun:
            wait = Wait(desired.name, Until.STABLE)
            note = f"{live.status}: waits until it is stable, then rolls back"
            return Plan(desired.resource, Effect.NONE, steps=(wait,), notes=(note,), is_provisional=True)
        if current.goal is None:
            raise Refused(
                f"there is no configuration to roll back to: none older than {live.config_name} that has served is kept"
            )
        plan = planning.plan_present(self.scope, current.goal, live)
        come_from = f"from {live.config_name} " if live.exists else ""
        return dataclasses.replace(plan, notes=(*plan.notes, f"{come_from}to {current.goal.config_name}"))

    def plan_absent(self, desired: DesiredRollback, current: RollbackState) -> Plan:
        raise Refused("a rollback deletes nothing")

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredRollback, RollbackState]]) -> t.Iterable[Plan]:
        for each in finished:
            if each.current is None:
                continue
            goal, live = each.current.goal, each.current.live
            if not (each.check_mode or each.unread) and notes_of(live):
                try:
                    goal, live = self._as_served(api, each.desired, live)
                except CallFailed as failure:
                    if callers := each.plan.outcome.get("callers"):
                        yield repointing.unlisted(each.desired.name, callers, str(failure))
                    continue
            if goal and (plan := repointing.plan(api, each, goal, live, ())):
                yield plan

    def _as_served(
        self, api: Api, item: DesiredRollback, whole: LiveEndpoint
    ) -> tuple[DesiredEndpoint | None, LiveEndpoint]:
        """What the endpoint serves, as the goal, and the endpoint with its current scaling."""
        current = whole.config
        if current is None:
            return None, whole
        goal = self._goal(item, whole, current)
        (live,) = read_endpoints(self.scope, api, [goal], ())
        if isinstance(live, CallFailed):
            raise live
        return goal, live

    def facts(self, desired: DesiredRollback, current: RollbackState, plan: Plan) -> Options:
        return EndpointKind(self.scope, {}).facts(_goal(desired, current), current.live, plan)

    def options(self, desired: DesiredRollback, current: RollbackState, plan: Plan) -> Options:
        return EndpointKind(self.scope, {}).options(_goal(desired, current), current.live, plan)


def _without_notes(tags: Tags) -> dict[str, str]:
    """The tags that stay: the notes of scaling go once it is restored."""
    return {key: value for key, value in tags.items() if not is_saved_tag(key)}


def _goal(desired: DesiredRollback, current: RollbackState) -> DesiredEndpoint:
    tags, none = TagRequest(current.live.tags, False), TagRequest({}, False)
    return current.goal or DesiredEndpoint(
        name=desired.name, config={}, digest="", config_name="", tags=tags, config_tags=none
    )
