# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where in a file a path of the inventory was written."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect, Plan, ResourceId
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.find_inventory import NotCompiled, compiled
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.origins import Origins
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plans import with_origins

TEXT = """\
models:
  m:
    container_definitions:
      main: {image: "registry/image:1"}
endpoints:
  e:
    tags: [a, b]
"""


@pytest.fixture
def origins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Origins:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "all.yml").write_text(TEXT)
    parts: dict[str, t.Any] = DataLoader().load_from_file("all.yml")
    return Origins(parts)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("models.m.container_definitions.main.image", "all.yml:4:21"),
        ("models.m", "all.yml:2:3"),
        ("models.m.container_definitions.main.mode", "all.yml:4:7"),
        ("endpoints.e.tags[1]", "all.yml:7:15"),
        ("models.m.iam_role_arn", "all.yml:2:3"),
        ("additional_tags_all.team", ""),
    ],
    ids=["a value", "a map", "what is missing in a map", "an entry of a list", "another missing key", "not there"],
)
def test_a_path_leads_to_file_line_and_column(origins: Origins, path: str, place: str) -> None:
    assert origins.of(path) == place
    assert origins.behind(path) == (f" ({place})" if place else "")


def test_what_comes_from_no_file_has_no_place() -> None:
    assert Origins({"models": {"m": {"image": "x"}}}).of("models.m.image") == ""


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("models.m.container_definitions.main.image", "registry/image:1", "all.yml:4:21"),
        ("models.m.container_definitions.main.image", "registry/image:2", ""),
        ("models.m.container_definitions.main.mode", "registry/image:1", ""),
    ],
    ids=["this value", "another value", "a key that is not there"],
)
def test_a_value_leads_to_the_line_that_has_it(origins: Origins, path: str, value: str, place: str) -> None:
    assert origins.of_value(path, value) == place


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "models: {}\nendpoint:\n  e: {}\n",
            '- endpoint: did you mean "endpoints"? If this is a variable of your own, also set endpoints: {}'
            " (all.yml:2:1)",
        ),
        ("models: {}\nendpoints:\n  - e: {}\n", "- endpoints: expected a map, got a list (all.yml:2:1)"),
        (
            "sagemaker_inference_models: {}\nsagemaker_inference_endpoints:\n  - e: {}\n",
            "- sagemaker_inference_endpoints: expected a map, got a list (all.yml:2:1)",
        ),
        (
            "models: {}\nsagemaker_inference_regoin: a\n",
            '- sagemaker_inference_regoin: unknown variable; did you mean "sagemaker_inference_region"? (all.yml:2:1)',
        ),
    ],
    ids=["a slip", "a part of the wrong type", "a prefixed one", "an unknown variable"],
)
def test_a_problem_of_a_variable_leads_to_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "all.yml").write_text(text)
    variables: dict[str, t.Any] = DataLoader().load_from_file("all.yml")
    with pytest.raises(NotCompiled) as refusal:
        compiled({}, variables, Templar(loader=DataLoader(), variables=variables))
    assert str(refusal.value).splitlines()[1:] == [problem]


def _marked(origins: Origins, before: str, after: str) -> tuple[str, str]:
    path = ("container_definitions", "main", "image")
    plan = Plan(
        ResourceId("model", "m"), Effect.REDEPLOY, differences=(Difference(path, before, after),), path=("models", "m")
    )
    ((item,),) = (each.differences for each in with_origins([plan], origins, is_rollback=True))
    return item.origin_before, item.origin


def test_a_rollback_names_the_line_of_the_value_that_is_declared(origins: Origins) -> None:
    line = "all.yml:4:21"
    assert _marked(origins, "registry/image:1", "registry/image:0") == (line, "")
    assert _marked(origins, "registry/image:2", "registry/image:1") == ("", line)
    assert _marked(origins, "registry/image:2", "registry/image:0") == ("", "")
