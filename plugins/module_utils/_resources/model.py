# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models: immutable, so a changed model becomes a new generation beside the old one."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._aws import sagemaker, tagging
from .._aws.client import Api, CallFailed
from .._aws.sagemaker import SERVICE, Summary
from .._engine.canonical import Request, digest
from .._engine.diff import HIDDEN, Difference, differences
from .._engine.ownership import (
    DIGEST,
    GENERATION_OF,
    REDEPLOY,
    Scope,
    TagRequest,
    added_tags,
    as_sent,
    generation_tags,
    redeployed,
    refuse_foreign,
    sent_tags,
    with_tag_steps,
)
from .._engine.plan import Compared, Effect, Finished, Made, Plan, Refused, ResourceId, Step
from .._engine.requests import Options, options_of, request_of
from . import model_removal as removal
from .fast_path import FastPath
from .generations import NAME_IS_TAKEN, LiveGeneration, generation_name, list_generations, read_model
from .model_removal import Users
from .model_requests import (
    CREATE,
    RULES,
    TO_THE_LETTER,
    changed,
    comparable,
    normalised,
    possible_requests,
    rules_for,
)


@dataclass(frozen=True, kw_only=True)
class DesiredModel:
    """A model as the user declares it; *name* is the user's, a live generation may carry another."""

    name: str
    request: Request
    digest: str
    tags: TagRequest
    redeploy: str | None = None
    """The value of ``redeploy``, which makes it a new generation although the request is the same."""

    @property
    def resource(self) -> ResourceId:
        return ResourceId("model", self.name)


@dataclass(frozen=True)
class LiveGenerations:
    """The generations of one model, oldest first, and what uses them."""

    members: tuple[LiveGeneration, ...]
    users: Users = field(default_factory=lambda: Users({}, {}))

    def member(self, name: str) -> LiveGeneration | None:
        return next((live for live in self.members if live.name == name), None)


class ModelKind:
    """What the runner needs to know of models."""

    services = (SERVICE, tagging.SERVICE)
    ignores_case = False

    def __init__(
        self,
        scope: Scope,
        released_by: t.Collection[str] = (),
        deleted_endpoints: t.Collection[str] = (),
        *,
        spares_used: bool = False,
    ) -> None:
        """Neither the configurations *released_by* count nor *deleted_endpoints*.

        With *spares_used* what is used stays without a failure.
        """
        self.scope = scope
        self.released_by = frozenset(released_by)
        self.deleted_endpoints = frozenset(deleted_endpoints)
        self.spares_used = spares_used

    def desired(self, options: Options, is_for_deletion: bool) -> DesiredModel:
        given = dict(options)
        tags, redeploy = given.pop("tags", None), given.pop("redeploy", None)
        request = request_of(SERVICE, CREATE, given, RULES, is_for_deletion)
        name = request["ModelName"]
        content = digest(RULES, normalised(request), redeploy)
        own = {DIGEST: content, GENERATION_OF: name}
        return DesiredModel(
            name=name,
            request=request,
            digest=content,
            tags=generation_tags(self.scope, tags, own, redeploy),
            redeploy=redeploy,
        )

    def read(
        self, api: Api, desired: t.Sequence[DesiredModel], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[LiveGenerations | CallFailed]:
        if is_for_deletion:
            return self._read_for_deletion(api, desired)
        generations_of = list_generations(api, [model.name for model in desired], sagemaker.list_models)
        every = [each for generations in generations_of.values() for each in generations]
        sent = sent_tags(made, CREATE, "ModelName")
        known = {each.arn: sent[each.name] for each in every if each.name in sent}
        dated = [(each.arn, each.created) for each in every]
        fast_path = FastPath(self.scope, api, dated, sagemaker.list_tags, known)

        def unchanged(model: DesiredModel) -> tuple[LiveGeneration, ...] | None:
            """The wanted generation, where its tags prove that it is, or none where none is there."""
            for each in generations_of[model.name]:
                if (tags := fast_path.proof(each.arn, model.tags)) is not None:
                    return (LiveGeneration(name=each.name, arn=each.arn, request=model.request, tags=tags),)
            return None if generations_of[model.name] else ()

        def described(model: DesiredModel) -> tuple[LiveGeneration, ...]:
            return tuple(_described(api, model, generations_of[model.name]))

        return [
            each if isinstance(each, CallFailed) else LiveGenerations(each)
            for each in api.each(described, desired, unchanged)
        ]

    def _read_for_deletion(self, api: Api, desired: t.Sequence[DesiredModel]) -> list[LiveGenerations | CallFailed]:
        found = removal.read_generations(api, [model.name for model in desired])
        ours = [
            live.name
            for name, generations in found.items()
            if not isinstance(generations, CallFailed)
            for live in generations
            if removal.is_ours(self.scope, name, live)
        ]
        users = removal.users_of(api, ours, self.released_by, self.deleted_endpoints) if ours else removal.Users({}, {})
        return [
            each if isinstance(each, CallFailed) else LiveGenerations(tuple(each), users)
            for each in (found[model.name] for model in desired)
        ]

    def plan(self, desired: DesiredModel, generations: LiveGenerations) -> Plan:
        for live in generations.members:
            refuse_foreign(self.scope, desired.resource, live.tags)
        same = [live for live in generations.members if _is_same(self.scope, desired, live)]
        if same:
            exact = [live for live in same if live.tags.get(DIGEST) == desired.digest]
            return self._adopt(desired, exact[0] if exact else same[-1])
        name = desired.name
        taken = {live.name for live in generations.members}
        if name in taken:
            name = generation_name(desired.name, desired.digest)
        if name in taken:
            raise Refused(f"{name} {NAME_IS_TAKEN}")
        newest = generations.members[-1] if generations.members else None
        request = desired.request | {"ModelName": name, "Tags": as_sent(SERVICE, desired.tags.wanted)}
        reason = "missing" if newest is None else "changed, and models are immutable"
        step = Step(SERVICE, CREATE, request, reason)
        notes = () if newest is None else (f"new generation {name}",)
        changes = _made_of(desired, newest)
        compared = Compared(normalised(newest.request) if newest else None, normalised(desired.request))
        return Plan(
            desired.resource,
            Effect.CREATE,
            differences=changes,
            steps=(step,),
            notes=notes,
            outcome={"model_name": name},
            compared=compared,
        )

    def _adopt(self, desired: DesiredModel, live: LiveGeneration) -> Plan:
        plan = Plan(desired.resource, Effect.NONE, outcome={"model_name": live.name})
        return with_tag_steps(plan, SERVICE, live.arn, desired.tags.change(self.scope, live.tags))

    def plan_absent(self, desired: DesiredModel, generations: LiveGenerations) -> Plan:
        to_delete = [live for live in generations.members if removal.is_ours(self.scope, desired.name, live)]
        skipped = [live.name for live in generations.members if live not in to_delete]
        used = {live.name: why for live in to_delete if (why := self._use(live, generations))}
        if used and not self.spares_used:
            raise Refused("; ".join(used.values()))
        to_delete = [live for live in to_delete if live.name not in used]
        steps = tuple(Step(SERVICE, "DeleteModel", {"ModelName": live.name}, "no longer wanted") for live in to_delete)
        changes = tuple(Difference(("generations", live.name), "present", None) for live in to_delete)
        notes = (
            *(f"{name} skipped: not owned by this deployment" for name in skipped),
            *(f"kept: {why}" for why in used.values()),
        )
        return Plan(
            desired.resource, Effect.DELETE if steps else Effect.NONE, differences=changes, steps=steps, notes=notes
        )

    def _use(self, live: LiveGeneration, generations: LiveGenerations) -> str | None:
        """What uses the model, or may use it."""
        if configs := generations.users.configs.get(live.name, set()) - self.released_by:
            return f"{live.name} is used by endpoint configuration {', '.join(sorted(configs))}"
        if user := generations.users.endpoints.get(live.name):
            return (
                f"{live.name} may be served by endpoint {user.endpoint_name}, whose configuration "
                f"{user.config_name} has been deleted; delete the endpoint too, or deploy it again"
            )
        return None

    def follow_up(self, api: Api, finished: t.Sequence[Finished[DesiredModel, LiveGenerations]]) -> t.Iterable[Plan]:
        return []

    def facts(self, desired: DesiredModel, generations: LiveGenerations, plan: Plan) -> Options:
        name = _generation(desired, plan)
        live = generations.member(name)
        return {"model_name": name, "model_arn": live.arn if live else None}

    def options(self, desired: DesiredModel, generations: LiveGenerations, plan: Plan) -> Options:
        live = generations.member(_generation(desired, plan))
        options = options_of(SERVICE, CREATE, live.request if live else desired.request)
        for container in [*options.get("containers", ()), options.get("primary_container") or {}]:
            if "environment" in container:
                container["environment"] = dict.fromkeys(container["environment"], HIDDEN)
        return options | {"tags": live.tags if live else desired.tags.wanted}


def _made_of(desired: DesiredModel, newest: LiveGeneration | None) -> tuple[Difference, ...]:
    """What makes it another model than the newest one, or a new one."""
    if newest is None:
        changes = differences(RULES, None, normalised(desired.request))
    else:
        changes = changed(newest.request, newest.tags, desired.request)
    return changes + redeployed(newest.tags if newest else {}, desired.redeploy) + added_tags(desired.tags.wanted)


def _generation(desired: DesiredModel, plan: Plan) -> str:
    return str(plan.outcome.get("model_name", desired.name))


def _is_same(scope: Scope, desired: DesiredModel, live: LiveGeneration) -> bool:
    """Whether it is the wanted model: its digest proves that it is, and only its content that it is another."""
    recorded = live.tags.get(DIGEST)
    # A value of redeploy that is no longer declared creates nothing.
    word = desired.redeploy or live.tags.get(REDEPLOY)
    content = desired.digest if word == desired.redeploy else digest(RULES, normalised(desired.request), word)
    if recorded == content and scope.trusts_tags:
        return True
    is_named_so = live.name == generation_name(desired.name, desired.digest)
    if desired.redeploy and recorded != content and not is_named_so:
        return False
    if recorded in (None, content):
        return not differences(rules_for(desired.request), *comparable(live.request, desired.request))
    found = possible_requests(live.request, live.tags)
    return any(not differences(TO_THE_LETTER, *comparable(each, desired.request)) for each in found)


def _described(api: Api, desired: DesiredModel, generations: t.Sequence[Summary]) -> t.Iterator[LiveGeneration]:
    """Oldest first; what is only named like a generation is none, but it may have taken the name of the next one."""
    wanted = (desired.name, generation_name(desired.name, desired.digest))
    for each in reversed(generations):
        live = read_model(api, each.name)
        if live and (live.name in wanted or live.tags.get(GENERATION_OF) == desired.name):
            yield live
