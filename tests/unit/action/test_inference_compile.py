# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin with Ansible's own templating, without a play around it."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible_collections.friendsofansible.sagemaker.plugins.action import sagemaker_inference_compile as action
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils import find_inventory as reading
from ansible_collections.friendsofansible.sagemaker.tests.unit.action.actions import action_of, trusted
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import README, example

HEADING = "The inventory has one problem; nothing was sent to AWS:\n"
BAD = {"m": {"iam_role_arn": 5, "container_definitions": {"c": {"image": "i"}}}}


def _run(args: t.Mapping[str, object] | None = None, check_mode: bool = False, **variables: t.Any) -> dict[str, t.Any]:
    variables = trusted(variables)
    plugin = action_of(action.ActionModule, dict(args or {}), variables, name="compile", check_mode=check_mode)
    result: dict[str, t.Any] = plugin.run(task_vars=variables)
    return result


def _message_of(result: dict[str, t.Any]) -> str:
    assert result["failed"] is True
    assert set(result) == {"failed", "msg"}
    message: str = result["msg"]
    return message


def test_the_readme_example() -> None:
    result = _run(**yaml.safe_load(README))
    assert [model["model_name"] for model in result["models"]] == ["demo-model"]
    assert [endpoint["endpoint_name"] for endpoint in result["endpoints"]] == ["realtime-endpoint"]
    assert (len(result["alarms"]), len(result["targets"]), len(result["warnings"])) == (2, 1, 4)
    assert result["changed"] is False
    assert result["_ansible_no_log"] is True


def test_check_mode_does_the_same() -> None:
    inventory = yaml.safe_load(README)
    assert _run(check_mode=True, **inventory) == _run(**inventory)


def test_strict() -> None:
    message = _message_of(_run({"strict": True}, **yaml.safe_load(README)))
    assert message.startswith("The inventory has 4 problems; nothing was sent to AWS:\n- endpoints.realtime-endpoint.")
    assert "strict: not a boolean" in _message_of(_run({"strict": "perhaps"}, models={}))


def test_values_are_templated() -> None:
    inventory = example("realtime")
    variant = inventory["endpoints"]["e"]["provisioned"]["production_variants"]["m"]
    variant |= {"instance_type": "{{ size }}", "volume_size": "{{ 4 + 1 }}", "initial_weight": "{{ '0.5' }}"}
    found = _run(size="ml.c5.large", **inventory)["endpoints"][0]["production_variants"][0]
    assert (found["instance_type"], found["volume_size_in_gb"], found["initial_variant_weight"]) == (
        "ml.c5.large",
        5,
        0.5,
    )


def test_a_whole_part_may_be_a_template() -> None:
    assert _run(models="{{ mine }}", mine=example("models")["models"])["models"][0]["model_name"] == "m"


def test_results_are_plain_python() -> None:
    model = _run(**example("models"))["models"][0]
    assert model["execution_role_arn"].__class__ is str
    assert model.__class__ is dict


@pytest.mark.parametrize(
    ("args", "variables", "path"),
    [
        ({"models": BAD}, {}, "models"),
        ({"models": BAD}, {"sagemaker_inference_models": {}, "models": {}}, "models"),
        ({}, {"models": BAD}, "models"),
        ({}, {"sagemaker_inference_models": BAD}, "sagemaker_inference_models"),
        ({}, {"sagemaker_inference_models": BAD, "models": {}}, "sagemaker_inference_models"),
        ({}, {"sagemaker_inference_models": None, "models": BAD}, "models"),
    ],
)
def test_paths_begin_with_the_name_that_was_used(
    args: dict[str, object], variables: dict[str, t.Any], path: str
) -> None:
    message = f"- {path}.m.iam_role_arn: expected a string, got the number 5; put it in quotes"
    assert _message_of(_run(args, **variables)) == HEADING + message


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "- models: required; set sagemaker_inference_models or models"),
        ({"endpoints": {}}, "- models: required; set sagemaker_inference_models or models"),
        (
            {"models": {}, "sagemaker_inference_endpoints": {}},
            "- sagemaker_inference_models: required; the variable models is ignored, because "
            "sagemaker_inference_endpoints is set",
        ),
    ],
)
def test_models_are_required(variables: dict[str, t.Any], message: str) -> None:
    assert _message_of(_run(**variables)) == HEADING + message


@pytest.mark.parametrize(
    ("args", "variables", "tags"),
    [
        ({}, {"models": {}, "additional_tags_all": {"a": "bare"}}, {"a": "bare"}),
        (
            {},
            {"models": {}, "sagemaker_inference_additional_tags_all": {"a": "long"}, "additional_tags_all": {"a": "b"}},
            {"a": "long"},
        ),
        ({}, {"sagemaker_inference_models": {}, "additional_tags_all": {"a": "bare"}}, None),
        (
            {},
            {"sagemaker_inference_models": {}, "sagemaker_inference_additional_tags_all": {"a": "long"}},
            {"a": "long"},
        ),
        (
            {"additional_tags_all": {"a": "option"}},
            {"models": {}, "additional_tags_all": {"a": "bare"}},
            {"a": "option"},
        ),
        ({"models": {}}, {"additional_tags_all": {"a": "bare"}}, None),
    ],
)
def test_whose_tags_are_taken(
    args: dict[str, object], variables: dict[str, t.Any], tags: dict[str, str] | None
) -> None:
    _names, parts = reading.named_parts(args, variables)
    assert parts.get("additional_tags_all", (None, None))[1] == tags


def test_undefined_variables_are_reported_with_their_paths() -> None:
    inventory = example("realtime")
    inventory["models"]["m"]["iam_role_arn"] = "{{ no_such_role }}"
    inventory["endpoints"]["e"]["provisioned"]["production_variants"]["m"]["instance_type"] = "ml.{{ family }}.large"
    assert _message_of(_run(**inventory)).splitlines()[1:] == [
        "- models.m.iam_role_arn: 'no_such_role' is undefined",
        "- endpoints.e.provisioned.production_variants.m.instance_type: 'family' is undefined",
    ]


def test_why_a_template_of_an_environment_value_fails_is_not_reported() -> None:
    inventory = example("models")
    container = inventory["models"]["m"]["container_definitions"]["c"]
    container["environment_variables"] = {"TOKEN": "{{ token | from_json }}", "OTHER": "{{ nope }}"}
    message = _message_of(_run(token="hush-4711", **inventory))
    assert "hush" not in message
    assert "environment_variables.TOKEN: cannot be resolved" in message
    assert "environment_variables.OTHER: 'nope' is undefined" in message


@pytest.mark.parametrize("hostile", ["{{ lookup('pipe', 'false') }}", "{% raw %}", "{{", "\ud800", "a\nb", "☃" * 300])
def test_what_comes_from_elsewhere_is_never_evaluated(hostile: str) -> None:
    """Text without trust, as a lookup or another task returns it."""
    models = {"m": {"iam_role_arn": hostile, "container_definitions": {"c": {"image": "i"}}}}
    assert _message_of(_run({"models": models})).startswith(HEADING + "- models.m.iam_role_arn: ")


def test_a_nest_too_deep_is_refused() -> None:
    nest: object = "x"
    for _depth in range(3000):
        nest = [nest]
    assert "nested too deeply" in _message_of(_run({"models": {"m": nest}}))


def test_unknown_options_are_refused() -> None:
    with pytest.raises(AnsibleActionFail, match="model"):
        _run({"model": {}})


def test_botocore_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "HAS_BOTOCORE", False)
    assert "needs botocore" in _message_of(_run(models={}))
