# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that decide which resources a run touches: a blank or impossible value is refused, not interpreted."""

from __future__ import annotations

import typing as t
import unicodedata

from ..problems import Problem, quoted

ALLOWED = (
    "allowed: 1 to 256 letters, digits, spaces and _ . : / = + - @, without a space at either end, and not beginning "
    "with aws:"
)
_LONGEST = 256
_SIGNS = "_.:/=+-@"
_PLACES = ("region", "profile")
"""Options that amazon.aws would take from the environment or the machine if they are blank."""
_FILES = ("plan_file", "approved_plan")
"""Options without which a run continues without approval, or leaves nothing to approve."""
_COUNTS = ("keep_generations", "prune_limit", "wait_timeout", "progress_interval", "parallelism")
"""A negative number would count from the end, or be taken for none."""


def deployment_fault(name: object) -> str | None:
    """Why the name is blank or AWS would not accept it as the value of a tag; None if it is valid."""
    # [D] API reference of SageMaker, Tag: up to 256 of letters, digits, separators and these signs, and no prefix aws:.
    # That spaces at the ends do not last is a guess.
    text = "" if name is None else str(name)
    if not text.strip():
        fault = f"{_shown(name)} is blank"
    elif len(text) > _LONGEST:
        fault = f"{quoted(name)} has {len(text)} characters"
    elif foreign := next((sign for sign in text if not _is_taken(sign)), None):
        fault = f"{quoted(name)} contains {quoted(foreign)}"
    elif text != text.strip():
        fault = f"{quoted(name)} begins or ends with a space"
    elif text.lower().startswith("aws:"):
        fault = f"{quoted(name)} begins with aws:, which AWS reserves for itself"
    else:
        return None
    return f"{fault}; {ALLOWED}"


def _is_taken(sign: str) -> bool:
    return sign in _SIGNS or unicodedata.category(sign)[0] in "LNZ"


def blank_fault(value: object) -> str | None:
    """Why the value is blank, for example because of an unset environment variable or an empty survey answer."""
    is_blank = value is None or (isinstance(value, str) and not value.strip())
    return f"{_shown(value)} is blank; set it, or leave it out" if is_blank else None


def _shown(value: object) -> str:
    return "null" if value is None else quoted(value)


def problems_of_options(params: t.Mapping[str, t.Any], excused: t.Collection[str] = ()) -> list[Problem]:
    """What is wrong with those among a module's options; *excused* may be blank."""
    return [Problem(path, fault) for path, fault in _faults(params, excused) if fault]


def _faults(params: t.Mapping[str, t.Any], excused: t.Collection[str]) -> t.Iterator[tuple[str, str | None]]:
    given = {name: value for name, value in params.items() if value is not None}
    if "deployment" in given:
        yield "deployment", deployment_fault(given["deployment"])
    for name in (each for each in (*_PLACES, *_FILES) if each in given and each not in excused):
        yield name, blank_fault(given[name])
    for index, name in enumerate(given.get("endpoint_names", ())):
        yield f"endpoint_names[{index}]", blank_fault(name)
    for name in (each for each in _COUNTS if each in given):
        yield name, f"{given[name]} is below 0; allowed: 0 or more" if given[name] < 0 else None
