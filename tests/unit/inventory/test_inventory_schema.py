# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema for editors refuses what no value could be, and nothing that the role takes."""

from __future__ import annotations

import copy
import json
import math
import re
import typing as t
from pathlib import Path

import botocore
import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.reader import Reader
from ansible_collections.friendsofansible.sagemaker.tests.unit.export.inventories import INVENTORIES
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.examples import Inventory, change, example
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.newer_keys import refusals
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_bad_inventories import BAD
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_everything import EVERYTHING
from ansible_collections.friendsofansible.sagemaker.tests.unit.inventory.test_leaves import ROWS, _inventory, _place
from ansible_collections.friendsofansible.sagemaker.tools import inventory_schema
from hypothesis import given
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted([*ROOT.glob("examples/*/group_vars/*.yml"), *ROOT.glob("examples/endpoints/*.yml")])
SCHEMA = inventory_schema.document()
VALIDATOR = Draft202012Validator(SCHEMA)
PREFIX = inventory_schema.PREFIX
V = "endpoints.e.provisioned.production_variants.m"
# Ranges of durations, the grammar of expressions, patterns that editors do not have, a variable that is another's, and
# that one of two keys is required; also what botocore alone knows, the members in api_parameters.
BEYOND = (
    "expression",
    "period",
    "timeout",
    "interval",
    "additional_tags_all.team",
    "endpoint",
    "image",
    "instance_type",
)
_BELOW = re.compile(r"\.api_parameters\.|\.instance_pools\[")
NOT_IN_JSON = ("\ud800", 10**5000)


def _problems(inventory: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(inventory)]


def test_the_file_is_up_to_date() -> None:
    written = inventory_schema.FILE.read_text()
    if f"botocore {botocore.__version__}." not in written:
        pytest.skip("the schema has the limits of another botocore")
    assert written == inventory_schema.text(), "run: python -m tools.inventory_schema"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(inventory_schema.text()))


def test_the_page_names_the_file_where_the_collection_is_installed() -> None:
    page = (ROOT / "docs" / "inventory.md").read_text()
    installed = f"ansible_collections/friendsofansible/sagemaker/docs/{inventory_schema.FILE.name}"
    (settings,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert list(json.loads(settings)["yaml.schemas"]) == [f"collections/{installed}"]
    assert f"# yaml-language-server: $schema=../collections/{installed}\n" in page


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_takes_the_examples(path: Path) -> None:
    assert _problems(yaml.safe_load(path.read_text())) == []


def test_it_takes_every_key() -> None:
    assert _problems(EVERYTHING) == []
    assert _problems({f"{PREFIX}{name}": part for name, part in EVERYTHING.items()}) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.leaf)
def test_it_takes_every_value_of_a_leaf_and_templates(row: t.Any) -> None:
    for value in (row.value, "{{ x }}", "{% if y %}z{% endif %}"):
        assert _problems(change(_inventory(row, row.beside), _place(row.leaf), copy.deepcopy(value))) == []


@given(INVENTORIES)
def test_it_takes_what_the_role_takes(inventory: Inventory) -> None:
    assert _problems(inventory) == []


def _bad(number: int) -> Inventory:
    base, changes, _path, _message = BAD[number]
    inventory = example(base)
    for where, value in changes.items():
        change(inventory, where, copy.deepcopy(value))
    return inventory


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is_in_json(changes: t.Mapping[str, object]) -> bool:
    return not any(value in NOT_IN_JSON or _is_nan(value) for value in changes.values())


# With an old botocore, the role refuses keys of which the schema for editors says what their values can be.
ALONE = [number for number, row in enumerate(BAD) if _is_in_json(row[1]) and not refusals(_bad(number))]


@pytest.mark.parametrize("number", ALONE)
def test_it_refuses_what_one_value_alone_has_wrong_and_nothing_else(number: int) -> None:
    reader, inventory = Reader(), _bad(number)
    reader.read(INVENTORY, inventory, "")
    faults = [problem for problem in reader.problems if not problem.is_warning]
    found = _problems(json.loads(json.dumps(inventory, default=lambda date: {"not text": str(date)})))
    is_beyond = all(fault.path.endswith(BEYOND) or _BELOW.search(fault.path) for fault in faults)
    assert bool(found) == bool(faults) or (is_beyond and not found), (faults, found)


@pytest.mark.parametrize(
    ("inventory", "message"),
    [
        ({f"{PREFIX}endpoint": {}}, "$: 'sagemaker_inference_endpoint' is not one of"),
        ({f"{PREFIX}state": "gone"}, "$.sagemaker_inference_state: 'gone' is not one of ['present', 'absent']"),
        ({f"{PREFIX}prune": "perhaps"}, "$.sagemaker_inference_prune: 'perhaps' is not one of"),
        (change(example("realtime"), f"{V}.routing_strategy", "RANDOM"), "routing_strategy: 'RANDOM' is not"),
        (change(example("realtime"), f"{V}.instance_typ", "x"), "('instance_typ' was unexpected)"),
    ],
)
def test_what_it_says(inventory: Inventory, message: str) -> None:
    assert any(message in problem for problem in _problems(inventory)), _problems(inventory)
