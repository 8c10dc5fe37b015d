# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the referee of the simulator what each run of the role declares."""

from __future__ import annotations

import os
import typing as t
from unittest import mock

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import KINDS, ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import Compiled
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_document import Context
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plans import with_diff_and_report
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import ProgressAction

from simulator.client import Simulator
from simulator.testing import ACCOUNT
from tests.scenarios.briefs import declared, ending

Options = dict[str, t.Any]
_ROLLED_BACK = "rolled_back"


def brief_runs() -> None:
    """From now on, in this process and in what it forks, each run of the role is reported to the referee."""
    in_slices = ProgressAction.in_slices

    def briefed(action: ProgressAction, options: Options, task_vars: Options) -> ModuleResult:
        simulator, brief = Simulator(os.environ.get("AWS_ENDPOINT_URL", "")), _brief(action, options)
        number = _begun(simulator, brief) if brief else None
        if brief is None or number is None:
            return in_slices(action, options, task_vars)
        end: Options = {"text": "", "is_cut_off": True}
        try:
            result = in_slices(action, options, task_vars)
            shown, _document = with_diff_and_report(result, Context("", "", bool(brief["check"]), 0.0))
            end = ending(shown.as_data(), list(map(str, result.warnings)))
        finally:
            simulator.referee_end(**end, run=number)
        return result

    mock.patch.object(ProgressAction, "in_slices", briefed).start()


def _begun(simulator: Simulator, brief: Options) -> int | None:
    """The number of the run; None where no simulator answers, which some tests are about."""
    try:
        return simulator.referee_begin(brief)
    except OSError:
        return None


def _brief(action: ProgressAction, options: Options) -> Options | None:
    """None where the task itself has the resources, or the account is not known."""
    is_known = {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID"} <= os.environ.keys() and not options.get("profile")
    if options.get("source") != "inventory" or not is_known:
        return None
    state = options.get("state", "present")
    parts = options.get("parts") or ("endpoints",)
    brief = _going_back(options) if state == _ROLLED_BACK else declared(_compiled(options))
    return brief | {
        "access_key": os.environ["AWS_ACCESS_KEY_ID"],
        "account": ACCOUNT,
        "region": options.get("region") or os.environ["AWS_DEFAULT_REGION"],
        "deployment": options.get("deployment"),
        "state": state,
        "prune": bool(options.get("prune")),
        "check": bool(action._task.check_mode),
        "is_confirmed": options.get("confirm") == options.get("deployment"),
        "reads_endpoints": not {"endpoints", "scaling"}.isdisjoint(parts),
    }


def _compiled(options: Options) -> Compiled:
    return Compiled(**{plural: options.get(plural) or [] for plural in KINDS}, warnings=())


def _going_back(options: Options) -> Options:
    names = [each if isinstance(each, str) else each["endpoint_name"] for each in options.get("endpoints") or ()]
    return {"endpoints": dict.fromkeys(names)}
