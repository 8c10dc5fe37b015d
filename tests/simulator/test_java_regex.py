# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Java patterns in Python."""

from __future__ import annotations

import pytest

from simulator.java_regex import compile_pattern

TAG = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
RESOURCE_ID = r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*"
SCHEDULED = r"(?!((^[ ]+.*)|(.*([\u0000-\u001f]|[\u007f-\u009f]|[:/|])+.*)|(.*[ ]+$))).+"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (TAG, "managed-by: Ansible", True),
        (TAG, "größe ✗"[:5] + "é中文９", True),
        (TAG, "a!b", False),
        (TAG, "a\u0301", False),
        (RESOURCE_ID, "endpoint/a/variant/b", True),
        (RESOURCE_ID, "\U0001f600", True),
        (RESOURCE_ID, "\x00", False),
        (r"\p{Print}+", "policy name", True),
        (r"\p{Print}+", "é", False),
        (r"\p{ASCII}*", "text/csv", True),
        (r"\p{ASCII}*", "é", False),
        (r"\A\S[\p{Print}]*\z", "a model", True),
        (r"\A\S[\p{Print}]*\z", " model", False),
        (SCHEDULED, "office-hours", True),
        (SCHEDULED, "a/b", False),
        (SCHEDULED, " a", False),
        (SCHEDULED, "a ", False),
        (r"[^:].*", "AWS/SageMaker", True),
        (r"[^:].*", ":x", False),
        (r"a.c", "a\nc", False),
        (r"a.c", "a\u2028c", False),
        (r"a.c", "abc", True),
        (r"[.]", "a", False),
        (r"\d", "\u0661", False),
        (r"a|ab", "ab", True),
        (r"a$", "a\n", False),
    ],
)
def test_matches_as_java_does(pattern: str, text: str, fits: bool) -> None:
    assert bool(compile_pattern(pattern).fullmatch(text)) is fits
