# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all modules have in common: the two spellings of their options and their module object."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass, field

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._engine.ownership import Scope
from .._engine.requests import Options
from ..problems import InvalidInput
from .preconditions import problems_of_options
from .redaction import new_module_with_redaction

COMMON: Options = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "purge_tags": {"type": "bool"},
    "deployment": {"type": "str"},
    "parallelism": {"type": "int", "default": 10},
    "verify": {"type": "str", "choices": ["tags", "full"], "default": "tags"},
}
WAITING: Options = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 3600},
    "progress_interval": {"type": "int", "default": 30},
    "wait_slice": {"type": "int"},
    "resume": {"type": "list", "elements": "dict"},
}
_TAGS: Options = {"tags": {"type": "dict", "aliases": ["resource_tags"]}}


@dataclass(frozen=True)
class Task:
    """What a module's process is asked for, and since when, in monotonic seconds."""

    params: t.Mapping[str, t.Any]
    check_mode: bool
    warn: t.Callable[[str], None]
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, module: AnsibleAWSModule) -> Task:
        return cls(module.params, module.check_mode, module.warn)


@dataclass(frozen=True)
class ResourceSpec:
    """How a module's resources are declared: flat options for one resource, or a list of the same options."""

    label: str
    names: tuple[str, ...]
    """The options that name the resource."""
    options: Options
    shared: tuple[str, ...] = ()
    """Those that may stand beside the list too, for every entry that does not have them."""

    @property
    def plural(self) -> str:
        return f"{self.label}s"

    @property
    def as_list(self) -> Options:
        """The argument spec of the list."""
        flat = self.options | _TAGS
        listed = {name: spec | {"required": True} if name in self.names else spec for name, spec in flat.items()}
        return {self.plural: {"type": "list", "elements": "dict", "options": listed}}

    def new_module(self, **extra: Options) -> AnsibleAWSModule:
        flat = self.options | _TAGS
        return new_module_with_redaction(
            argument_spec=flat | self.as_list | COMMON | extra,
            supports_check_mode=True,
            required_one_of=[(self.names[0], self.plural)],
            required_together=[self.names] if len(self.names) > 1 else [],
            mutually_exclusive=[(self.plural, name) for name in flat if name not in self.shared],
        )

    def is_list(self, params: t.Mapping[str, t.Any]) -> bool:
        return params[self.plural] is not None

    def declared(self, params: t.Mapping[str, t.Any]) -> list[tuple[str, Options]]:
        """The options of each resource that are set, with what stands before their paths in messages."""
        names = [*self.options, "tags"]
        if not self.is_list(params):
            return [("", drop_none({name: params[name] for name in names}))]
        shared = drop_none({name: params.get(name) for name in self.shared})
        return [
            (f"{self.plural}[{index}].", shared | drop_none({name: each.get(name) for name in names}))
            for index, each in enumerate(params[self.plural])
        ]


def drop_none(options: Options) -> Options:
    return {name: value for name, value in options.items() if value is not None}


def scope_of(params: t.Mapping[str, t.Any]) -> Scope:
    """Raises InvalidInput for a name that is none: whoever has no name by mistake must not own what has none."""
    if problems := problems_of_options({"deployment": params["deployment"]}):
        raise InvalidInput(problems)
    return Scope(params["deployment"], params["purge_tags"], params["verify"] == "tags")
