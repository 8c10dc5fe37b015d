# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""No answer may carry what the service model does not know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from simulator.operations import OPERATIONS
from simulator.service_models import BY_NAME, operation_model
from simulator.wire.conform import conformed

MODEL = {"ModelName": "m", "ModelArn": "arn", "CreationTime": datetime(2026, 1, 1, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        ({**MODEL, "Colour": "red"}, "has no member Colour"),
        ({"ModelName": "m", "ModelArn": "arn"}, "lacks ['CreationTime']"),
        ({**MODEL, "EnableNetworkIsolation": "no"}, "not boolean"),
        ({**MODEL, "PrimaryContainer": {"Images": []}}, "has no member Images"),
    ],
)
def test_refuses_what_aws_would_not_send(answer: dict[str, Any], part: str) -> None:
    shape = operation_model("sagemaker", "DescribeModel").output_shape
    assert shape
    with pytest.raises(TypeError) as caught:
        conformed(shape, answer, str)
    assert part in str(caught.value)


def test_every_simulated_operation_is_in_the_service_model() -> None:
    assert set(OPERATIONS) == set(BY_NAME)
    for service, operations in OPERATIONS.items():
        for name in operations:
            assert operation_model(service, name).name == name
