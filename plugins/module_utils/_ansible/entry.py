# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a module's options to a run, and from its result to the end of the process."""

from __future__ import annotations

import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.client import Api
from .._engine.kind import Desired, Kind, desired_of
from .._engine.ownership import Scope
from .._engine.requests import Options
from .._engine.results import PROGRESS, ModuleResult
from .._engine.runner import Run, Settings
from .._engine.waits import TimeLimit
from ..problems import InvalidInput, not_valid
from .connection import connect
from .preconditions import problems_of_options
from .resource_spec import ResourceSpec
from .sealed import sealed


def scope_of(params: t.Mapping[str, t.Any]) -> Scope:
    """On whose behalf the run acts; raises InvalidInput for a blank name, which would own what no deployment owns.

    A module has refused such a name when it was made; this is for whoever makes a scope in another way.
    """
    if problems := problems_of_options({"deployment": params["deployment"]}):
        raise InvalidInput(problems)
    return Scope(params["deployment"], params["purge_tags"], params["verify"] == "tags")


def settings_of(params: t.Mapping[str, t.Any], check_mode: bool, warn: t.Callable[[str], None]) -> Settings:
    """How the run goes, by the options of its module."""
    progress = params.get(PROGRESS) or {}
    limit = TimeLimit(
        timeout_seconds=float(params.get("wait_timeout") or 0),
        slice_seconds=progress.get("slice_seconds"),
        earlier_seconds=progress.get("elapsed_seconds", 0.0),
    )
    return Settings(
        check_mode=check_mode,
        is_for_deletion=params["state"] == "absent",
        limit=limit if params.get("wait", True) else None,
        warn=warn,
    )


def pending_of(params: t.Mapping[str, t.Any]) -> list[Options]:
    """The waits that an earlier call of the module has begun."""
    return list((params.get(PROGRESS) or {}).get("pending", ()))


def carried_of(params: t.Mapping[str, t.Any]) -> Options | None:
    """What an earlier call of the module passes on to this one."""
    return (params.get(PROGRESS) or {}).get("carried")


def connect_and_run(module: AnsibleAWSModule, spec: ResourceSpec, kind: Kind[Desired, t.Any]) -> None:
    """Ends the process of a module for one kind with its result."""
    desired = desired_or_exit(module, spec, kind, spec.entries(module.params))
    run_and_finish(module, connect(module, kind.services), spec, kind, desired)


def desired_or_exit(
    module: AnsibleAWSModule, spec: ResourceSpec, kind: Kind[Desired, t.Any], entries: t.Sequence[Options]
) -> list[Desired]:
    """What the options ask for; ends the process where they are not valid."""
    plural = spec.plural if spec.is_list(module.params) else ""
    try:
        return desired_of(kind, entries, plural, module.params["state"] == "absent")
    except InvalidInput as error:
        return t.cast("list[Desired]", module.fail_json(msg=not_valid(error.problems)))


def run_and_finish(
    module: AnsibleAWSModule,
    api: Api,
    spec: ResourceSpec,
    kind: Kind[Desired, t.Any],
    desired: t.Sequence[Desired],
    carried: Options | None = None,
) -> None:
    """Ends the process of a module with the result of the run, and with what is *carried* to a call that waits on."""
    run = Run(
        api,
        kind,
        desired,
        settings_of(module.params, module.check_mode, module.warn),
        plural=spec.plural,
        resume=pending_of(module.params),
        is_single=not spec.is_list(module.params),
    )
    result = run.execute()
    finish(module, result.replaced(carried=carried if result.pending else None))


def finish(module: AnsibleAWSModule, result: ModuleResult) -> None:
    """Ends the process of a module; the data that its action plugin relies on are sealed."""
    data = result.as_data()
    if PROGRESS in module.params:
        data = sealed(data)
    if data.pop("failed", False):
        module.fail_json(**data)
    module.exit_json(**data)
