# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blank and impossible options: what is refused before anything else, and the messages."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import scope_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.preconditions import (
    ALLOWED,
    deployment_fault,
    problems_of_options,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput
from hypothesis import given
from hypothesis import strategies as st

BLANK = ("", " ", "\t", "\n ", "\u2003")
NO_VALUE_OF_A_TAG: tuple[tuple[str, str], ...] = (
    ("a*b", "'a*b' contains '*'"),
    ("a,b", "'a,b' contains ','"),
    ("{{ team }}", "'{{ team }}' contains '{'"),
    ("a\nb", "'a\\nb' contains '\\n'"),
    ("a\x1b[2Jb", "contains '\\x1b'"),
    ("caf\u0065\u0301", "contains '\u0301'"),
    ("\ud800", "contains '\\ud800'"),
    ("☃", "'☃' contains '☃'"),
    (" team", "' team' begins or ends with a space"),
    ("team ", "'team ' begins or ends with a space"),
    ("aws:team", "'aws:team' begins with aws:"),
    ("AWS:team", "'AWS:team' begins with aws:"),
    ("a" * 257, "has 257 characters"),
)
NAMES = (
    "default",
    "a",
    "team a",
    "search/prod",
    "a_.:/=+-@b",
    "équipe",
    "チーム",
    "٣",
    "a" * 256,
    "awsome",
    "x aws:y",
    "0",
)


@pytest.mark.parametrize("name", [None, *BLANK])
def test_a_blank_name_is_no_deployment(name: str | None) -> None:
    assert deployment_fault(name) == f"{'null' if name is None else repr(name)} is blank; {ALLOWED}"


@pytest.mark.parametrize(("name", "message"), NO_VALUE_OF_A_TAG)
def test_what_aws_would_not_take_for_a_tag_is_no_deployment(name: str, message: str) -> None:
    fault = deployment_fault(name)
    assert fault is not None
    assert message in fault
    assert fault.endswith(ALLOWED)


@pytest.mark.parametrize("name", NAMES)
def test_what_aws_takes_for_a_tag_is_a_deployment(name: str) -> None:
    assert deployment_fault(name) is None
    assert scope_of({"deployment": name, "purge_tags": True, "verify": "tags"}).deployment == name


@given(st.text(st.characters(max_codepoint=127), max_size=260))
def test_of_ascii_exactly_what_the_service_model_allows_is_taken(name: str) -> None:
    is_taken = re.fullmatch(r"[a-zA-Z0-9 _.:/=+\-@]{1,256}", name) is not None
    is_taken &= name == name.strip() and not name.lower().startswith("aws:")
    assert (deployment_fault(name) is None) == is_taken


@pytest.mark.parametrize("name", [*BLANK, "a*b"])
def test_no_scope_is_made_for_such_a_name(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"^deployment: "):
        scope_of({"deployment": name, "purge_tags": True, "verify": "tags"})


@pytest.mark.parametrize(
    ("params", "excused", "messages"),
    [
        ({"deployment": None, "region": None, "profile": None}, (), []),
        ({"region": "eu-west-1", "profile": "p", "endpoint_names": ["e"]}, (), []),
        ({"region": ""}, (), ["region: '' is blank; set it, or leave it out"]),
        ({"region": "", "profile": ""}, ("region", "profile"), []),
        ({"profile": " "}, ("region",), ["profile: ' ' is blank; set it, or leave it out"]),
        ({"endpoint_names": ["e", ""]}, (), ["endpoint_names[1]: '' is blank; set it, or leave it out"]),
        ({"endpoint_names": []}, (), []),
        ({"approved_plan": "", "plan_file": None}, (), ["approved_plan: '' is blank; set it, or leave it out"]),
        ({"plan_file": ""}, (), ["plan_file: '' is blank; set it, or leave it out"]),
        ({"keep_generations": 0, "prune_limit": 0}, (), []),
        ({"keep_generations": -1}, (), ["keep_generations: -1 is below 0; allowed: 0 or more"]),
        ({"prune_limit": -5}, (), ["prune_limit: -5 is below 0; allowed: 0 or more"]),
        ({"deployment": "", "region": ""}, (), [f"deployment: '' is blank; {ALLOWED}", "region: '' is blank; set it"]),
    ],
)
def test_problems_of_options(params: dict[str, t.Any], excused: tuple[str, ...], messages: list[str]) -> None:
    found = [str(problem) for problem in problems_of_options(params, excused)]
    assert len(found) == len(messages)
    assert all(line.startswith(start) for line, start in zip(found, messages, strict=True))
