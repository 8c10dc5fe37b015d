# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs have to tell as one result, whether of several kinds or of one kind in several calls."""

from __future__ import annotations

import typing as t

ModuleResult = dict[str, t.Any]

KINDS = {"models": "model", "alarms": "alarm", "endpoints": "endpoint", "targets": "target"}


def merge_results(before: ModuleResult, after: ModuleResult) -> ModuleResult:
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
            known = [_latest(each, latest.pop(each["name"], None)) for each in before[plural]]
            result[plural] = [*known, *latest.values()]
        elif label in before and label in after:
            result[label] = _latest(before[label], after[label])
    errors = [*_errors(before), *_errors(after)]
    if before.get("failed") or after.get("failed"):
        result |= {"failed": True, "errors": errors, "msg": failure_message(result | {"errors": errors})}
    return result


def _errors(result: ModuleResult) -> list[str]:
    """A module that could not even start tells nothing but a message."""
    if "errors" in result or not result.get("failed"):
        return list(result.get("errors", ()))
    return [result.get("msg", "")]


def _latest(before: ModuleResult, after: ModuleResult | None) -> ModuleResult:
    if after is None:
        return before
    effect = after["effect"] if before["effect"] == "no change" else before["effect"]
    return {**before, **after, "changed": before["changed"] or after["changed"], "effect": effect}


def failure_message(result: ModuleResult) -> str:
    """How many of each kind failed, with a line for each, and after them what is about no declared resource."""
    lines = list(result["errors"])
    parts = []
    for plural, label in KINDS.items():
        resources = result.get(plural, [result[label]] if label in result else [])
        failed = [line for each in resources if "error" in each and (line := error_line(each)) in lines]
        if failed:
            parts.append("\n- ".join([f"{len(failed)} of {len(resources)} {plural} failed:", *failed]))
            lines = [line for line in lines if line not in failed]
    return "\n".join([*parts, *lines])


def error_line(resource: ModuleResult) -> str:
    return f"{resource['name']}: {resource['error']}"
