# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import html.parser
import itertools
import re
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.html_report import html_of
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_document import MOST_SEVERE_FIRST

Data = dict[str, t.Any]

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "quotes": "\"'><img src=x onerror=alert(1)>",
    "template": "{{ 7 * 7 }}{% raw %}",
    "ampersand": "&lt;b&gt;",
    "long": "x" * 5000,
    "newlines": "one\ntwo\r\nthree",
    "right to left": "safe\u202egnp.exe\u2066",
    "invisible": "a\u200bb\x00c\x1bd",
    "surrogate": "a\ud800b",
    "empty": "",
}
VOID = {"meta"}


def change(action: str, name: str = "rt", endpoint: str | None = "rt", kind: str = "endpoint", **more: t.Any) -> Data:
    result = {"kind": kind, "name": name, "endpoint": endpoint, "action": action, "effect": action}
    return {**result, "failed": False, "error": None, "notes": [], "differences": [], **more}


def document(*changes: Data, **more: t.Any) -> Data:
    made = [each["action"] for each in changes if not each["failed"]]
    counts = {action: made.count(action) for action in MOST_SEVERE_FIRST}
    plan = {
        "format_version": 1,
        "collection_version": "1.2.3",
        "host": "us-east-1",
        "deployment": "prod",
        "mode": "plan",
        "state": "present",
        "outcome": "changes" if changes else "none",
        "created": "2025-03-04T09:12:44+00:00",
        "seconds": 75,
        "counts": counts,
        "digest": "4be1",
        "changes": list(changes),
    }
    return {
        **plan,
        "failures": [],
        "errors": [],
        "warnings": [],
        "undeclared": [],
        "endpoints": [],
        "timeline": [],
        **more,
    }


class Page(html.parser.HTMLParser):
    """What a browser makes of the page: tags that close, attributes, and text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.headings: list[str] = []
        self.feed(source.replace("<wbr>", ""))
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += f" {data}"


def page(*changes: Data, **more: t.Any) -> Page:
    return Page(html_of(document(*changes, **more)))


def words(*changes: Data, **more: t.Any) -> str:
    return " ".join(page(*changes, **more).text.split())


@pytest.mark.parametrize(
    ("action", "due", "done"),
    [
        ("delete", "- 1 to delete", "- 1 deleted"),
        ("replace (outage)", "-/+ 1 to replace (outage)", "-/+ 1 replaced (outage)"),
        ("redeploy", "+/- 1 to redeploy", "+/- 1 redeployed"),
        ("create", "+ 1 to create", "+ 1 created"),
        ("in place", "~ 1 in place", "~ 1 changed in place"),
    ],
)
def test_each_action_is_counted_and_reported(action: str, due: str, done: str) -> None:
    plan = words(change(action))
    assert f"1 change planned, to 1 endpoint. {due}" in plan
    assert f"{action} endpoint rt" in plan
    applied = words(change(action), mode="apply")
    assert applied.startswith("Applied to us-east-1 (prod)")
    assert f"1 change made, to 1 endpoint. {done}" in applied


def test_the_gravest_endpoint_comes_first_and_models_last() -> None:
    shown = words(
        change("delete", "old", "old"),
        change("redeploy", notes=["+2 ml.m5.large while both fleets run"]),
        change("create", "m-1", None, "model"),
        change("in place", "endpoint/rt/variant/a", "rt", "scaling"),
    )
    places = [
        shown.index(text) for text in ("endpoint old", "endpoint rt", "scaling endpoint/rt", "Models 1", "model m-1")
    ]
    assert places == sorted(places)
    assert "4 changes planned, to 2 endpoints and 1 model." in shown
    assert "1 to create ~ 1 in place +2 ml.m5.large while both fleets run" in shown


def difference(before: t.Any, after: t.Any) -> Data:
    return {"path": "a.b.size", "before": before, "after": after, "origin": "", "origin_before": ""}


@pytest.mark.parametrize(
    ("before", "after", "columns", "cells"),
    [
        ("ml.m5.large", "ml.m5.xlarge", "Setting Before After", "ml.m5.large ml.m5.xlarge"),
        (None, ["a", "b"], "Setting After", "a, b"),
        (0, None, "Setting Before", "0"),
        ("(hidden)", "(hidden, changed)", "Setting Before After", "(hidden) (hidden, changed)"),
        ("", False, "Setting Before After", "false"),
    ],
)
def test_differences_are_a_folded_table(before: t.Any, after: t.Any, columns: str, cells: str) -> None:
    found = page(change("redeploy", differences=[difference(before, after)]))
    assert f"1 difference size Differences of endpoint rt {columns} a.b.size {cells}" in " ".join(found.text.split())
    assert ("details", {}) in found.tags


@pytest.mark.parametrize(
    ("result", "headline"),
    [
        ({}, "Nothing to change: everything is as declared."),
        ({"mode": "apply"}, "Nothing to change: everything is as declared."),
        ({"outcome": "failed", "errors": ["no"]}, "Failed with 1 error; nothing was planned."),
        ({"outcome": "failed", "errors": ["a", "b"], "mode": "apply"}, "Failed with 2 errors; nothing was changed."),
    ],
)
def test_without_changes_a_line_says_so(result: Data, headline: str) -> None:
    found = words(**result)
    assert headline in found
    assert "Endpoints that change" not in found


def failed(action: str | None, name: str, error: str, **more: t.Any) -> tuple[Data, Data]:
    """A change that failed, and the entry among the failures."""
    entry = {"kind": "endpoint", "name": name, "endpoint": name, "error": error, **more}
    return change(action or "redeploy", name, name, failed=True, error=error), entry


def test_a_failed_change_is_reported_with_its_reason_and_apart_from_what_was_made() -> None:
    broken, entry = failed("redeploy", "rt", "no capacity; run again", differences=[])
    made = change("create", "m-1", None, "model")
    shown = words(made, broken, mode="apply", outcome="failed", failures=[entry], errors=["rt: no capacity; run again"])
    assert "Failed with 1 error; 1 change made, to 1 model. ! 1 failed + 1 created" in shown
    assert "! failed to redeploy endpoint rt no capacity; run again" in shown
    assert shown.count("no capacity") == 1
    assert "while both fleets run" not in shown


def test_what_failed_before_it_was_planned_is_reported_in_its_place() -> None:
    _change, entry = failed(None, "rt", "busy for an hour")
    found = page(mode="apply", outcome="failed", failures=[entry], errors=["rt: busy for an hour", "and more"])
    message = " ".join(found.text.split())
    assert "! failed endpoint rt busy for an hour" in message
    assert "Errors 1 and more" in message
    assert ("article", {"class": "card failed"}) in found.tags


def test_a_failed_plan_says_that_it_is_not_complete() -> None:
    _change, entry = failed(None, "rt", "denied")
    shown = words(change("create", "m", None, "model"), outcome="failed", failures=[entry], errors=["rt: denied"])
    assert "Failed with 1 error. The plan below is not complete. ! 1 failed + 1 to create" in shown


def test_a_difference_says_where_it_is_written() -> None:
    place = {"origin": "group_vars/sagemaker.yml:17:11"}
    shown = words(change("redeploy", differences=[difference(1, 2) | place]))
    assert "a.b.size group_vars/sagemaker.yml:17:11 1 2" in shown


def test_endpoints_tell_of_traffic_instances_alarms_and_links() -> None:
    variants = [
        {"name": "a", "share": 0.9, "count": 3, "minimum": 2, "maximum": 12, "instance_type": "ml.m5.large"},
        {"name": "b", "share": 0.1, "count": 1, "minimum": None, "maximum": None, "instance_type": None},
        {"name": "c"},
        {"name": "d", "share": 7, "count": 5, "minimum": 0, "maximum": 0},
    ]
    links = {"console_url": "https://console", "logs_url": "javascript:alert(1)", "invocation_url": "https://call"}
    rt = {"name": "rt", "status": "InService", "arn": "arn:x", "variants": variants, "alarms": ["p99", "5xx"], **links}
    found = page(change("redeploy"), endpoints=[rt, {"name": "idle"}])
    message = " ".join(found.text.split())
    assert (
        "a ml.m5.large 90% of traffic 3 instances, scales from 2 to 12 b 10% of traffic 1 instance c d 100%" in message
    )
    assert "Alarms p99 5xx" in message
    assert "Invocation URL https://call ARN arn:x" in message
    assert "Unchanged 1 1 endpoint idle" in message
    styles = [attributes["style"] for _tag, attributes in found.tags if "style" in attributes]
    assert styles[:4] == ["width: 90.0%", "left: 16.7%; width: 83.3%", "left: 25.0%", "width: 10.0%"]
    assert [attributes["href"] for tag, attributes in found.tags if tag == "a"] == ["https://console"]


def test_undeclared_endpoints_warnings_and_the_timeline_are_reported() -> None:
    undeclared = [
        {"name": "lost", "status": "InService", "age_days": 40, "instances": "2 ml.m5.large"},
        {"name": "new", "status": "Creating", "age_days": None, "instances": ""},
    ]
    timeline = [{"seconds": 9, "text": "rt: creating"}, {"seconds": 413.4, "text": "rt: in service"}]
    shown = words(change("create"), undeclared=undeclared, warnings=["w"], timeline=timeline, mode="apply")
    assert "Warnings 1 w" in shown
    assert "lost InService 2 ml.m5.large 40 days old new Creating" in shown
    assert "Timeline 9 s rt: creating 6 min 53 s rt: in service" in shown


def full_of(text: str) -> Data:
    """A document that says *text* wherever text can be."""
    hostile = {"path": text, "before": text, "after": [text, text], "origin": text, "origin_before": ""}
    broken, entry = failed("redeploy", text, text)
    variant = {"name": text, "share": 0.5, "count": 1, "minimum": 0, "maximum": 3, "instance_type": text}
    links = dict.fromkeys(("arn", "status", "configuration", "invocation_url", "log_group"), text)
    links |= {"console_url": f"https://{text}", "logs_url": text}
    return document(
        change("redeploy", text, text, text, notes=[text], differences=[hostile]),
        change("create", text, None, text),
        broken,
        failures=[entry],
        host=text,
        deployment=text,
        digest=text,
        errors=[f"{text}!"],
        warnings=[text],
        undeclared=[{"name": text, "status": text, "age_days": 1, "instances": text}],
        endpoints=[{"name": text, "variants": [variant], "alarms": [text], **links}, {"name": f"{text}2"}],
        timeline=[{"seconds": 1, "text": text}],
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    source = html_of(full_of(text))
    found, harmless = Page(source), Page(html_of(full_of("harmless")))
    assert {tag for tag, _attributes in found.tags} <= {tag for tag, _attributes in harmless.tags}
    assert not any(name.startswith("on") for _tag, attributes in found.tags for name in attributes)
    assert not re.search("[\x00-\x08\x0b-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", source)
    assert source.encode()


def test_what_is_invisible_is_shown() -> None:
    assert r"safe\u202egnp.exe" in words(change("create", "safe\u202egnp.exe"))


@pytest.mark.parametrize("built", [document(), full_of("x")], ids=["empty", "full"])
def test_nothing_is_loaded_and_nothing_runs(built: Data) -> None:
    source = html_of(built)
    tags = Page(source).tags
    assert not {tag for tag, _attributes in tags} & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert {tag for tag, attributes in tags if "href" in attributes} <= {"a"}
    assert not any({"src", "srcset", "action", "poster", "background"} & attributes.keys() for _tag, attributes in tags)
    assert not re.search(r"url\(|@import|@font-face", source)
    assert "default-src 'none'" in source


def test_headings_leave_no_level_out() -> None:
    levels = [int(heading[1]) for heading in page(**full_of("x")).headings]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


def test_the_same_document_is_the_same_page() -> None:
    assert html_of(full_of("x")) == html_of(full_of("x"))
