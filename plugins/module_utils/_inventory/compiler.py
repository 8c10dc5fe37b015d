# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory, in the words of the documented schema, to the options of the modules, in the words of AWS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .._engine.requests import Options
from ..problems import InvalidInput, Problem
from . import request_check, rules, variants
from . import warnings as lint
from .compile_alarms import alarm_options, composite_options
from .compile_endpoints import endpoint_options
from .compile_models import model_options
from .compile_scaling import target_options
from .endpoint_keys import INVENTORY
from .reader import Reader, Tree


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """Options of sagemaker_model, sagemaker_alarm, sagemaker_endpoint and sagemaker_scaling, one entry per resource."""

    models: list[Options]
    alarms: list[Options]
    endpoints: list[Options]
    targets: list[Options]
    warnings: tuple[Problem, ...]

    @property
    def lists(self) -> dict[str, list[Options]]:
        """The options by the lists of sagemaker_deployment."""
        return {"models": self.models, "alarms": self.alarms, "endpoints": self.endpoints, "targets": self.targets}


def compile_inventory(inventory: Mapping[str, object], strict: bool = False) -> Compiled:
    """Raises InvalidInput with every problem, in the order of the inventory; with *strict*, also with warnings."""
    reader = Reader()
    tree = reader.read(INVENTORY, inventory, "")
    broken = rules.problems(tree, are_models_known=isinstance(inventory.get("models"), Mapping))
    faults = [*reader.problems, *_but_for_faulty(broken, reader.problems)]
    problems = _in_order([*faults, *lint.problems(tree)], reader.order)
    _refuse(problem for problem in problems if strict or not problem.is_warning)
    compiled, unseen = _compiled(tree, tuple(problems))
    _refuse(unseen)
    return compiled


def _compiled(tree: Tree, warnings: tuple[Problem, ...]) -> tuple[Compiled, list[Problem]]:
    """The options, and what is wrong with the requests that they become."""
    models = [model_options(name, model, tree["additional_tags_all"]) for name, model in tree["models"].items()]
    endpoints = [endpoint_options(name, tree) for name in tree["endpoints"]]
    unseen = [problem for model in models for problem in request_check.model_problems(model)]
    unseen += [problem for endpoint in endpoints for problem in request_check.endpoint_problems(endpoint)]
    alarms: list[Options] = []
    targets: list[Options] = []
    for variant in variants.of_inventory(tree):
        for alarm in alarm_options(variant, tree):
            unseen += request_check.alarm_problems(alarm, variant.path)
            alarms.append(alarm)
        for target in target_options(variant, tree):
            unseen += request_check.target_problems(target, variant.path)
            targets.append(target)
    for name in tree["endpoints"]:
        for alarm in composite_options(name, tree):
            unseen += request_check.alarm_problems(alarm, variants.endpoint_path(name))
            alarms.append(alarm)
    return Compiled(models=models, alarms=alarms, endpoints=endpoints, targets=targets, warnings=warnings), unseen


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise InvalidInput(found)


def _but_for_faulty(broken: Iterable[Problem], faults: Iterable[Problem]) -> Iterator[Problem]:
    """The broken rules, except that a value is required which is given but not valid."""
    faulty = {fault.path for fault in faults}
    for problem in broken:
        if problem.path not in faulty or not problem.is_missing:
            yield problem


def _in_order(problems: Iterable[Problem], order: Mapping[str, int]) -> list[Problem]:
    """The problems in the order of their paths in the inventory, each once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: _place(problem.path, order))


def _place(path: str, order: Mapping[str, int]) -> int:
    while path not in order:
        path = path.rpartition(".")[0]
    return order[path]
