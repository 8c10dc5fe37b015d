# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protected endpoints, and the name that a user gives before much is deleted."""

from __future__ import annotations

import typing as t

from .conftest import Workplace
from .samples import COLLECTION
from .test_failures import fleet

NAME = {"sagemaker_inference_deployment": "search"}
ENDPOINT = "realtime-endpoint"
PROTECTED = f"nothing was deleted: 1 endpoint ({ENDPOINT}) is protected from deletion (deletion_protection)"


def with_protection(inventory: dict[str, t.Any], value: bool) -> dict[str, t.Any]:
    endpoint = inventory["endpoints"][ENDPOINT] | {"deletion_protection": value}
    return inventory | {"endpoints": {ENDPOINT: endpoint}}


def test_destroy_refuses_until_the_protection_is_taken_off(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.arrange(**with_protection(documented_example, True), **NAME)
    workplace.simulator.clear_journal()
    workplace.declare(**documented_example, **NAME)
    for arguments in (("--check",), (), ("-e", "sagemaker_inference_confirm=searc")):
        refused = workplace.run("destroy", *arguments)
        assert refused.returncode == 2
        assert PROTECTED in refused.output
    assert "instead of 'searc'" in refused.output
    assert workplace.simulator.writes() == []
    workplace.declare(**with_protection(documented_example, False), **NAME)
    assert workplace.run("destroy").returncode == 2
    off = workplace.run("apply", "--diff")
    assert off.changed == 1
    assert f"endpoints.{ENDPOINT}\n" in off.output
    assert "\n+deletion_protection: false" in off.output
    assert workplace.run("destroy").changed == 1
    assert workplace.left_over() == []


def test_whoever_names_the_deployment_destroys_it(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**with_protection(documented_example, True), **NAME)
    workplace.declare(**documented_example, **NAME)
    assert workplace.run("destroy", "-e", "sagemaker_inference_confirm=search").changed == 1
    assert workplace.left_over() == []


def test_more_than_five_are_asked_for(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    six = fleet(documented_example, "a", "b", "c", "d", "e", "f")
    workplace.arrange(**six, **NAME)
    workplace.simulator.clear_journal()
    workplace.declare(**six, **NAME)
    refused = workplace.run("destroy")
    assert refused.returncode == 2
    assert (
        "nothing was deleted: 6 endpoints (a, b, c, d, e, f) would be deleted, more than prune_limit allows (5)"
        in refused.output
    )
    assert "set sagemaker_inference_confirm (the module's confirm) to 'search'" in refused.output
    assert workplace.simulator.writes() == []
    assert workplace.run("destroy", "-e", "sagemaker_inference_confirm=search").changed == 1
    assert workplace.left_over() == []


def test_the_modules_refuse_too(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**with_protection(documented_example, True), **NAME)
    workplace.simulator.clear_journal()
    absent = {"endpoint_name": ENDPOINT, "deployment": "search", "state": "absent"}
    all_of_it = {"deployment": "search", "state": "absent", "endpoints": [{"endpoint_name": ENDPOINT}]}
    one, whole = workplace.results(
        {f"{COLLECTION}.sagemaker_endpoint": absent}, {f"{COLLECTION}.sagemaker_deployment": all_of_it}
    )
    assert "the endpoint is protected from deletion by its tag" in one["msg"]
    assert PROTECTED in whole["msg"]
    assert workplace.simulator.writes() == []
    (done,) = workplace.results({f"{COLLECTION}.sagemaker_deployment": all_of_it | {"confirm": "search"}})
    assert done["changed"] is True


def test_it_is_exported(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**with_protection(documented_example, True), **NAME)
    workplace.declare(**NAME)
    assert workplace.run("export").returncode == 0
    written = (workplace.folder / "sagemaker-inference.yml").read_text()
    assert "deletion_protection: true" in written
