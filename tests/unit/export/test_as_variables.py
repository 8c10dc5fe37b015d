# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text with braces survives a file of variables."""

from __future__ import annotations

import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.exporter import as_variables
from hypothesis import example, given
from hypothesis import strategies as st

PIECES = st.sampled_from(
    ["{{", "{", "}}", "}", "{%", "%}", "{#", "#}", "%", "#", "'", '"', "\\", "raw", "\n", " ", "x"]
)


def rendered(text: str) -> t.Any:
    return Templar(loader=DataLoader()).template(trust_as_template(text))


@given(st.lists(PIECES).map("".join))
@example("{% raw %}{{ messages[0] }}{% endraw %}\n")
@example("{{{% x %}}}")
def test_text_reads_back(text: str) -> None:
    assert rendered(as_variables(text)) == text


def test_only_text_that_needs_it_is_written_otherwise() -> None:
    plain = {"a": ["x } y", 1, None, True, {"b": "{ c }"}]}
    assert as_variables(plain) == plain
    assert as_variables({"{{": ["{{"]}) == {"{{": ["{{ '{{' }}"]}
