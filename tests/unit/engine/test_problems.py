# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of others inside messages."""

from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.endpoint_descriptions import (
    failure_reason,
)


@pytest.mark.parametrize("sentence", ["Insufficient capacity.", "Insufficient capacity. ", "Insufficient capacity"])
def test_a_message_goes_on_behind_a_sentence_of_aws_without_its_full_stop(sentence: str) -> None:
    assert failure_reason({"FailureReason": sentence}) == "Insufficient capacity"
    assert str(CallFailed("UpdateEndpoint", "Broken", sentence)) == "UpdateEndpoint: Broken: Insufficient capacity"
    assert str(CallFailed("UpdateEndpoint", "", sentence)) == "UpdateEndpoint: Insufficient capacity"
