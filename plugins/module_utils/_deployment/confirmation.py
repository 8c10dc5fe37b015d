# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run that destroys or prunes would delete, and when it asks for the name of the deployment before it does."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._aws import sagemaker
from .._aws.client import Api, CallFailed
from .._aws.sagemaker import Summary
from .._engine.ownership import Scope, Tags, may_delete
from .._engine.plan import Refused
from .._engine.requests import Options
from .._resources.endpoint.protection import HOW_TO_LIFT, is_protected
from .._resources.generations import list_generations
from ..problems import first_of, quoted
from .undeclared import Undeclared

_MOST_NAMED = 10
_OF_ENDPOINTS = {"alarms", "endpoints", "scaling"}

Lists: t.TypeAlias = t.Mapping[str, t.Sequence[Options]]


@dataclass(frozen=True, kw_only=True)
class Deletions:
    """The names of what would be deleted, each with all its generations."""

    endpoints: t.Sequence[str] = ()
    protected: t.Sequence[str] = ()
    """Those of the endpoints that are protected from deletion."""
    configurations: t.Sequence[str] = ()
    """The endpoints of which only configurations are left."""
    models: t.Sequence[str] = ()


def of_prune(found: Undeclared) -> Deletions:
    """What pruning would delete."""
    return Deletions(
        endpoints=found.existing,
        protected=[name for name in found.existing if is_protected(found.tags[name])],
        configurations=sorted({each["endpoint_name"] for each in found.endpoints} - set(found.existing)),
        models=[each["model_name"] for each in found.models],
    )


def of_destroy(scope: Scope, api: Api, entries: Lists, parts: t.Collection[str], limit: int) -> Deletions:
    """What destroying would delete of what is declared; kinds that cannot exceed *limit* are not read.

    A protected endpoint counts also where only its alarms or its scaling would go.
    Raises CallFailed or Refused where it is not known of everything: what is not counted, or may be protected, would
    let the run delete what its plan has refused.
    """
    does_endpoints = "endpoints" in parts
    endpoints = {each["endpoint_name"]: each for each in entries["endpoints"]} if _OF_ENDPOINTS & {*parts} else {}
    tags = _tags_of_endpoints(api, [*endpoints])
    own = {name: found for name, found in tags.items() if may_delete(scope, found)}
    models = [each["model_name"] for each in entries["models"]] if "models" in parts else []
    return Deletions(
        endpoints=sorted(own) if does_endpoints else (),
        protected=sorted(name for name in own if is_protected(own[name]) or endpoints[name].get("deletion_protection")),
        configurations=_with_generations(
            scope, api, endpoints.keys() - tags.keys() if does_endpoints else (), limit, sagemaker.list_endpoint_configs
        ),
        models=_with_generations(scope, api, models, limit, sagemaker.list_models),
    )


def _tags_of_endpoints(api: Api, names: t.Sequence[str]) -> dict[str, Tags]:
    """By name, the tags of the endpoints that exist and are not being deleted."""

    def tags(name: str) -> Tags | None:
        found = sagemaker.describe_endpoint(api, name)
        if found is None or found["EndpointStatus"] == "Deleting":
            return None
        return sagemaker.list_tags(api, found["EndpointArn"])

    found: dict[str, Tags] = {}
    for name, answer in zip(names, api.each(tags, names), strict=True):
        if isinstance(answer, CallFailed):
            raise Refused(f"{name}: {answer}")
        if answer is not None:
            found[name] = answer
    return found


def _with_generations(
    scope: Scope,
    api: Api,
    names: t.Collection[str],
    limit: int,
    list_: t.Callable[[Api, str | None], list[Summary]],
) -> list[str]:
    if len(names) <= limit:
        return []
    generations = list_generations(api, names, list_)
    tags = sagemaker.tags_of(api, [each for listed in generations.values() for each in listed])
    return sorted(
        name
        for name, listed in generations.items()
        if any(each.name in tags and may_delete(scope, tags[each.name]) for each in listed)
    )


def refusal(found: Deletions, limit: int, scope: Scope, confirmation: str | None) -> str | None:
    """Why nothing is deleted before the name of the deployment is given; None if it is given, or not needed.

    It is needed for more than *limit* of a kind.
    """
    kinds = (
        ("", "endpoint", found.endpoints),
        ("the configurations of ", "deleted endpoint", found.configurations),
        ("", "model", found.models),
    )
    reasons = [
        f"{prefix}{_listed(names, kind)} would be deleted, more than prune_limit allows ({limit})"
        for prefix, kind, names in kinds
        if len(names) > limit
    ]
    if found.protected:
        verb = "are" if len(found.protected) > 1 else "is"
        reasons.append(f"{_listed(found.protected, 'endpoint')} {verb} protected from deletion (deletion_protection)")
    if not reasons or is_confirmed(scope, confirmation):
        return None
    option = "sagemaker_inference_confirm (the module's confirm)"
    given = f" instead of {quoted(confirmation)}" if confirmation else ""
    advice = f"to delete everything listed here, set {option} to {quoted(scope.deployment)}{given}"
    otherwise = f"; or, for a protected endpoint, {HOW_TO_LIFT}" if found.protected else ""
    return f"{'; '.join(reasons)}; {advice}{otherwise}"


def is_confirmed(scope: Scope, confirmation: str | None) -> bool:
    """Whether the user has confirmed the deletion with the name of the deployment."""
    return bool(confirmation) and confirmation == scope.deployment


def _listed(names: t.Sequence[str], kind: str) -> str:
    return f"{len(names)} {kind}{'s' if len(names) > 1 else ''} ({first_of(names, _MOST_NAMED)})"
