# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes values of environment variables from the error messages of AWS."""

from __future__ import annotations

import json
import re
import typing as t

_HIDDEN = "(hidden)"
_SHORT = 4
"""Shorter values occur in other words by chance."""


def secrets_in(parameters: t.Any) -> set[str]:
    """The values under each ``Environment`` in the parameters of a call."""
    if isinstance(parameters, (list, tuple)):
        return {value for each in parameters for value in secrets_in(each)}
    if not isinstance(parameters, dict):
        return set()
    own = parameters.get("Environment")
    found = {str(value) for value in own.values() if value} if isinstance(own, dict) else set()
    return found | secrets_in(list(parameters.values()))


def masked(text: str, secrets: t.Iterable[str]) -> str:
    """The text without the secrets, also in quoted form; short ones are removed only as whole words."""
    written = {form for secret in secrets for form in _forms(secret)}
    for secret in sorted(written, key=len, reverse=True):
        pattern = re.escape(secret)
        text = re.sub(pattern if len(secret) >= _SHORT else rf"(?<!\w){pattern}(?!\w)", _HIDDEN, text)
    return text


def _forms(secret: str) -> set[str]:
    """The value as it is, and between the quotes of JSON or of a programming language."""
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
