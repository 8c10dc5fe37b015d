# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of what belongs to a variant, made and taken apart."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.names import (
    VariantId,
    endpoint_of,
    is_variant,
    taken_apart,
    variant_of,
)

V = VariantId("rt", "demo")


@pytest.mark.parametrize("key", ["errors", "with/slashes", "Rt/Demo", ""])
def test_a_name_is_taken_apart_as_it_was_made(key: str) -> None:
    assert taken_apart(V.named(key)) == (V, key)
    assert endpoint_of(V.named(key)) == "rt"


@pytest.mark.parametrize("name", ["rt", "rt/demo", "TargetTracking-endpoint"])
def test_other_names_are_of_no_variant(name: str) -> None:
    assert taken_apart(name) is None


def test_an_alarm_that_is_only_called_like_an_endpoint_is_not_named_after_it() -> None:
    assert (endpoint_of("rt"), endpoint_of("rt/demo"), endpoint_of("rt/")) == ("", "rt", "rt")


def test_a_variant_is_known_by_its_resource_id() -> None:
    assert is_variant(V.resource_id)
    assert variant_of(V.resource_id) == V
    assert not is_variant("inference-component/c")
