# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a module's options to a checked API request."""

from __future__ import annotations

import typing as t

from .._aws.service_model import API_PARAMETERS, input_shape, to_api, to_options, violations, without_empty
from ..problems import InvalidInput, Problem, join
from .canonical import Request, Rules

try:
    from botocore import xform_name
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.

Options = dict[str, t.Any]

# [D] RoleARN is ignored and reads back as the service-linked role.
_OWNED = {"Tags": "use the option tags instead", "RoleARN": "AWS sets it; leave it out"}
"""Members that options must not set."""


def given(**options: t.Any) -> Options:
    """The options that have a value."""
    return {name: value for name, value in options.items() if value is not None}


def request_of(service: str, operation: str, options: Options, rules: Rules, is_for_deletion: bool = False) -> Request:
    """The request that *options* make, checked against the service model; for a deletion, its name is enough.

    Raises InvalidInput with every problem at once; what botocore merely does not know is left to AWS.
    """
    shape = input_shape(service, operation)
    request = t.cast("Request", to_api(shape, options))
    problems = [problem for problem in violations(shape, request) if not problem.is_warning]
    if is_for_deletion:
        problems = [problem for problem in problems if not problem.is_missing]
    problems += _repeated(rules, request)
    owned = {member: reason for member, reason in _OWNED.items() if member in request}
    problems += [Problem(join(API_PARAMETERS, xform_name(member)), reason) for member, reason in owned.items()]
    if problems:
        raise InvalidInput(problems)
    return request


def _repeated(rules: Rules, request: Request) -> list[Problem]:
    problems = []
    for path, named_by in rules.keyed_lists.items():
        if "." in path:
            continue
        names = [entry[named_by] for entry in request.get(path, ()) if isinstance(entry, dict) and named_by in entry]
        twice = sorted({name for name in names if names.count(name) > 1})
        problems += [Problem(xform_name(path), f'"{name}" is given twice') for name in twice]
    return problems


def sent_members(service: str, operation: str, description: t.Mapping[str, t.Any]) -> Request:
    """The part of a description that the request of *operation* could have sent.

    Without empty lists and maps: AWS may show one where nothing was sent, and which member is there has a meaning.
    """
    shape = input_shape(service, operation)
    known = {member: value for member, value in description.items() if member in shape.members}
    return t.cast("Request", without_empty(shape, known))


def options_of(service: str, operation: str, request: Request) -> Options:
    """The request in a module's options."""
    return t.cast("Options", to_options(input_shape(service, operation), request))
