# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last words of a run: a sum, and below it what happens to each endpoint, the gravest first."""

from __future__ import annotations

import re
import typing as t

from ..module_utils._engine.results import Data
from .plan_document import GRAVEST_FIRST

DONE = {
    "delete": "deleted",
    "replace (outage)": "replaced (outage)",
    "redeploy": "redeployed",
    "create": "created",
    "in place": "changed in place",
}
DUE = {
    "delete": "to delete",
    "replace (outage)": "to replace (outage)",
    "redeploy": "to redeploy",
    "create": "to create",
    "in place": "in place",
}
_VERBS = {action: "change" if action == "in place" else action.partition(" ")[0] for action in GRAVEST_FIRST}
_READING_ORDER = ("create", "redeploy", "in place", "replace (outage)", "delete")
_COLOURS = {"delete": "red", "replace (outage)": "red", "redeploy": "yellow", "create": "green", "in place": "yellow"}
_EXTRA = re.compile(r"\+(\d+) (\S+) while both fleets run")
_MOST_LINES = 60


class Line(t.NamedTuple):
    """A line for a terminal; the colour is one of ansible-core's names, or empty."""

    text: str
    colour: str = ""


def summary_of(document: Data) -> list[Line]:
    """The block for one host; where nothing changes, it is one line."""
    lines = [Line(_sum(document), _colour_of_sum(document))]
    changes = document["changes"]
    for endpoint, members in grouped(changes):
        lines.append(Line(f"  endpoint {endpoint}" if endpoint else "  models"))
        lines += [_line(change) for change in members]
    if len(lines) > _MOST_LINES:
        more = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], Line(f"  and {more} more lines, which --diff shows")]
    lines += [Line(f"  undeclared: {_undeclared(each)}", "yellow") for each in document["undeclared"]]
    if document["mode"] == "apply":
        made = {change["name"] for change in changes if change["kind"] == "endpoint" and change["action"] == "create"}
        new = [each for each in document["endpoints"] if each["name"] in made and "invocation_url" in each]
        lines += [Line(f"  {each['name']}: {each['invocation_url']}", "green") for each in new]
    return lines


def _sum(document: Data) -> str:
    is_plan = document["mode"] == "plan"
    head = f"{'Plan for' if is_plan else 'Applied to'} {document['host']} (deployment {document['deployment']})"
    if not is_plan:
        head += f" in {duration(document['seconds'])}"
    parts = [_counted(document, action, DUE if is_plan else DONE) for action in _READING_ORDER]
    if document["outcome"] == "failed":
        failed = sum(change["failed"] for change in document["changes"])
        body = ", ".join(filter(None, (f"{failed} failed" if failed else "failed", *parts)))
    elif not document["changes"]:
        body = "nothing to change"
    else:
        body = ", ".join(filter(None, parts))
    undeclared = len(document["undeclared"])
    return f"{head}: {body}" + (f"; {plural(undeclared, 'endpoint')} undeclared" if undeclared else "")


def _counted(document: Data, action: str, words: t.Mapping[str, str]) -> str:
    count = document["counts"][action]
    if not count:
        return ""
    done = [change for change in document["changes"] if not change["failed"]]
    extra = while_both_run(done) if action == "redeploy" else ""
    return f"{count} {words[action]}" + (f" ({extra})" if extra else "")


def while_both_run(changes: t.Sequence[Data]) -> str:
    """The instances that rollouts take for a while, summed up by type."""
    totals: dict[str, int] = {}
    for note in (note for change in changes for note in change["notes"]):
        for number, instance_type in _EXTRA.findall(note):
            totals[instance_type] = totals.get(instance_type, 0) + int(number)
    listed = ", ".join(f"+{number} {name}" for name, number in sorted(totals.items()))
    return f"{listed} while both fleets run" if listed else ""


def grouped(changes: t.Sequence[Data]) -> list[tuple[str, list[Data]]]:
    """By endpoint, the one with the gravest change first; at the end, without a name, what belongs to none."""
    groups: dict[str, list[Data]] = {}
    for change in changes:
        groups.setdefault(change["endpoint"] or "", []).append(change)
    order = sorted(groups, key=lambda name: (not name, GRAVEST_FIRST.index(groups[name][0]["action"]), name))
    return [(name, groups[name]) for name in order]


def _line(change: Data) -> Line:
    notes = f" ({'; '.join(change['notes'])})" if change["notes"] else ""
    what = f"{change['kind']} {change['name']}{notes}"
    if change["failed"]:
        return Line(f"    {'failed':<16} to {_VERBS[change['action']]} {what}", "red")
    return Line(f"    {change['action']:<16} {what}", _COLOURS[change["action"]])


def _colour_of_sum(document: Data) -> str:
    if document["outcome"] == "failed":
        return "red"
    gravest = next((action for action in GRAVEST_FIRST if document["counts"][action]), None)
    return _COLOURS[gravest] if gravest else "green"


def _undeclared(endpoint: Data) -> str:
    details = [endpoint[key] for key in ("age", "instances") if endpoint.get(key)]
    return f"endpoint {endpoint['name']}" + (f" ({', '.join(details)})" if details else "")


def duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
