# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables that a phone can show: each cell knows the title of its column, with which the style sheet labels it."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup, Tag

_FEWEST_COLUMNS = 3
"""In a table of two columns the first is the heading of the second, and needs no label."""
_MANY_COLUMNS = 6
_OF_MODULES = "ansible-option-table"
"""The tables of antsibull-docs, which have labels of their own."""


def label_cells(site: Path) -> None:
    for page in site.rglob("*.html"):
        before = page.read_text()
        if "<table" in before and (after := labelled(before)) != before:
            page.write_text(after)


def labelled(html: str) -> str:
    """The page, in which the cells of its tables have labels."""
    soup = BeautifulSoup(html, "html.parser")
    for table in soup.select(f"table.docutils:not(.{_OF_MODULES})"):
        titles = [head.get_text(" ", strip=True) for head in table.select("thead th")]
        if len(titles) > _MANY_COLUMNS:
            table["class"] = f"{' '.join(table.get_attribute_list('class'))} has-many-columns"
        if len(titles) >= _FEWEST_COLUMNS:
            for row in table.select("tbody tr"):
                _label(row, titles)
    return str(soup)


def _label(row: Tag, titles: list[str]) -> None:
    for title, cell in zip(titles[1:], row.find_all("td", recursive=False)[1:], strict=False):
        cell["data-label"] = title
