# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.hidden_values import without_secrets


@pytest.mark.parametrize("name", ["environment", "Environment"])
def test_an_environment_is_hidden_in_either_spelling(name: str) -> None:
    given = {"containers": [{"api_parameters": {name: {"TOKEN": "hush"}}}]}
    assert without_secrets(given) == {"containers": [{"api_parameters": {name: {"TOKEN": "(hidden)"}}}]}
