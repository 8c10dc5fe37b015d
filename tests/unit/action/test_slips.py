# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that are nearly ours: which are taken for a slip, and which for a variable of the user's own."""

from __future__ import annotations

import typing as t

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import NotCompiled, compiled
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.variables import (
    SETTINGS,
    is_one_letter_away,
    unknown_variables,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import example
from hypothesis import given
from hypothesis import strategies as st

PREFIX = "sagemaker_inference_"
MODELS = example("models")["models"]
FLEET = example("realtime")["endpoints"]
WITH_MODELS = {"models": {"m": MODELS["m"]}}


def problems(variables: dict[str, t.Any], **options: t.Any) -> list[str]:
    """The message about the variables, without its heading."""
    templar = Templar(loader=DataLoader(), variables=variables)
    try:
        compiled({}, variables, templar, **options)
    except NotCompiled as refusal:
        return str(refusal).splitlines()[1:]
    return []


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("endpoint", "endpoints"),
        ("endpoins", "endpoints"),
        ("endponits", "endpoints"),
        ("endpointss", "endpoints"),
        ("end_points", "endpoints"),
        ("emdpoints", "endpoints"),
        ("Endpoints", "endpoints"),
        ("ENDPOINTS", "endpoints"),
        ("Endpoint", "endpoints"),
        ("additional_tag_all", "additional_tags_all"),
        ("additional_tags_al", "additional_tags_all"),
        ("additionaltags_all", "additional_tags_all"),
    ],
)
@pytest.mark.parametrize("value", [{}, FLEET, "{{ elsewhere }}"])
def test_a_map_one_letter_away_from_a_part_that_is_not_set_is_a_slip(slip: str, meant: str, value: object) -> None:
    variables = WITH_MODELS | {slip: trust_as_template(value) if isinstance(value, str) else value, "elsewhere": FLEET}
    advice = f"If this is a variable of your own, also set {meant}: {{}}"
    assert problems(variables) == [f'- {slip}: did you mean "{meant}"? {advice}']
    assert problems(variables | {meant: {}}) == []


@pytest.mark.parametrize(
    "own",
    [
        {"endpoint": "https://example.org"},
        {"endpoint": ["a", "b"]},
        {"endpoint": None},
        {"endpoint": trust_as_template("{{ nowhere }}")},
        {"model": {"name": "x"}},
        {"tags": {"a": "b"}},
        {"additional_tags": {"a": "b"}},
        {"endpoint_names": {"a": "b"}},
        {"points": {"a": "b"}},
        {"endpoint": {"a": "b"}, "endpoints": {}},
        {"sagemaker": {"a": "b"}, "sagemaker_inference": {"a": "b"}, "sagemaker_infer_endpoint": {}},
    ],
)
def test_variables_of_the_users_own_are_left_alone(own: dict[str, t.Any]) -> None:
    assert problems(WITH_MODELS | own) == []


def test_bare_names_do_not_matter_where_the_prefixed_ones_are_used() -> None:
    variables = {f"{PREFIX}models": WITH_MODELS["models"], "endpoint": {}, "additional_tag_all": {}}
    assert problems(variables) == []


def test_both_may_be_slips() -> None:
    message = problems({"model": MODELS, "endpoint": {}})
    assert [line.partition(":")[0] for line in message] == ["- model", "- endpoint", "- models"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("endpoint", "endpoints"),
        ("model", "models"),
        ("purge", "prune"),
        ("prune_limits", "prune_limit"),
        ("deployments", "deployment"),
        ("regoin", "region"),
        ("keep_generation", "keep_generations"),
        ("export_enviroment", "export_environment"),
    ],
)
def test_an_unknown_variable_of_our_prefix_is_a_slip(name: str, meant: str) -> None:
    values: tuple[t.Any, ...] = ("x", {}, None)
    for value in values:
        (message,) = problems(WITH_MODELS | {PREFIX + name: value})
        assert message.startswith(f"- {PREFIX}{name}: unknown variable; did you mean ")
        assert f'"{PREFIX}{meant}"' in message


def test_of_what_is_near_to_nothing_it_is_reported_too() -> None:
    assert problems(WITH_MODELS | {f"{PREFIX}xyzzy": 1}) == [f"- {PREFIX}xyzzy: unknown variable"]


def test_every_variable_of_ours_is_known() -> None:
    assert unknown_variables({PREFIX + name: "x" for name in SETTINGS}) == []


def test_what_a_task_says_itself_is_all_that_counts() -> None:
    variables: dict[str, t.Any] = {"endpoint": {}, f"{PREFIX}endpoint": {}}
    assert compiled({"models": {}}, variables, Templar(loader=DataLoader(), variables=variables)).models == []


def test_a_slip_is_reported_with_all_else() -> None:
    message = problems({"models": {"m": 1}, "endpoint": {}, f"{PREFIX}prun": True})
    assert [line.partition(":")[0] for line in message] == [f"- {PREFIX}prun", "- endpoint", "- models.m"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        (WITH_MODELS, "endpoints: not set"),
        (WITH_MODELS | {"endpoints": None}, "endpoints: not set"),
        (
            WITH_MODELS | {"endpoints": trust_as_template("{{ none_at_all }}"), "none_at_all": None},
            "endpoints: not set",
        ),
        ({f"{PREFIX}models": WITH_MODELS["models"]}, f"{PREFIX}endpoints: not set"),
        (
            {f"{PREFIX}models": WITH_MODELS["models"], "endpoints": FLEET},
            f"{PREFIX}endpoints: not set, and a run that prunes deletes what is not declared; write {PREFIX}endpoints: "
            "{} to keep none; the variable endpoints is ignored, because sagemaker_inference_models is set",
        ),
        (WITH_MODELS | {"endpoints": {}}, None),
        ({f"{PREFIX}models": WITH_MODELS["models"], f"{PREFIX}endpoints": {}}, None),
        ({"models": MODELS, "endpoints": FLEET}, None),
    ],
)
def test_a_run_that_prunes_has_to_say_which_endpoints_are_left(
    variables: dict[str, t.Any], message: str | None
) -> None:
    found = [line for line in problems(variables, does_prune=True) if "not set" in line]
    assert len(found) == (message is not None)
    assert all(line.startswith(f"- {message}") for line in found)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_one_letter_away_is_what_one_slip_of_a_finger_makes(word: str, other: str) -> None:
    slips = {
        *(word[:at] + word[at + 1 :] for at in range(len(word))),
        *(word[:at] + letter + word[at:] for at in range(len(word) + 1) for letter in "abc"),
        *(word[:at] + letter + word[at + 1 :] for at in range(len(word)) for letter in "abc"),
        *(word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)),
    }
    assert is_one_letter_away(word, other) == (other in slips - {word})
