# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan document as one HTML file that needs nothing else: no network, no script, no font."""

from __future__ import annotations

import functools
import typing as t
import unicodedata
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..module_utils._engine.plan import as_text
from ..module_utils._engine.results import Data
from .plan_document import MOST_SEVERE_FIRST
from .summary import (
    DONE,
    DUE,
    grouped,
    intention,
    plural,
    title_of,
    title_of_others,
    undeclared_details,
    while_both_run,
    without_change,
)
from .timeline import duration

_TEMPLATE = "html_report.html.j2"
FAILED = "failed"
_SYMBOLS = {FAILED: "!", "delete": "-", "replace (outage)": "-/+", "redeploy": "+/-", "create": "+", "in place": "~"}
"""As Terraform writes them; a redeployment has the new fleet before the old one goes."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_MOST_PREVIEWED = 3


def html_of(document: Data) -> str:
    """The whole page; the same document is always the same page."""
    return _environment().get_template(_TEMPLATE).render(_page(document))


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = {"as_text": as_text, "breakable": _breakable, "duration": duration, "plural": plural, "slug": _slug}
    environment.filters |= own
    return environment


def _visible(value: t.Any) -> t.Any:
    """Text in which nothing can reorder, hide or break what a reader approves; it is escaped after this."""
    if isinstance(value, Markup):
        return value
    return "".join(_escape(each) if _is_invisible(each) else each for each in str(value))


def _is_invisible(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in _INVISIBLE


def _escape(character: str) -> str:
    return f"\\u{ord(character):04x}"


def _breakable(path: str) -> Markup:
    """The path, which may go on in the next line behind each dot."""
    return Markup(".<wbr>").join(map(_visible, path.split(".")))


def _slug(action: str) -> str:
    """The class of an action in the style sheet."""
    return action.partition(" ")[0]


def _page(document: Data) -> Data:
    facts = {endpoint["name"]: endpoint for endpoint in document["endpoints"]}
    groups = grouped([_change(change) for change in [*without_change(document), *document["changes"]]])
    touched = {name for name, _changes in groups}
    others = next((changes for name, changes in groups if not name), [])
    return {
        "document": document,
        "begins": title_of(document),
        "headline": _headline(document),
        "chips": _chips(document),
        "errors": _errors_of_none(document),
        "meanwhile": while_both_run([change for change in document["changes"] if not change["failed"]]),
        "cards": [_card(facts.get(name, {"name": name}), changes) for name, changes in groups if name],
        "others": others,
        "title_of_others": title_of_others(others).capitalize(),
        "unchanged": [_card(endpoint, []) for name, endpoint in facts.items() if name not in touched],
        "undeclared": [{"name": each["name"], "texts": undeclared_details(each)} for each in document["undeclared"]],
        "timeline": document["timeline"],
        "symbols": _SYMBOLS,
    }


def _headline(document: Data) -> str:
    """One sentence: what the counts are about, or why there are none."""
    is_plan, changes = document["mode"] == "plan", document["changes"]
    if document["outcome"] == "failed":
        return _headline_of_failure(document)
    if not changes:
        return "Nothing to change: everything is as declared."
    return f"{plural(len(changes), 'change')} {'planned' if is_plan else 'made'}{_reach(changes)}."


def _headline_of_failure(document: Data) -> str:
    errors = plural(len(document["errors"]), "error")
    made = [change for change in document["changes"] if not change["failed"]]
    if document["mode"] == "plan":
        return f"Failed with {errors}{'. The plan below is not complete.' if made else '; nothing was planned.'}"
    done = f"{plural(len(made), 'change')} made{_reach(made)}" if made else "nothing was changed"
    return f"Failed with {errors}; {done}."


def _reach(changes: t.Sequence[Data]) -> str:
    """How many endpoints the changes are about."""
    endpoints = {change["endpoint"] for change in changes if change["endpoint"]}
    models = sum(change["kind"] == "model" for change in changes)
    parts = [plural(len(endpoints), "endpoint")] * bool(endpoints) + [plural(models, "model")] * bool(models)
    return f", to {' and '.join(parts)}" if parts else ""


def _chips(document: Data) -> list[Data]:
    """The counts: failures first, then the most severe changes."""
    words, counts = DONE if document["mode"] == "apply" else DUE, document["counts"]
    failed = len(document["failures"])
    texts = {FAILED: f"{failed} failed"} if failed else {}
    texts |= {action: f"{counts[action]} {words[action]}" for action in MOST_SEVERE_FIRST if counts[action]}
    return [{"action": action, "text": text} for action, text in texts.items()]


def _errors_of_none(document: Data) -> list[str]:
    """The errors that no resource shows as its own."""
    shown = [failure["error"] for failure in document["failures"]]
    return [error for error in document["errors"] if not any(error.endswith(each) for each in shown)]


def _change(change: Data) -> Data:
    differences = change.get("differences") or []
    return change | {
        "differences": differences,
        "chip": FAILED if change["failed"] else change["action"],
        "verb": intention(change) if change["failed"] else "",
        "has_before": any(each["before"] is not None for each in differences),
        "has_after": any(each["after"] is not None for each in differences),
        "preview": _preview(differences),
    }


def _preview(differences: t.Sequence[Data]) -> str:
    """The last parts of the paths: what to expect in the folded table."""
    ends = list(dict.fromkeys(each["path"].partition(" (")[0].rpartition(".")[2] for each in differences))
    return ", ".join(ends[:_MOST_PREVIEWED]) + (", …" if len(ends) > _MOST_PREVIEWED else "")


def _card(endpoint: Data, changes: list[Data]) -> Data:
    return {
        "name": endpoint["name"],
        "changes": changes,
        "status": endpoint.get("status"),
        "variants": [_variant(each) for each in endpoint.get("variants") or ()],
        "alarms": endpoint.get("alarms") or [],
        "links": _links(endpoint),
        "texts": _texts(endpoint),
    }


def _links(endpoint: Data) -> list[tuple[str, str]]:
    """What a browser can open; nothing but HTTPS becomes a link."""
    links = {"SageMaker console": "console_url", "CloudWatch logs": "logs_url"}
    found = [(label, str(endpoint.get(member) or "")) for label, member in links.items()]
    return [(label, url) for label, url in found if url.startswith("https://")]


def _texts(endpoint: Data) -> list[tuple[str, str]]:
    """What is to be copied: for the invocation URL a browser is the wrong client."""
    members = {
        "Invocation URL": "invocation_url",
        "ARN": "arn",
        "Configuration": "configuration",
        "Log group": "log_group",
    }
    return [(label, endpoint[member]) for label, member in members.items() if endpoint.get(member)]


def _variant(variant: Data) -> Data:
    share = variant.get("share")
    return {
        "name": variant["name"],
        "instance_type": variant.get("instance_type"),
        "share": None if share is None else round(100 * min(max(float(share), 0), 1), 1),
        "instances": _instances(variant),
        "scale": _scale(variant),
    }


def _instances(variant: Data) -> str:
    count, minimum, maximum = (variant.get(key) for key in ("count", "minimum", "maximum"))
    parts = [] if count is None else [plural(count, "instance")]
    if minimum is not None and maximum is not None:
        parts.append(f"scales from {minimum} to {maximum}")
    return ", ".join(parts)


def _scale(variant: Data) -> Data | None:
    """Where the range and the live count lie on a bar from none to the most, in percent."""
    count, minimum, maximum = (variant.get(key) for key in ("count", "minimum", "maximum"))
    if minimum is None or maximum is None:
        return None
    percent = 100 / max(maximum, count or 0, 1)
    return {
        "start": round(minimum * percent, 1),
        "width": round(max(maximum - minimum, 0) * percent, 1),
        "at": None if count is None else round(count * percent, 1),
    }
