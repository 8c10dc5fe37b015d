# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that go to the action plugin: without secrets, and not where Ansible would mask a part of them."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.comparable import (
    without_masked_requests,
    without_requests,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import restored, sealed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Compared,
    Effect,
    Plan,
    ResourceId,
    as_data,
    from_data,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils import plans as shown_plans
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plans import in_inventory_words
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.test_sealed import over_the_border

MODEL = ResourceId("model", "m")
OLD, NEW = "the-old-password", "the-new-password"


def model(image: str, **environment: str) -> dict[str, t.Any]:
    return {"ExecutionRoleArn": "arn", "Containers": [{"Image": image, "Environment": environment}]}


def plan(before: dict[str, t.Any] | None, after: dict[str, t.Any] | None) -> Plan:
    return Plan(MODEL, Effect.CREATE, compared=Compared(before, after))


def environments(found: Plan) -> list[dict[str, str]]:
    return [request["Containers"][0]["Environment"] for request in found.compared or () if request]


def test_values_of_environments_stay_in_the_process() -> None:
    data = as_data(plan(model("i", A=OLD, B="same"), model("i", A=NEW, B="same")))
    text = json.dumps(data)
    assert OLD not in text
    assert NEW not in text
    before, after = environments(from_data(json.loads(text)))
    assert before["A"] != after["A"]
    assert before["B"] == after["B"]
    assert "same" not in before.values()


def test_what_is_not_there_stays_so() -> None:
    assert from_data(as_data(plan(None, model("i")))).compared == Compared(None, model("i"))
    assert from_data(as_data(Plan(MODEL, Effect.CREATE))).compared is None


@pytest.mark.parametrize("secret", ["registry/image", 'a"quote', "ä", "Image"])
def test_requests_that_hold_a_secret_key_are_not_reported_unmasked(secret: str) -> None:
    plans = [plan(None, model(f"registry/image-{secret}")), plan(None, model("other", Image="yes"))]
    found = without_masked_requests(plans, {secret, ""})
    assert found[0].compared is None
    assert [each.resource for each in found] == [MODEL, MODEL]
    assert (found[1].compared is None) == (secret == "Image")


def test_others_are() -> None:
    plans = [plan(model("old"), model("new"))]
    assert without_masked_requests(plans, {"a-secret-key-of-the-length-that-they-have", ""}) == plans


def test_nothing_is_compared_where_no_inventory_has_words_for_it() -> None:
    assert [each.compared for each in without_requests([plan(None, model("i"))])] == [None]


def test_masking_does_not_change_what_is_compared() -> None:
    result = ModuleResult(plans=[plan(model("old"), model("new"))]).as_data()
    received = ModuleResult.from_data(restored(over_the_border(sealed(result), "old", "Image", "1")))
    assert [each.compared for each in received.plans or ()] == [Compared(model("old"), model("new"))]
    options = {"models": [{"model_name": "m"}], "endpoints": []}
    assert [each.path for each in in_inventory_words(received, options).plans or ()] == [("models", "m")]


def test_without_botocore_the_plans_are_reported_in_the_words_of_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_plans, "HAS_BOTOCORE", False)
    result = ModuleResult(plans=[plan(model("old"), model("new"))])
    assert in_inventory_words(result, {"models": [], "endpoints": []}) == result
