# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module whose invocation, which Ansible adds to every result, does not carry the values of environment variables.

``no_log`` would not do: it masks every occurrence of a value in the whole result, and a value such as ``1`` occurs in
many a name.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.compare import HIDDEN

_SECRET_OPTION = "environment"
_LONG_LIST = 20


def without_secrets(value: t.Any) -> t.Any:
    """*value* with the values under every option ``environment`` hidden."""
    if isinstance(value, dict):
        return {
            key: _hidden(inner) if key == _SECRET_OPTION else without_secrets(inner) for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [without_secrets(inner) for inner in value]
    return value


def abridged(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """*params* with long lists of resources as their length: they would double the size of a fleet's result."""
    return {
        name: f"{len(value)} entries" if isinstance(value, list) and len(value) > _LONG_LIST else value
        for name, value in params.items()
    }


def _hidden(environment: t.Any) -> t.Any:
    if isinstance(environment, dict):
        return dict.fromkeys(environment, HIDDEN)
    return None if environment is None else HIDDEN


class QuietModule(AnsibleModule):
    def _return_formatted(self, kwargs: dict[str, t.Any]) -> None:
        kwargs["invocation"] = {"module_args": without_secrets(abridged(self.params))}
        super()._return_formatted(kwargs)


def new_quiet_module(**arguments: t.Any) -> AnsibleAWSModule:
    """An AnsibleAWSModule that neither returns nor, for ``no_log`` here means just that, writes secrets to syslog."""
    AnsibleAWSModule.default_settings["module_class"] = QuietModule
    return AnsibleAWSModule(no_log=True, **arguments)
