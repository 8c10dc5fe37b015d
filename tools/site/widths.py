# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens every page of a site in windows of several widths, and tells what does not fit."""

from __future__ import annotations

import html
import json
import typing as t
from pathlib import Path

from .browser import dom_of, served

WIDTHS = (390, 1280, 1920)
_HARNESS = "measure-widths.html"
_RESULT = ("<pre id=result>", "</pre>")


def measure(site: Path, widths: t.Sequence[int] = WIDTHS) -> list[str]:
    """A line for each page that is wider than its window, and for each table that scrolls or has one word a line."""
    pages = sorted(str(page.relative_to(site)) for page in site.rglob("*.html"))
    harness = site / _HARNESS
    script = Path(__file__).with_name("widths.js").read_text()
    asked = json.dumps({"pages": pages, "widths": widths})
    harness.write_text(f"<!DOCTYPE html><body><script>const asked = {asked};\n{script}</script></body>")
    try:
        with served(site) as address:
            dom = dom_of(f"{address}/{_HARNESS}")
    finally:
        harness.unlink()
    start, end = _RESULT
    _before, found, rest = dom.replace('id="result"', "id=result").partition(start)
    if not found:
        raise RuntimeError("the pages were not measured in time")
    result: list[str] = json.loads(html.unescape(rest.partition(end)[0]))
    return result
