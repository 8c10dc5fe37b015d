# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal as an SVG that needs nothing else, at rest or in motion."""

from __future__ import annotations

import textwrap
import typing as t
from html import escape

from ..terminal import Line

COLUMNS = 118
_LINE, _WIDTH = 18, 8
_COLOURS = {"+": "#7ee787", "-": "#ff9492", "$": "#ffffff", "[": "#ff9492"}
_WORDS = {
    "Plan for": "#79c0ff",
    "Applied to": "#79c0ff",
    "Destroyed on": "#79c0ff",
    "create": "#7ee787",
    "redeploy": "#e3b341",
    "in place": "#e3b341",
    "failed": "#ff9492",
    "delete": "#ff9492",
}
_INK, _PAPER = "#c9d1d9", "#0d1117"
_PAUSE_SECONDS = 5.0
"""After a scene, so that it can be read."""
_FASTEST, _SLOWEST = 0.15, 2.0
"""Bounds of the seconds between two lines: a moving picture need not wait as long as AWS."""
Scene = tuple[str, t.Sequence[Line]]


def still(lines: t.Sequence[str]) -> str:
    """The lines as they stand in a terminal."""
    rows = [row for line in lines for row in _wrapped(line)]
    return _svg(len(rows), "".join(_text(row, number) for number, row in enumerate(rows, 1)), "")


def moving(scenes: t.Sequence[Scene]) -> str:
    """One scene after the other, each line at its time, again and again; who wants no motion sees the last scene."""
    timed, end = _timed(scenes)
    body, style, most = "", "", 0
    for scene, (lines, until) in enumerate(timed):
        is_last = scene == len(timed) - 1
        number = 0
        for start, line in lines:
            for row in _wrapped(line):
                number += 1
                name = f"s{scene}l{number}"
                style += _keyframes(name, start / end, until / end)
                body += _text(row, number, f' class="line {name}"' + ("" if is_last else ' opacity="0"'))
        most = max(most, number)
    return _svg(
        most,
        body,
        f"<style>@media (prefers-reduced-motion: no-preference) {{ .line {{ animation-duration: {end:.1f}s; "
        "animation-iteration-count: infinite; animation-timing-function: step-end } }\n"
        f"{style}</style>\n",
    )


def _timed(scenes: t.Sequence[Scene]) -> tuple[list[tuple[list[tuple[float, str]], float]], float]:
    """For each scene its lines with the second at which each appears, and when the scene ends; and the whole time."""
    now, timed = 0.0, []
    for command, lines in scenes:
        placed, before = [(now, command)], 0.0
        for line in lines:
            now += min(max(line.seconds - before, _FASTEST), _SLOWEST)
            before = line.seconds
            placed.append((now, line.text))
        now += _PAUSE_SECONDS
        timed.append((placed, now))
    return timed, now


def _keyframes(name: str, start: float, end: float) -> str:
    last = "" if end >= 1 else f" {100 * end:.2f}% {{ opacity: 0 }}"
    frames = f"0% {{ opacity: {int(start == 0)} }} {100 * start:.2f}% {{ opacity: 1 }}{last}"
    return f"@keyframes {name} {{ {frames} }} .{name} {{ animation-name: {name} }}\n"


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(line, COLUMNS, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _text(row: str, number: int, attributes: str = "") -> str:
    if not row:
        return ""
    return (
        f'<text x="{2 * _WIDTH}" y="{_LINE * number + 4}" fill="{_colour(row)}" textLength="{_WIDTH * len(row)}"'
        f' xml:space="preserve"{attributes}>{escape(row)}</text>\n'
    )


def _colour(row: str) -> str:
    plain = row.lstrip()
    return next((colour for word, colour in _WORDS.items() if plain.startswith(word)), _COLOURS.get(row[0], _INK))


def _svg(rows: int, body: str, style: str) -> str:
    width, height = _WIDTH * (COLUMNS + 4), _LINE * (rows + 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="13">\n'
        f'{style}<rect width="100%" height="100%" rx="6" fill="{_PAPER}"/>\n{body}</svg>\n'
    )
