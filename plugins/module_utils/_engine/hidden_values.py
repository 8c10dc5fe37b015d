# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options with the values of environment variables hidden."""

from __future__ import annotations

import hashlib
import hmac
import os
import typing as t

from .diff import HIDDEN

_SECRET_OPTION = "environment"
_KEY = os.urandom(32)
"""Of this process, and never written down."""


def with_stand_ins(value: t.Any) -> t.Any:
    """*value* with another text for every value of an environment, the same for equal ones in the same process only."""
    if isinstance(value, dict):
        return {
            key: _stand_ins(inner) if _is_secret(key) and inner else with_stand_ins(inner)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [with_stand_ins(inner) for inner in value]
    return value


def _stand_ins(environment: t.Any) -> t.Any:
    if isinstance(environment, dict):
        return {name: _stand_ins(value) for name, value in environment.items()}
    return hmac.new(_KEY, str(environment).encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def without_secrets(value: t.Any) -> t.Any:
    """*value* with the values under every option ``environment`` hidden."""
    if isinstance(value, dict):
        return {key: _hidden(inner) if _is_secret(key) else without_secrets(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_secrets(inner) for inner in value]
    return value


def _is_secret(key: object) -> bool:
    """In ``api_parameters``, it may be spelled as in the API."""
    return str(key).lower() == _SECRET_OPTION


def _hidden(environment: t.Any) -> t.Any:
    if isinstance(environment, dict):
        return dict.fromkeys(environment, HIDDEN)
    return None if environment is None else HIDDEN
