# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rollback of some endpoints of a deployment; nothing else in it is read."""

from __future__ import annotations

import typing as t

from .._aws.client import Api
from .._engine.declared import desired_of
from .._engine.ownership import Scope
from .._engine.requests import Options
from .._engine.results import ModuleResult
from .._engine.runner import Run, Settings
from .._resources.endpoint.rollback import RollbackKind, begun_by
from ..problems import InvalidInput, Problem, not_valid


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
