# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a run, or what a run did, as a document: for files, for pipelines, and for what is shown to people."""

from __future__ import annotations

import datetime
import hashlib
import json
import typing as t
from collections import Counter, defaultdict

from ..module_utils._aws.endpoint_descriptions import LINKS
from ..module_utils._engine.diff import Difference
from ..module_utils._engine.plan import Effect, Plan
from ..module_utils._engine.results import Data, ModuleResult
from ..module_utils._resources.generations import may_be_generation
from ..module_utils._resources.names import endpoint_of, variant_of
from ..module_utils.paths import text_of
from ..module_utils.version import VERSION

FORMAT_VERSION = 1
ACTIONS = {
    Effect.DELETE: "delete",
    Effect.REPLACE: "replace (outage)",
    Effect.REDEPLOY_SCALED: "redeploy",
    Effect.REDEPLOY: "redeploy",
    Effect.CREATE: "create",
    Effect.IN_PLACE: "in place",
    Effect.TAGS: "in place",
}
"""The words for what happens to a resource, the most severe first."""
MOST_SEVERE_FIRST = list(dict.fromkeys(ACTIONS.values()))


class Context(t.NamedTuple):
    """What a run is about, beside its result."""

    host: str
    deployment: str
    check_mode: bool
    seconds: float
    state: str = "present"
    """What the run was to reach: ``present``, ``absent`` or ``rolled_back``."""
    timeline: t.Sequence[Data] = ()


def document_of(result: ModuleResult, context: Context, lists: t.Mapping[str, t.Sequence[Data]] | None = None) -> Data:
    """All that a run has planned or done; the same plan has the same digest. *lists* are what was compiled."""
    endpoints = result.resources.get("endpoints", [])
    names, declared = [each.name for each in endpoints], _Declared(lists or {})
    plans = result.plans or ()
    now = datetime.datetime.now(datetime.UTC)
    changes = [_change(plan, names) for plan in plans if plan.has_effect]
    changes.sort(key=lambda change: MOST_SEVERE_FIRST.index(change["action"]))
    counts = Counter(change["action"] for change in changes if not change["failed"])
    return {
        "format_version": FORMAT_VERSION,
        "collection_version": VERSION,
        "host": context.host,
        "deployment": context.deployment,
        "mode": "plan" if context.check_mode else "apply",
        "state": context.state,
        "outcome": "failed" if result.failed else "changes" if changes else "none",
        "created": now.isoformat(timespec="seconds"),
        "seconds": round(context.seconds),
        "counts": {action: counts[action] for action in MOST_SEVERE_FIRST},
        "digest": digest_of(changes),
        "changes": changes,
        "failures": [_named(plan, names) | {"error": plan.error} for plan in plans if plan.error],
        "errors": result.errors or ([result.failure_message()] if result.failed else []),
        "warnings": result.warnings,
        "undeclared": [_with_age(each, now) for each in result.extra.get("undeclared", ())],
        "timeline": list(context.timeline),
        "endpoints": [_endpoint(each.name, each.facts, declared) for each in endpoints],
    }


def digest_of(changes: t.Sequence[Data]) -> str:
    """SHA-256 of the changes in any order: what approves a plan."""
    entries = sorted(json.dumps(_what_matters(change), sort_keys=True, default=str) for change in changes)
    return hashlib.sha256("\n".join(entries).encode()).hexdigest()


def _what_matters(change: Data) -> Data:
    """A line that has moved in a file does not make another plan, and neither does the outcome."""
    differences = [{key: each[key] for key in ("path", "before", "after")} for each in change["differences"]]
    return {**change, "failed": False, "error": None, "differences": differences, "details": []}


def _named(plan: Plan, endpoints: t.Sequence[str]) -> Data:
    return {
        "kind": plan.resource.kind,
        "name": plan.resource.name,
        "endpoint": _endpoint_of(plan, endpoints),
        "path": text_of(plan.path) or None,
    }


def _change(plan: Plan, endpoints: t.Sequence[str]) -> Data:
    return _named(plan, endpoints) | {
        "action": ACTIONS[plan.effect],
        "failed": plan.error is not None,
        "error": plan.error,
        "effect": str(plan.effect),
        "notes": list(plan.notes),
        "differences": [_difference(item) for item in plan.differences if not item.is_detail],
        "details": [_difference(item) for item in plan.differences if item.is_detail],
    }


def _difference(item: Difference) -> Data:
    return {
        "path": item.where,
        "before": item.display_before,
        "after": item.display_after,
        "origin": item.origin,
        "origin_before": item.origin_before,
    }


def _endpoint_of(plan: Plan, endpoints: t.Sequence[str]) -> str | None:
    """The endpoint that the resource belongs to; a model belongs to none, nor does an alarm that is not named so."""
    kind, name = plan.resource
    if kind in ("endpoint", "alarms of endpoint"):
        return name
    if kind == "scheduled action":
        return name.partition(".")[0]
    if kind in ("alarm", "scaling policy"):
        return endpoint_of(name) or None
    if kind == "scaling":
        return variant_of(name).endpoint
    if kind == "endpoint configuration":
        return next((each for each in endpoints if each == name or may_be_generation(each, name)), None)
    return None


def _with_age(endpoint: Data, now: datetime.datetime) -> Data:
    created = endpoint.get("created")
    return endpoint | {"age_days": (now - datetime.datetime.fromisoformat(created)).days if created else None}


class _Declared:
    """What is declared of the endpoints, by their names."""

    def __init__(self, lists: t.Mapping[str, t.Sequence[Data]]) -> None:
        self.alarms: dict[str, list[str]] = defaultdict(list)
        self.targets: dict[str, dict[str, Data]] = defaultdict(dict)
        self.variants: dict[str, dict[str, Data]] = defaultdict(dict)
        for each in lists.get("alarms", ()):
            self.alarms[endpoint_of(each["alarm_name"])].append(each["alarm_name"])
        for each in lists.get("targets", ()):
            self.targets[each["endpoint_name"]][each["variant_name"]] = each
        for each in lists.get("endpoints", ()):
            self.variants[each["endpoint_name"]] |= {own["variant_name"]: own for own in each["production_variants"]}


def _endpoint(name: str, facts: Data, declared: _Declared) -> Data:
    members = {"arn": "endpoint_arn", "status": "endpoint_status", "configuration": "endpoint_config_name"}
    found = {key: facts[member] for key, member in members.items() if facts.get(member)}
    links = {link: facts[link] for link in LINKS if link in facts}
    return {
        "name": name,
        **found,
        "variants": _variants(name, facts, declared),
        "alarms": declared.alarms[name],
        **links,
    }


def _variants(name: str, facts: Data, declared: _Declared) -> list[Data]:
    """What serves now, with the share of the traffic, and the declared instance type and scaling range."""
    live = facts.get("variants") or []
    total = sum(each["weight"] or 0 for each in live)
    targets, variants = declared.targets[name], declared.variants[name]
    return [
        {
            "name": each["name"],
            "share": each["weight"] / total if total and each["weight"] is not None else None,
            "count": each["instances"] or None,
            "minimum": targets.get(each["name"], {}).get("min_capacity"),
            "maximum": targets.get(each["name"], {}).get("max_capacity"),
            "instance_type": variants.get(each["name"], {}).get("instance_type"),
        }
        for each in live
    ]
