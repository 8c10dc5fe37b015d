# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What steers a run gets through Ansible's masking as it was, or not at all."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import (
    SEALED,
    ResultWasChanged,
    restored,
    seal,
    sealed,
    unseal,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import ModuleResult
from hypothesis import given
from hypothesis import strategies as st

SHORT = ("test", "y", "e", "in", "redeploy", "1", "0", " ", "a", ":", "no change", '"', "True", "sealed", "name")

WAIT = {"endpoint_name": "in-test", "until": "in service", "config_name": "in-test-01234567", "waited_seconds": 1.5}
RESOURCES = {
    "models": [{"name": "m-test", "changed": True, "effect": "create", "model_name": "m-test-0e1f2a3b"}],
    "endpoints": [
        {
            "name": "in-test",
            "changed": True,
            "effect": "redeploy",
            "endpoint_arn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/in-test",
            "endpoint_status": "Updating",
            "logs_url": "https://example.org/in-test",
        },
        {"name": "y", "changed": False, "effect": "no change", "error": "y is in a bad way"},
    ],
}
ERRORS = ["y: y is in a bad way", "endpoint configuration old: Denied"]
TOLD: dict[str, t.Any] = RESOURCES | {
    "changed": True,
    "failed": True,
    "errors": ERRORS,
    "msg": ModuleResult.from_data(RESOURCES | {"errors": ERRORS}).failure_message(),
    "pending": [{"name": "in-test", "status": "Updating", "stage": "Creating", "wait": WAIT}],
    "carried": {"generations": {"m-test": "m-test-0e1f2a3b"}, "failed_models": [], "has_failed": False},
    "plans": [
        {
            "kind": "endpoint",
            "name": "in-test",
            "effect": str(effect),
            "notes": ["+1 ml.m5.large while both fleets run"],
            "path": ["endpoints", "in-test"],
            "differences": [
                {
                    "path": ["production_variants", "v", "instance_type"],
                    "is_detail": False,
                    "before": "ml.m5.large",
                    "after": "ml.c5.large",
                },
                {"path": ["tags", "e"], "is_detail": False, "before": None, "after": 1},
            ],
        }
        for effect in Effect
    ],
}


def over_the_border(result: dict[str, t.Any], *secrets: str) -> dict[str, t.Any]:
    """What becomes of a module's result on its way to the action plugin."""
    masked = remove_values(copy.deepcopy(result), set(secrets))
    preserved = {name: value for name, value in result.items() if value is None or isinstance(value, bool)}
    return t.cast("dict[str, t.Any]", json.loads(json.dumps(masked | preserved)))


def steering(result: dict[str, t.Any]) -> dict[str, t.Any]:
    """All that is more than text to be read, in its place."""
    facts = ("name", "changed", "effect", "model_name", "endpoint_arn", "endpoint_status", "logs_url")
    return {
        "changed": result["changed"],
        "failed": result.get("failed"),
        "pending": result.get("pending"),
        "carried": result.get("carried"),
        "failing": [("error" in each, each["name"]) for each in result["endpoints"]],
        "plans": [
            [plan["kind"], plan["name"], plan["effect"], [item["path"] for item in plan["differences"]]]
            for plan in result["plans"]
        ],
        **{
            kind: [{name: each[name] for name in facts if name in each} for each in result[kind]]
            for kind in ("models", "endpoints")
        },
    }


@pytest.mark.parametrize("secret", [*SHORT, "a-secret-key-of-the-length-that-they-have"])
def test_no_secret_changes_what_steers_a_run(secret: str) -> None:
    found = restored(over_the_border(sealed(TOLD), secret))
    assert SEALED not in found
    assert steering(found) == steering(TOLD)
    for line, error in zip(found["errors"], ERRORS, strict=True):
        assert secret in line or line == error or secret in error
    assert found["msg"].startswith(f"1 of 2 endpoints failed:\n- {found['errors'][0]}\n")


@given(st.lists(st.text("abdeinorstuy-:{} 0123456789", min_size=1, max_size=4), max_size=3))
def test_nor_do_several(secrets: list[str]) -> None:
    assert steering(restored(over_the_border(sealed(TOLD), *secrets))) == steering(TOLD)


def test_text_to_be_read_stays_masked() -> None:
    secret = "ml.m5.large"
    text = json.dumps(restored(over_the_border(sealed(TOLD), secret)))
    assert secret not in text
    assert "********" in text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(json_values)
def test_whatever_is_sealed_comes_back(data: t.Any) -> None:
    assert unseal(json.loads(json.dumps(seal(data)))) == data


@given(st.data())
def test_a_seal_that_was_changed_is_broken(data: st.DataObject) -> None:
    (text,) = seal({"name": "in-test"})
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(max_codepoint=126).filter(lambda each: each != text[at]))
    with pytest.raises(ResultWasChanged):
        unseal({f"{text[:at]}{letter}{text[at + 1 :]}": None})


@pytest.mark.parametrize(
    "answer",
    [
        {"changed": True},
        {"changed": True, SEALED: None},
        {"changed": True, SEALED: "********"},
        {"changed": True, SEALED: {}},
        {"changed": True, SEALED: {"********": None}},
        {"failed": True, SEALED: "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"},
        {SEALED: sealed(TOLD)[SEALED]},
        TOLD | {"endpoints": [], SEALED: sealed(TOLD)[SEALED]},
        TOLD | {"errors": [], SEALED: sealed(TOLD)[SEALED]},
    ],
)
def test_an_answer_without_its_seal_is_believed_in_nothing(answer: dict[str, t.Any]) -> None:
    with pytest.raises(ResultWasChanged):
        restored(copy.deepcopy(answer))


def test_a_module_that_could_not_start_is_believed_to_have_failed() -> None:
    assert restored({"failed": True, "msg": "no boto3"}) == {"failed": True, "msg": "no boto3"}
