# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of sagemaker_deployment, and the declaration that they make."""

from __future__ import annotations

import typing as t

from .._deployment.run_state import Declaration
from .._engine.requests import Options
from .._engine.results import PARTS
from .argument_specs import ALARM, ENDPOINT, MODEL, TARGET
from .entry import scope_of
from .resource_spec import COMMON, WAITING, WITH_ROLLBACK

_SPECS = (MODEL, ALARM, ENDPOINT, TARGET)


def argument_spec() -> Options:
    lists: Options = {}
    for spec in _SPECS:
        lists |= spec.as_list
    return {
        **{name: spec | {"default": []} for name, spec in lists.items()},
        **COMMON,
        **WAITING,
        **WITH_ROLLBACK,
        "deployment": {"type": "str", "required": True},
        "parts": {"type": "list", "elements": "str", "choices": list(PARTS), "default": list(PARTS)},
        "prune": {"type": "bool", "default": False},
        "prune_limit": {"type": "int", "default": 5},
        "confirm": {"type": "str"},
        "keep_generations": {"type": "int", "default": 1},
        "allow_replace": {"type": "bool"},
        "adopt": {"type": "bool"},
        "source": {"type": "str", "choices": ["options", "inventory"], "default": "options"},
        "diff": {"type": "str", "choices": ["inventory", "full"], "default": "inventory"},
        "strict": {"type": "bool", "default": False},
        "plan_file": {"type": "path"},
        "plan_formats": {
            "type": "list",
            "elements": "str",
            "choices": ["json", "markdown", "html"],
            "default": ["json"],
        },
        "approved_plan": {"type": "str"},
    }


def declaration_of(params: t.Mapping[str, t.Any]) -> Declaration:
    """What the options declare."""
    return Declaration(
        scope=scope_of(params),
        entries={spec.plural: spec.entries(params) for spec in _SPECS},
        parts=params["parts"],
        prune=params["prune"],
        prune_limit=params["prune_limit"],
        confirmation=params["confirm"],
        keep_generations=params["keep_generations"],
    )
