# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of a deployment the tags of a run select.

The task of the role always runs, and asks here. If it had the parts as its tags, then ``--skip-tags alarms`` would skip
all of it, and a tag with a typing error would end a run without a word.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

from ..module_utils._engine.results import PARTS

UNDIVIDED = "sagemaker_inference_undivided"
"""The variable in which a task of the role names what cannot be run in parts."""


class NothingSelected(Exception):
    """Its text says which tags select nothing, and what would."""

    @property
    def result(self) -> dict[str, t.Any]:
        """The result of a task that is skipped because of it."""
        return {"skipped": True, "skipped_reason": str(self)}


def selected_parts(task: t.Any, variables: Mapping[str, t.Any]) -> list[str]:
    """The parts that this run is about; raises NothingSelected.

    Tags that the user gave to the role, or to the task that includes it, select all parts. What the role calls
    undivided, such as a rollback, is selected as a whole or not at all.
    """
    run, skip = _tags(variables)
    if undivided := variables.get(UNDIVIDED):
        if not _is_selected(_own(task), run):
            raise NothingSelected(f"{_said('--tags', run)} nothing: {undivided} has no parts that tags could select")
        return [*PARTS]
    named = [part for part in PARTS if part in run]
    wanted = named or (PARTS if _is_selected({*_own(task), *PARTS}, run) else ())
    if not wanted:
        raise NothingSelected(f"{_said('--tags', run)} none of its parts ({', '.join(PARTS)})")
    left = [part for part in wanted if part not in skip]
    if not left:
        raise NothingSelected(f"{_said('--skip-tags', skip)} nothing of {', '.join(wanted)}")
    return left


def _tags(variables: Mapping[str, t.Any]) -> tuple[list[str], list[str]]:
    return list(variables.get("ansible_run_tags", ["all"])), list(variables.get("ansible_skip_tags", ()))


def _own(task: t.Any) -> set[str]:
    """The tags that the user gave."""
    return {str(tag) for tag in task.tags} - {"always"}


def _is_selected(tags: set[str], run: Sequence[str]) -> bool:
    """As ansible-core decides it for a task with these tags."""
    return "all" in run or not tags.isdisjoint(run) or ("tagged" if tags else "untagged") in run


def _said(option: str, tags: Sequence[str]) -> str:
    verb = "select" if option == "--tags" else "leave"
    return f"{option} {','.join(tags)} {verb}{'s' if len(tags) == 1 else ''}"
