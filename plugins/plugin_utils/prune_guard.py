# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a run may prune: the user must have named the deployment and declared what to keep."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.dataloader import DataLoader
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import Problem, first_of

from .rivals import rivals
from .variables import PREFIX, is_of_role


def does_prune(options: Mapping[str, t.Any]) -> bool:
    """Whether a task of sagemaker_deployment prunes at its end."""
    parts = options.get("parts")
    is_asked_for = boolean(options.get("prune", False), strict=False)
    return is_asked_for and options.get("state") in (None, "present") and (parts is None or "prune" in parts)


def problems_of_pruning(
    task: t.Any, options: Mapping[str, t.Any], variables: Mapping[str, t.Any], loader: DataLoader
) -> list[Problem]:
    """Why a task that prunes may not."""
    if not does_prune(options):
        return []
    prefix = PREFIX if is_of_role(task) else ""
    problems = []
    if prefix and f"{PREFIX}deployment" not in variables:
        fault = 'not set, so the name is "default", which others may use too; a run that prunes needs a name of its own'
        problems.append(Problem(f"{PREFIX}deployment", fault))
    if options.get("source") != "inventory":
        fault = "not given, and a task that prunes deletes what is not listed; give an empty list to keep none"
        problems += [Problem(name, fault) for name in ("models", "endpoints") if options.get(name) is None]
    if others := rivals(task, options, variables, loader):
        fault = (
            f"this host has the same account, region and deployment as {first_of(others)}, so prune would delete what "
            "they declare"
        )
        advice = f"Give each host of the play a {prefix}deployment of its own, or set the regions if they differ"
        problems.append(Problem(f"{prefix}prune", f"{fault}. {advice}"))
    return problems
