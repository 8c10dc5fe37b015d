# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each variable of the role has its place on one of the pages about variables."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.tools import variables_docs
from ansible_collections.friendsofansible.sagemaker.tools.variables_docs import FOLDER, GROUPS, options, pages


def test_the_pages_are_up_to_date() -> None:
    written = {path: path.read_text() for path in FOLDER.iterdir()}
    assert written == pages(), "run: python -m tools.variables_docs"


def test_each_variable_is_in_one_group() -> None:
    assert sorted(name for group in GROUPS for name in group.names) == sorted(options())


def test_a_variable_without_a_group_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables_docs, "GROUPS", GROUPS[1:])
    with pytest.raises(ValueError, match="additional_tags_all, endpoints, models, state, strict"):
        pages()
