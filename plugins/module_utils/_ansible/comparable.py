# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that an action plugin compares in the words of the inventory."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .._engine.plan import Plan


def without_requests(plans: t.Sequence[Plan]) -> list[Plan]:
    """The plans for an action plugin, which shows them unchanged."""
    return [dataclasses.replace(plan, compared=None) for plan in plans]


def without_masked_requests(plans: t.Sequence[Plan], secrets: t.Collection[str]) -> list[Plan]:
    """The plans without requests of which Ansible would mask a part, because the differences are shown unmasked.

    *secrets* are the values of options with ``no_log``. The changes of such a plan are shown in the words of AWS.
    """
    parts = [json.dumps(secret)[1:-1] for secret in secrets if secret]
    if not parts:
        return [*plans]
    return [
        plan if plan.compared is None or not _holds(plan.compared, parts) else dataclasses.replace(plan, compared=None)
        for plan in plans
    ]


def _holds(requests: t.Any, parts: t.Sequence[str]) -> bool:
    text = json.dumps(requests, default=str)
    return any(part in text for part in parts)
