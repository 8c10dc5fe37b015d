# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How modules declare resources: flat options for one, or a list of the same options for many."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._engine.requests import Options, given
from .._engine.results import PROGRESS
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
    PROGRESS: {"type": "dict"},
}
WITH_ROLLBACK: Options = {
    "state": {"type": "str", "choices": ["present", "absent", "rolled_back"], "default": "present"},
}
"""The states where there are endpoints."""
_TAGS: Options = {"tags": {"type": "dict", "aliases": ["resource_tags"]}}


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
        module = new_module_with_redaction(
            argument_spec=flat | self.as_list | COMMON | extra,
            supports_check_mode=True,
            required_one_of=[(self.names[0], self.plural)],
            required_together=[self.names] if len(self.names) > 1 else [],
            mutually_exclusive=[(self.plural, name) for name in flat if name not in self.shared],
        )
        if missing := self._missing(module.params):
            module.fail_json(msg=f"missing required arguments: {', '.join(missing)} (null is no value)")
        return module

    def _missing(self, params: t.Mapping[str, t.Any]) -> list[str]:
        """The options without a value that name the resource; Ansible takes an option that is null for given."""
        return [] if self.is_list(params) else [name for name in self.names if params[name] is None]

    def is_list(self, params: t.Mapping[str, t.Any]) -> bool:
        return params[self.plural] is not None

    def entries(self, params: t.Mapping[str, t.Any]) -> list[Options]:
        """The options of each resource that are set."""
        names = [*self.options, "tags"]
        if not self.is_list(params):
            return [given(**{name: params[name] for name in names})]
        shared = given(**{name: params.get(name) for name in self.shared})
        return [shared | given(**{name: each.get(name) for name in names}) for each in params[self.plural]]
