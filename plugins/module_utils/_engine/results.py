# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs have to tell as one result, whether of several kinds or of one kind in several calls."""

from __future__ import annotations

import typing as t

Told = dict[str, t.Any]

KINDS = {"models": "model", "alarms": "alarm", "endpoints": "endpoint", "targets": "target"}


def joined(before: Told, after: Told) -> Told:
    """One result out of two: the latest word on each resource, and all that changed or failed in either."""
    if not before:
        return after
    result = {**before, **after, "changed": before["changed"] or after.get("changed", False)}
    if warnings := list(dict.fromkeys([*before.get("warnings", ()), *after.get("warnings", ())])):
        result["warnings"] = warnings
    for listed in {"diff", "plans"} & result.keys():
        result[listed] = [*before.get(listed, ()), *after.get(listed, ())]
    for plural, label in KINDS.items():
        if plural in before and plural in after:
            latest = {each["name"]: each for each in after[plural]}
            known = [_later(each, latest.pop(each["name"], None)) for each in before[plural]]
            result[plural] = [*known, *latest.values()]
        elif label in before and label in after:
            result[label] = _later(before[label], after[label])
    errors = [*_errors(before), *_errors(after)]
    if before.get("failed") or after.get("failed"):
        result |= {"failed": True, "errors": errors, "msg": failure_message(result | {"errors": errors})}
    return result


def _errors(told: Told) -> list[str]:
    """A module that could not even start tells nothing but a message."""
    if "errors" in told or not told.get("failed"):
        return list(told.get("errors", ()))
    return [told.get("msg", "")]


def _later(before: Told, after: Told | None) -> Told:
    if after is None:
        return before
    effect = after["effect"] if before["effect"] == "no change" else before["effect"]
    return {**before, **after, "changed": before["changed"] or after["changed"], "effect": effect}


def failure_message(told: Told) -> str:
    """How many of each kind failed, with a line for each, and after them what is about no declared resource."""
    lines = list(told["errors"])
    parts = []
    for plural, label in KINDS.items():
        resources = told.get(plural, [told[label]] if label in told else [])
        failed = [line for each in resources if "error" in each and (line := error_line(each)) in lines]
        if failed:
            parts.append("\n- ".join([f"{len(failed)} of {len(resources)} {plural} failed:", *failed]))
            lines = [line for line in lines if line not in failed]
    return "\n".join([*parts, *lines])


def error_line(resource: Told) -> str:
    return f"{resource['name']}: {resource['error']}"
