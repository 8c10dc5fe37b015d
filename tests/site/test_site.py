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


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, BeautifulSoup]:
    return {page.resolve(): BeautifulSoup(page.read_text(), "html.parser") for page in site.rglob("*.html")}


@pytest.fixture(scope="module")
def chromium() -> str:
    try:
        return find_browser()
    except NoBrowser as error:
        pytest.skip(f"pages are not measured: {error}")


def _links(page: Path, soup: BeautifulSoup) -> t.Iterator[tuple[Path, str]]:
    """The files that a page refers to, with what comes behind the hash."""
    for attribute in ("href", "src"):
        for tag in soup.select(f"[{attribute}]"):
            address = urlsplit(str(tag[attribute]))
            if not address.scheme and not address.netloc:
                yield (page.parent / unquote(address.path)) if address.path else page, unquote(address.fragment)


def test_every_link_leads_somewhere(pages: dict[Path, BeautifulSoup]) -> None:
    assert len(pages) > 30
    anchors = {page: {str(tag["id"]) for tag in soup.find_all(id=True)} for page, soup in pages.items()}
    for page, soup in pages.items():
        for target, anchor in _links(page, soup):
            assert target.exists(), f"{page.name}: {target}"
            assert not anchor or anchor in anchors[target.resolve()], f"{page.name}: {target.name}#{anchor}"


@pytest.mark.parametrize("name", ["index", "examples", "variables/plans", "collection/sagemaker_endpoint_module"])
def test_each_kind_of_page_is_in_the_same_frame(site: Path, pages: dict[Path, BeautifulSoup], name: str) -> None:
    page = pages[(site / f"{name}.html").resolve()]
    assert page.select_one("form.sidebar-search-container")
    assert page.select_one(".theme-toggle")
    assert "Examples" in (site / "searchindex.js").read_text()


def test_every_page_fits_its_window(site: Path, chromium: str) -> None:
    assert measure(site) == []


BODIES = {
    "fits": ("<p>short</p>", []),
    "wide": (f"<p>{LONG}</p>", ["the page is "]),
    "scrolls": (f"<div style='overflow: auto'><table><td>{LONG}</table></div>", ["a table is "]),
    "narrow": (f"<table><td>x</td>{FOUR_WORDS}</table>", ["one word a line: some words in a narrow"]),
    "broken": (
        "<table style='width: 8em; table-layout: fixed; overflow-wrap: anywhere'><td>Incomprehensibly</td><td>",
        ["a column is too narrow for Incomprehensibly"],
    ),
}


@pytest.fixture(scope="module")
def misfits(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> list[str]:
    """What is found in a narrow window on pages of which each has a body of its own."""
    folder = tmp_path_factory.mktemp("bodies")
    for name, (body, _messages) in BODIES.items():
        (folder / f"{name}.html").write_text(f"<!DOCTYPE html><body><article>{body}</article></body>")
    found = measure(folder, [390])
    assert {path.stem for path in folder.iterdir()} == set(BODIES)
    return found


@pytest.mark.parametrize("name", BODIES)
def test_what_does_not_fit_is_found(misfits: list[str], name: str) -> None:
    _body, messages = BODIES[name]
    found = [line for line in misfits if line.startswith(f"{name}.html")]
    assert len(found) == len(messages), misfits
    for line, message in zip(found, messages, strict=True):
        assert line.startswith(f"{name}.html at 390: {message}")


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
