# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module whose invocation, which Ansible adds to every result, does not contain values of environment variables.

``no_log`` would not do: it masks every occurrence of a value in the whole result, and a value such as ``1`` occurs in
many a name.
"""

from __future__ import annotations

import gc
import os
import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule, aws_argument_spec

from .._engine.hidden_values import without_secrets
from ..problems import not_valid
from .preconditions import problems_of_options

_LONG_LIST = 20


def abridged(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """*params* with the lengths of long lists instead of the lists, which would double the size of the result."""
    return {
        name: f"{len(value)} entries" if isinstance(value, list) and len(value) > _LONG_LIST else value
        for name, value in params.items()
        if not name.startswith("_")
    }


class RedactingModule(AnsibleModule):
    def _return_formatted(self, kwargs: dict[str, t.Any]) -> None:
        kwargs["invocation"] = {"module_args": without_secrets(abridged(self.params))}
        # amazon.aws 11 also returns the warnings that it has handed on to this class, which ansible-core deprecates.
        for warning in kwargs.pop("warnings", ()):
            self.warn(warning)
        super()._return_formatted(kwargs)
        # The process ends now; Python would look through all that boto3 has loaded for garbage before that.
        gc.freeze()


def new_module_with_redaction(**arguments: t.Any) -> AnsibleAWSModule:
    """An AnsibleAWSModule that does not return secrets, and because of ``no_log`` does not write them to syslog.

    It ends at once if an option that decides what it would touch is blank or impossible.
    """
    AnsibleAWSModule.default_settings["module_class"] = RedactingModule
    module = AnsibleAWSModule(no_log=True, **arguments)
    if problems := problems_of_options(module.params, _excused(module.params)):
        module.fail_json(msg=not_valid(problems))
    return module


def _excused(params: t.Mapping[str, t.Any]) -> set[str]:
    """The options that are blank because a variable of the environment is, which is how a shell unsets one.

    Beside the task's own access keys, a blank profile means no profile for amazon.aws.
    """
    found = {name: [os.environ[each] for each in names if each in os.environ] for name, names in _fallbacks().items()}
    has_own_keys = bool(params["access_key"]) and params["access_key"] not in found["access_key"]
    return {name for name, values in found.items() if "" in values} | ({"profile"} if has_own_keys else set())


def _fallbacks() -> dict[str, list[str]]:
    """The variables of the environment that stand in for an option."""
    return {name: spec["fallback"][1] for name, spec in aws_argument_spec().items() if "fallback" in spec}
