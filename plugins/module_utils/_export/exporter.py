# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read to an inventory, and a list of what the inventory does not express."""

from __future__ import annotations

import re
import typing as t
from collections import defaultdict
from dataclasses import dataclass

from .._engine.diff import HIDDEN
from .._inventory.reader import Tree
from .._resources.generations import LiveGeneration
from .draft import Draft
from .drop_invalid import fitted
from .fleet import Fleet
from .models import declared_models, key_of, newer_than, newest_first
from .omissions import Omission
from .round_trip import deviations

_ENVIRONMENT = "environment_variables"
_KEPT = 1
"""What keep_generations is unless it is set."""
_OLD = "an apply treats it as an old generation, and keeps only as many of those as keep_generations says"
_TEMPLATE = re.compile(r"\{[{%#]")
_TO_FILL_IN = "was not exported; fill it in, because an apply is refused without it"


@dataclass(frozen=True)
class Export:
    """An inventory in the documented schema, and what there is beside what it says."""

    inventory: Tree
    not_expressed: tuple[Omission, ...]


def export(fleet: Fleet, has_environment: bool) -> Export:
    """Without the environment, every variable in it is null, which the compiler refuses with its path."""
    models = declared_models(fleet)
    draft = Draft(fleet, models)
    inventory, unfit = fitted(draft.inventory, draft.fates)
    found = [*draft.left_out, *_old_generations(fleet, models), *unfit, *deviations(fleet, models, inventory)]
    if not has_environment:
        found += _emptied_environments(inventory)
    return Export(inventory, tuple(found))


def _old_generations(fleet: Fleet, models: t.Mapping[str, LiveGeneration]) -> t.Iterator[Omission]:
    """The generations of a model that an apply takes for old ones, beyond the one that it keeps for the way back.

    Those that are newer than the one in use are all listed: what the inventory has is not what was declared last.
    """
    used, unused = fleet.used_models, defaultdict[str, list[LiveGeneration]](list)
    for model in newest_first(fleet):
        if model.name not in used and model is not models[key_of(model)]:
            unused[key_of(model)].append(model)
    for key, chosen in models.items():
        for number, model in enumerate(unused[key]):
            if newer_than(model, chosen):
                reason = (
                    f"it is newer than {chosen.name}, which the inventory contains because an endpoint uses it; {_OLD}"
                )
                yield Omission(f"model {model.name}", "", None, True, reason)
            elif number >= _KEPT:
                reason = f"no endpoint uses it, and the inventory contains {chosen.name}; {_OLD}"
                yield Omission(f"model {model.name}", "", None, True, reason)


def _emptied_environments(inventory: Tree) -> t.Iterator[Omission]:
    for key, model in inventory["models"].items():
        for index, container in enumerate(model["container_definitions"].values()):
            environment = container.get(_ENVIRONMENT, {})
            for name in environment:
                environment[name] = None
                path = f"containers[{index}].environment.{name}"
                yield Omission(f"model {key}", path, HIDDEN, False, _TO_FILL_IN)


def as_variables(value: t.Any) -> t.Any:
    """The value as it has to stand in a file of variables, where braces in text begin a template."""
    if isinstance(value, dict):
        return {key: as_variables(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_variables(inner) for inner in value]
    return _TEMPLATE.sub(r"{{ '\g<0>' }}", value) if isinstance(value, str) else value
