# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The website: every link leads somewhere, and every page fits a phone, a laptop and a wide screen."""

from __future__ import annotations

import shutil
import subprocess
import typing as t
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from ansible_collections.friendsofansible.sagemaker.tools.site.browser import NoBrowser, find_browser
from ansible_collections.friendsofansible.sagemaker.tools.site.build import build
from ansible_collections.friendsofansible.sagemaker.tools.site.tables import labelled
from ansible_collections.friendsofansible.sagemaker.tools.site.widths import measure
from bs4 import BeautifulSoup

LONG = "x" * 300
FOUR_WORDS = "<td style='width: 1px'>some words in a narrow column</td>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # A warning of Sphinx, such as a link to a heading that is not there, makes the build fail.
    assert build(folder / "source", folder / "built") == 0
    return folder / "built"


@pytest.fixture
def chromium() -> str:
    try:
        return find_browser()
    except NoBrowser as error:
        pytest.skip(f"pages are not measured: {error}")


def _links(page: Path) -> t.Iterator[tuple[Path, str]]:
    """The files that a page refers to, with what comes behind the hash."""
    soup = BeautifulSoup(page.read_text(), "html.parser")
    for attribute in ("href", "src"):
        for tag in soup.select(f"[{attribute}]"):
            address = urlsplit(str(tag[attribute]))
            if not address.scheme and not address.netloc:
                yield (page.parent / unquote(address.path)) if address.path else page, unquote(address.fragment)


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    anchors = {
        page.resolve(): {str(tag["id"]) for tag in BeautifulSoup(page.read_text(), "html.parser").find_all(id=True)}
        for page in pages
    }
    for page in pages:
        for target, anchor in _links(page):
            assert target.exists(), f"{page.name}: {target}"
            assert not anchor or anchor in anchors[target.resolve()], f"{page.name}: {target.name}#{anchor}"


@pytest.mark.parametrize("name", ["index", "examples", "variables/plans", "collection/sagemaker_endpoint_module"])
def test_each_kind_of_page_is_in_the_same_frame(site: Path, name: str) -> None:
    page = BeautifulSoup((site / f"{name}.html").read_text(), "html.parser")
    assert page.select_one("form.sidebar-search-container")
    assert page.select_one(".theme-toggle")
    assert "Examples" in (site / "searchindex.js").read_text()


def test_every_page_fits_its_window(site: Path, chromium: str) -> None:
    assert measure(site) == []


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("<p>short</p>", []),
        (f"<p>{LONG}</p>", ["index.html at 390: the page is "]),
        (f"<div style='overflow: auto'><table><td>{LONG}</table></div>", ["index.html at 390: a table is "]),
        (f"<table><td>x</td>{FOUR_WORDS}</table>", ["index.html at 390: one word a line: some words in a narrow"]),
        (
            "<table style='width: 8em; table-layout: fixed; overflow-wrap: anywhere'><td>Incomprehensibly</td><td>",
            ["index.html at 390: a column is too narrow for Incomprehensibly"],
        ),
    ],
)
def test_what_does_not_fit_is_found(tmp_path: Path, chromium: str, body: str, messages: list[str]) -> None:
    (tmp_path / "index.html").write_text(f"<!DOCTYPE html><body><article>{body}</article></body>")
    found = measure(tmp_path, [390])
    assert len(found) == len(messages)
    assert all(line.startswith(start) for line, start in zip(found, messages, strict=True)), found
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_a_machine_without_a_browser_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(subprocess, "run", None)
    with pytest.raises(NoBrowser, match=r"none of chromium, .* is on PATH"):
        find_browser()


def test_cells_are_labelled_where_there_are_more_than_two_columns() -> None:
    head = "<thead><tr><th>A</th><th>B</th><th>C</th></tr></thead>"
    table = f"<table class='docutils'>{head}<tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody></table>"
    assert '<td>1</td><td data-label="B">2</td><td data-label="C">3</td>' in labelled(table)
    assert "data-label" not in labelled(table.replace("<th>C</th>", "").replace("<td>3</td>", ""))
    assert "data-label" not in labelled(table.replace("docutils", "docutils ansible-option-table"))
