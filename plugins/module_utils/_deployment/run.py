# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run over a whole deployment: it checks the input, and deploys the kinds in their order, or deletes them in theirs.

A rollback is a run over some endpoints; nothing else of the deployment is read.
"""

from __future__ import annotations

import typing as t

from .._aws.autoscaling import begin_policies
from .._aws.causes import cause_of
from .._aws.client import Api, CallFailed
from .._aws.endpoint_descriptions import variants_of
from .._engine.kind import desired_of
from .._engine.ownership import Scope
from .._engine.plan import Plan
from .._engine.requests import Options
from .._engine.results import ModuleResult
from .._engine.runner import Run, Settings
from .._resources.alarm import AlarmKind, deleted_alarms
from .._resources.endpoint.kept_names import Seen
from .._resources.endpoint.kind import EndpointKind
from .._resources.endpoint.rollback import RollbackKind
from .._resources.endpoint.state import Bounds, DesiredEndpoint, begun_by
from .._resources.model import ModelKind
from .._resources.names import VariantId, endpoint_of, variant_of
from .._resources.scaling import ScalingKind
from .._resources.scaling_state import DesiredScaling, restored
from ..problems import InvalidInput, Problem, not_valid
from .confirmation import Lists, is_confirmed
from .destroy import alarms_to_delete, to_destroy
from .prune import to_prune
from .run_state import RunState
from .undeclared import find_undeclared_alarms, find_undeclared_scaling, undeclared_endpoints
from .variant_names import keep_variant_names

_WITH_KEPT_NAMES = "Invalid options, with the names that variants have in AWS and keep; nothing was changed:"


def run_deployment(state: RunState) -> ModuleResult:
    """No AWS call is made before the input of every kind has been found valid."""
    if not state.pending and (problems := state.problems()):
        return ModuleResult.failure(not_valid(problems))
    keep_variant_names(state)
    if not state.pending and (problems := state.problems()):
        return ModuleResult.failure(not_valid(problems, _WITH_KEPT_NAMES))
    if state.settings.is_for_deletion:
        _delete(state, to_destroy(state), resume=state.pending)
    else:
        _bring_up(state)
        if not state.result.pending:
            _delete(state, to_prune(state), is_prune=True)
    result = state.final_result()
    return result.replaced(extra=result.extra | {"undeclared": _undeclared(state)})


def _bring_up(state: RunState) -> None:
    """Alarms come before endpoints, since a rollout may name them, and scaling after them.

    The action leaves out what is done before endpoints from the options of a call that waits (options_for_waiting).
    """
    if not state.pending:
        if state.handles("scaling"):
            begin_policies(state.api, len(state.entries["targets"]))
        _models(state)
        _alarms(state)
    _endpoints(state)
    if not state.result.pending:
        _scaling(state)


def _delete(
    state: RunState, to_delete: Lists | None, *, resume: t.Sequence[Options] = (), is_prune: bool = False
) -> None:
    """Endpoints go first, then what belongs to them, and models last; an endpoint that stays keeps its own.

    With *is_prune*, all alarms are listed already. A prune that waits is not resumed: the next call finds again what is
    left. After a prune, or where nobody waits, a model that is still used is kept, without a failure.
    """
    if to_delete is None:
        return
    count = len(state.plans)
    kind = EndpointKind(state.scope, {}, may_delete_protected=is_confirmed(state.scope, state.declaration.confirmation))
    result = state.delete("endpoints", kind, to_delete["endpoints"], resume)
    if result.pending:
        return
    failed, unfinished = set(state.carried.failed_endpoints), set(state.carried.unfinished_endpoints)
    staying = failed | unfinished
    # What check mode has not deleted is still there, and what a run has deleted AWS may still show for a while.
    done = [plan for plan in state.plans[count:] if plan.resource.name not in staying]
    configs = _deleted(done, "DeleteEndpointConfig", "EndpointConfigName")
    endpoints = _deleted(done, "DeleteEndpoint", "EndpointName")
    # AWS deletes the scaling of an endpoint with it.
    held_back = staying.union(endpoints)
    targets = [each for each in to_delete["targets"] if each["endpoint_name"] not in held_back]
    count = len(state.plans)
    state.delete("targets", ScalingKind(state.scope), targets)
    gone = deleted_alarms(state.plans[count:])
    alarms = alarms_to_delete(state, to_delete, is_prune=is_prune)
    alarms = [each for each in alarms if endpoint_of(each["alarm_name"]) not in failed]
    alarms = [each for each in alarms if each["alarm_name"] not in gone]
    state.delete("alarms", AlarmKind(state.scope), alarms)
    models = ModelKind(state.scope, configs, endpoints, spares_used=is_prune or bool(unfinished))
    state.delete("models", models, to_delete["models"])


def _deleted(plans: t.Iterable[Plan], operation: str, parameter: str) -> list[str]:
    return [step.parameters[parameter] for plan in plans for step in plan.calls if step.operation == operation]


def _models(state: RunState) -> None:
    """Endpoints need their models, so a run over endpoints includes them."""
    if not (state.handles("models") or state.handles("endpoints")):
        return
    result = state.run("models", ModelKind(state.scope), state.declared("models"))
    for model in result.resources.get("models", ()):
        if model.error:
            state.carried.failed_models.append(model.name)
        else:
            state.carried.generations[model.name] = model.facts["model_name"]


def _alarms(state: RunState) -> None:
    """A run with endpoints deletes undeclared alarms with them."""
    if state.handles("alarms"):
        result = state.run("alarms", AlarmKind(state.scope), state.declared("alarms"))
        state.carried.failed_alarms += [each.name for each in result.resources.get("alarms", ()) if each.error]
        if not state.handles("endpoints"):
            _delete_undeclared_alarms(state)


def _delete_undeclared_alarms(state: RunState) -> None:
    readable = [each for each in state.declared_endpoints if each.name not in state.carried.unreadable_endpoints]
    try:
        found = find_undeclared_alarms(state.scope, state.api, readable)
    except CallFailed as failure:
        state.fail(f"alarms that are no longer declared were not deleted, because reading them failed: {failure}")
        return
    for refusal in found.refusals:
        state.fail(refusal)
    if found.needed:
        names = ", ".join(found.needed)
        state.settings.warn(
            f"alarms that are no longer declared are kept while their endpoints are being updated: {names}"
        )
    state.delete("alarms", AlarmKind(state.scope), [{"alarm_name": name} for name in found.to_delete])


def _endpoints(state: RunState) -> None:
    if not state.handles("endpoints"):
        return
    kind = EndpointKind(
        state.scope,
        state.carried.generations,
        state.declaration.keep_generations,
        failed_models=state.carried.failed_models,
        failed_alarms=state.carried.failed_alarms,
        scaling_bounds={
            (each["endpoint_name"], each["variant_name"]): Bounds(each.get("min_capacity") or 0, each["max_capacity"])
            for each in state.entries["targets"]
            if each.get("max_capacity") is not None
        },
        seen=_still_valid(state),
        begun=begun_by(state.pending),
    )
    desired = _awaited(state, kind) if state.pending else state.declared_endpoints
    state.run("endpoints", kind, [kind.resolved(each) for each in desired], resume=state.pending)


def _awaited(state: RunState, kind: EndpointKind) -> list[DesiredEndpoint]:
    """Of many declared endpoints those that an earlier call has begun to wait for."""
    names = {each["name"] for each in state.pending}
    entries = [each for each in state.entries["endpoints"] if each["endpoint_name"] in names]
    return desired_of(kind, entries, "endpoints", False)


def _still_valid(state: RunState) -> Seen:
    """The descriptions of endpoints, unless this run has changed something since; failures to read stay."""
    has_written = not state.settings.check_mode and state.result.changed
    return {name: answer for name, answer in state.seen.items() if isinstance(answer, CallFailed) or not has_written}


def _scaling(state: RunState) -> None:
    """A run with endpoints removes undeclared scaling with them."""
    if not state.handles("scaling"):
        return
    planned = state.plans if state.settings.check_mode else []
    names = [] if state.handles("endpoints") else [each.name for each in state.declared_endpoints]
    kind = ScalingKind(state.scope, restored(planned), names, deleted_alarms(planned))
    state.run("targets", kind, _targets_of_finished(state))
    if not state.handles("endpoints"):
        _warn_of_missing_scaling(state, kind)
        _warn_of_undeclared_scaling(state)


def _warn_of_missing_scaling(state: RunState, kind: ScalingKind) -> None:
    """Of variants that are not declared; the others have failed because of it."""
    try:
        missing = kind.missing(state.api)
    except CallFailed as failure:
        state.settings.warn(f"could not look for scaling that an earlier run left missing: {failure}")
        return
    declared = {
        VariantId(each.name, variant).resource_id
        for each in state.declared_endpoints
        for variant in variants_of(each.config)
    }
    for resource_id in missing.keys() - declared:
        state.settings.warn(f"{variant_of(resource_id).endpoint}: {missing[resource_id]}")


def _targets_of_finished(state: RunState) -> t.Sequence[DesiredScaling]:
    """The targets of endpoints that are in service; AWS cannot scale the others yet."""
    declared: list[DesiredScaling] = state.declared("targets")
    variants = {each.name: variant_of(each.name) for each in declared}
    if waiting := [of for of in variants.values() if of.endpoint in state.carried.unfinished_endpoints]:
        names = ", ".join(f"{of.endpoint}/{of.variant}" for of in waiting)
        state.settings.warn(
            f"autoscaling of {names} is left to the next run, because the endpoints do not serve what is declared yet"
        )
    held_back = {*state.carried.failed_endpoints, *state.carried.unfinished_endpoints}
    return [each for each in declared if variants[each.name].endpoint not in held_back]


def _warn_of_undeclared_scaling(state: RunState) -> None:
    try:
        found = find_undeclared_scaling(state.scope, state.api, state.declared_endpoints)
    except CallFailed as failure:
        state.settings.warn(f"could not look for scaling that is no longer declared: {failure}")
        return
    if found:
        state.settings.warn(
            f"scaling of {', '.join(found)} is no longer declared; a run that includes endpoints removes it"
        )


def _undeclared(state: RunState) -> list[Options]:
    """The endpoints that this deployment owns beside those that are declared, if the run leaves them."""
    is_whole = state.handles("endpoints") and state.handles("prune")
    if state.result.pending or state.settings.is_for_deletion or state.has_pruned:
        return []
    if not is_whole or not state.scope.trusts_tags:
        return []
    names = [each["endpoint_name"] for each in state.entries["endpoints"]]
    try:
        return undeclared_endpoints(state.scope, state.api, names)
    except CallFailed as failure:
        cause = cause_of(str(failure))
        if cause is None or cause not in map(cause_of, state.result.errors):
            state.settings.warn(f"could not look for endpoints that are not declared: {failure}")
        return []


def roll_back(
    scope: Scope, endpoints: t.Sequence[Options], api: Api, settings: Settings, pending: t.Sequence[Options] = ()
) -> ModuleResult:
    """The result, in the form of a run over a whole deployment; *pending* comes from the previous call."""
    kind = RollbackKind(scope, begun_by(pending))
    try:
        desired = desired_of(kind, endpoints, "endpoints", False)
        if not desired:
            raise InvalidInput([Problem("endpoints", "empty; name at least one endpoint to roll back")])
    except InvalidInput as error:
        return ModuleResult.failure(not_valid(error.problems))
    run = Run(api, kind, desired, settings, plural="endpoints", resume=pending, is_brief=True)
    return run.execute().with_every_kind().replaced(plans=run.outcomes)
