# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of a terminal: well-formed, with nothing from elsewhere, and each line at its time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.tools.captures.pictures import COLUMNS, moving, still
from ansible_collections.friendsofansible.sagemaker.tools.terminal import Line, without_headings

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "captures"
SVG = "{http://www.w3.org/2000/svg}"
PICTURES = sorted(FOLDER.glob("*.svg"))


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.name)
def test_a_picture_needs_nothing_else(path: Path) -> None:
    picture = path.read_text()
    assert texts(picture)
    assert not re.search(r"<(script|image|use|foreignObject)|href|url\(|@import|on\w+=", picture)


def test_a_still_picture_has_every_line_and_wraps_long_ones() -> None:
    shown = texts(still(["$ command", "", "  <a> & b", "word " * 40]))
    assert shown[:2] == ["$ command", "  <a> & b"]
    assert " ".join(" ".join(shown[2:]).split()) == ("word " * 40).strip()
    assert max(map(len, shown)) <= COLUMNS


def test_in_a_moving_picture_each_line_appears_in_turn_and_each_scene_ends() -> None:
    picture = moving([("$ one", [Line(0.1, "a"), Line(60.0, "b")]), ("$ two", [Line(1.0, "c")])])
    assert texts(picture) == ["$ one", "a", "b", "$ two", "c"]
    appear = [
        float(each) for each in re.findall(r"([\d.]+)% \{ opacity: 1 \}(?: [\d.]+% \{ opacity: 0 \})? \}", picture)
    ]
    assert appear == sorted(appear)
    ends = [float(each) for each in re.findall(r"([\d.]+)% \{ opacity: 0 \} \} \.s0", picture)]
    assert len(ends) == 3
    assert appear[2] < ends[0] < 100
    assert picture.count('opacity="0"') == 3
    assert "prefers-reduced-motion: no-preference" in picture


def test_headings_of_ansible_and_places_in_the_role_are_left_out() -> None:
    output = """
PLAY [Deploy what the inventory declares] ****
[WARNING]: something of the inventory
0 of 1 endpoints ready; search: Creating for 13 s


TASK [sagemaker_inference : Deploy models and endpoints] ***
\x1b[0;33mchanged: [us-east-1]\x1b[0m
[ERROR]: Task failed
Origin: /somewhere/main.yml:43:3

41   tags: *parts
42
43 - name: Show the summary
     ^ column 3
PLAY RECAP ****
us-east-1                  : ok=5    changed=1
"""
    expected = [
        "[WARNING]: something of the inventory",
        "0 of 1 endpoints ready; search: Creating for 13 s",
        "[ERROR]: Task failed",
    ]
    assert list(without_headings(output.splitlines())) == expected
