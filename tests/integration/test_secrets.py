# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of environment variables reach AWS and nothing else."""

from __future__ import annotations

import copy
import typing as t

import pytest

from .conftest import Workplace

OLD, NEW = "correct horse", "battery staple"


def with_secret(inventory: dict[str, t.Any], value: str) -> dict[str, t.Any]:
    result = copy.deepcopy(inventory)
    container = result["models"]["demo-model"]["container_definitions"]["container1"]
    container["environment_variables"] = {"TOKEN": value}
    return result


@pytest.mark.parametrize("verbosity", ["-v", "-vvvv"])
def test_a_deployed_value_is_never_shown(
    workplace: Workplace, documented_example: dict[str, t.Any], verbosity: str
) -> None:
    workplace.declare(**with_secret(documented_example, OLD))
    first = workplace.run("apply", "--diff", verbosity)
    assert first.changed == 1
    workplace.declare(**with_secret(documented_example, NEW))
    foretold = workplace.run("apply", "--check", "--diff", verbosity)
    second = workplace.run("apply", "--diff", verbosity)
    gone = workplace.run("destroy", "--diff", verbosity)
    for outcome in (first, foretold, second, gone):
        assert outcome.returncode == 0
        assert OLD not in outcome.output
        assert NEW not in outcome.output
    assert "TOKEN: (hidden, changed)" in second.output
    assert OLD not in str(workplace.simulator.journal())


def test_a_refused_value_is_never_shown(workplace: Workplace) -> None:
    tasks = [
        {
            "friendsofansible.sagemaker.sagemaker_model": {
                "model_name": "m",
                "primary_container": {"image": "i", "environment": environment},
            }
        }
        for environment in ({"TOKEN": NEW * 200}, {"not a name": NEW}, {"TOKEN": [NEW]}, NEW)
    ]
    for task in tasks:
        refused = workplace.play(task, arguments=("-vvvv",))
        assert refused.returncode != 0
        assert NEW not in refused.output
    assert workplace.simulator.journal() == []
