# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans in files: written for approval, and read again by the run that applies them."""

from __future__ import annotations

import json
import os
import re
import typing as t
from pathlib import Path

from ..module_utils._engine.results import Data
from .html_report import html_of
from .plan_document import FORMAT_VERSION, digest_of

_SUFFIXES = {"json": ".json", "markdown": ".md", "html": ".html"}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_NAMED = 5


class NoPlan(Exception):
    """Why an approved plan cannot be carried out."""


def write(path: str, formats: t.Collection[str], document: Data, markdown: str) -> list[str]:
    """The paths of the files, which are replaced whole; raises OSError."""
    target = Path(path).expanduser()
    texts = {
        "json": lambda: json.dumps(document, indent=2, default=str) + "\n",
        "markdown": lambda: markdown + "\n",
        "html": lambda: html_of(document),
    }
    written = []
    for name in formats:
        file = target if name == "json" else target.with_suffix(_SUFFIXES[name])
        _replace(file, texts[name]())
        written.append(str(file))
    return written


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def approved(plan: str) -> Data:
    """The document in a file, or a document with only a digest; raises NoPlan."""
    if _DIGEST.fullmatch(plan):
        return {"digest": plan}
    try:
        document = json.loads(Path(plan).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise NoPlan(f"the approved plan cannot be read: {error}") from error
    except ValueError as error:
        raise NoPlan(f"{plan} is not a plan file: {error}") from error
    if not isinstance(document, dict) or document.get("format_version") != FORMAT_VERSION:
        raise NoPlan(
            f"{plan} is not a plan in format {FORMAT_VERSION}; create it again with this version of the collection"
        )
    if document.get("outcome") == "failed":
        raise NoPlan(f"{plan} is the plan of a run that failed: {'; '.join(document.get('errors', ()))}")
    return document


def refuse_other(approved_plan: Data, now: Data) -> None:
    """Raises NoPlan where what would be done now is not what was approved, and names the difference."""
    if now["digest"] == approved_plan["digest"]:
        return
    if "changes" not in approved_plan:
        raise NoPlan(
            f"the plan differs from the approved one: its digest is now {now['digest']}; plan and approve again"
        )
    before = {_key(each): each for each in approved_plan["changes"]}
    after = {_key(each): each for each in now["changes"]}
    lines = [
        *(f"{_title(after[key])} is not in the approved plan" for key in after if key not in before),
        *(f"{_title(before[key])} is in the approved plan, but no longer needed" for key in before if key not in after),
        *(
            _changed(before[key], after[key])
            for key in before
            if key in after and digest_of([before[key]]) != digest_of([after[key]])
        ),
    ]
    more = len(lines) - _MOST_NAMED
    named = lines[:_MOST_NAMED] + ([f"and {more} more differences"] if more > 0 else [])
    raise NoPlan(
        "\n- ".join(["the plan differs from the approved one; nothing was changed, so plan and approve again:", *named])
    )


def _key(change: Data) -> tuple[str, str]:
    return change["kind"], change["name"]


def _title(change: Data) -> str:
    return f"{change['action']} {change['kind']} {change['name']}"


def _changed(before: Data, after: Data) -> str:
    if before["action"] != after["action"]:
        return f"{_title(before)} is in the approved plan, but the action would now be {after['action']}"
    was = {each["path"]: [each["before"], each["after"]] for each in before["differences"]}
    now = {each["path"]: [each["before"], each["after"]] for each in after["differences"]}
    path = next((path for path in [*now, *was] if was.get(path) != now.get(path)), None)
    if path is None:
        return f"{_title(after)}: {'; '.join(after['notes']) or 'no note'} instead of {'; '.join(before['notes'])}"
    return f"{_title(after)}: {path} is {_both(now.get(path))} instead of {_both(was.get(path))}"


def _both(values: list[t.Any] | None) -> str:
    return " → ".join(map(str, values)) if values else "unchanged"
