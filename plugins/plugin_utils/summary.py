# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a run's output: the totals, and below them the changes of each endpoint, the most severe first."""

from __future__ import annotations

import re
import typing as t

from ..module_utils._engine.results import Data
from .plan_document import MOST_SEVERE_FIRST
from .timeline import duration

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
_TITLES = {
    "present": ("Plan for", "Applied to"),
    "absent": ("Destroy plan for", "Destroyed on"),
    "rolled_back": ("Rollback plan for", "Rolled back on"),
}
"""How the title begins, which ends in the host; of a plan, and of a run that did it."""
_VERBS = {action: "change" if action == "in place" else action.partition(" ")[0] for action in MOST_SEVERE_FIRST}
_READING_ORDER = ("create", "redeploy", "in place", "replace (outage)", "delete")
_COLOURS = {
    "delete": "DIFF_REMOVE",
    "replace (outage)": "DIFF_REMOVE",
    "redeploy": "CHANGED",
    "create": "DIFF_ADD",
    "in place": "CHANGED",
}
_OF_OUTCOME = {"failed": "ERROR", "changes": "CHANGED", "none": "OK"}
_EXTRA = re.compile(r"\+(\d+) (\S+) while both fleets run")
_MOST_LINES = 60


class Line(t.NamedTuple):
    """A line for a terminal; the colour is what ansible-core's setting ``COLOR_<name>`` is for, or empty."""

    text: str
    colour: str = ""


def summary_of(document: Data) -> list[Line]:
    """The block for one host; where nothing changes, it is one line."""
    lines = [Line(sum_of(document), _OF_OUTCOME[document["outcome"]])]
    changes = document["changes"]
    for endpoint, members in grouped([*without_change(document), *changes]):
        lines += _group(f"endpoint {endpoint}" if endpoint else title_of_others(members), members)
    if len(lines) > _MOST_LINES:
        more = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], Line(f"  and {more} more lines, which --diff shows")]
    for each in document["undeclared"]:
        lines.append(Line(f"  undeclared: endpoint {each['name']} ({', '.join(undeclared_details(each))})", "WARN"))
    if document["mode"] == "apply":
        made = {change["name"] for change in changes if (change["kind"], change["action"]) == ("endpoint", "create")}
        new = [each for each in document["endpoints"] if each["name"] in made and "invocation_url" in each]
        lines += [Line(f"  {each['name']}: {each['invocation_url']}", "OK") for each in new]
    return lines


def _group(title: str, changes: t.Sequence[Data]) -> list[Line]:
    """A title, and below it a line for each change; a change that is alone needs no title."""
    if len(changes) == 1:
        return [_line(changes[0], "  ")]
    return [Line(f"  {title}"), *(_line(change, "    ") for change in changes)]


def title_of(document: Data) -> str:
    """The words in front of the host."""
    plan, done = _TITLES[document["state"]]
    return plan if document["mode"] == "plan" else done


def sum_of(document: Data) -> str:
    """The first line: the counts of what is due or done, or of what failed."""
    is_plan = document["mode"] == "plan"
    head = f"{title_of(document)} {document['host']} (deployment {document['deployment']})"
    if not is_plan:
        head += f" in {duration(document['seconds'])}"
    parts = [_counted(document, action, DUE if is_plan else DONE) for action in _READING_ORDER]
    if document["outcome"] == "failed":
        failed = len(document["failures"])
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
    extra = while_both_run(done) if action == "redeploy" and words is DUE else ""
    return f"{count} {words[action]}" + (f" ({extra})" if extra else "")


def while_both_run(changes: t.Sequence[Data]) -> str:
    """The instances that rollouts take for a while, summed up by type."""
    totals: dict[str, int] = {}
    for note in (note for change in changes for note in change["notes"]):
        for number, instance_type in _EXTRA.findall(note):
            totals[instance_type] = totals.get(instance_type, 0) + int(number)
    listed = ", ".join(f"+{number} {name}" for name, number in sorted(totals.items()))
    return f"{listed} while both fleets run" if listed else ""


def without_change(document: Data) -> list[Data]:
    """What failed before it was known what to change."""
    planned = {(change["kind"], change["name"]) for change in document["changes"] if change["failed"]}
    others = [each for each in document["failures"] if (each["kind"], each["name"]) not in planned]
    return [each | {"action": None, "failed": True, "notes": []} for each in others]


def grouped(changes: t.Sequence[Data]) -> list[tuple[str, list[Data]]]:
    """By endpoint, failures and the most severe changes first; what belongs to no endpoint is last, without a name."""
    groups: dict[str, list[Data]] = {}
    for change in sorted(changes, key=severity):
        groups.setdefault(change["endpoint"] or "", []).append(change)
    order = sorted(groups, key=lambda name: (not name, severity(groups[name][0]), name))
    return [(name, groups[name]) for name in order]


def severity(change: Data) -> int:
    """The sort key: failures come first, then the most severe changes."""
    return -1 if change["failed"] else MOST_SEVERE_FIRST.index(change["action"])


def title_of_others(changes: t.Sequence[Data]) -> str:
    """The kinds of what belongs to no endpoint."""
    return " and ".join(sorted({f"{change['kind']}s" for change in changes}))


def intention(change: Data) -> str:
    """What it failed to do, such as ``to redeploy ``, or nothing if that was not known yet."""
    return f"to {_VERBS[change['action']]} " if change["action"] else ""


def _line(change: Data, indent: str) -> Line:
    what = f"{change['kind']} {change['name']}"
    if change["failed"]:
        # The message of the task, which is printed below the summary, has the reason.
        return Line(f"{indent}{'failed':<16} {intention(change)}{what}", "ERROR")
    notes = f" ({'; '.join(change['notes'])})" if change["notes"] else ""
    return Line(f"{indent}{change['action']:<16} {what}{notes}", _COLOURS[change["action"]])


def undeclared_details(endpoint: Data) -> list[str]:
    """Such as ``InService``, ``2 ml.m5.large``, ``40 days old``."""
    days = endpoint["age_days"]
    age = "" if days is None else f"{plural(days, 'day')} old" if days > 0 else "less than a day old"
    return list(filter(None, (endpoint["status"], endpoint["instances"], age)))


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
