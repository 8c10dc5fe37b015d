# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module's process starts with no more than it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.service_model import (
    service_model,
    share_service_model,
)
from botocore.session import Session

PACKAGE = "ansible_collections.friendsofansible.sagemaker.plugins"


@pytest.mark.parametrize("module", ["model", "alarm", "endpoint", "scaling"])
def test_a_module_loads_neither_the_inventory_nor_a_service_model(module: str) -> None:
    code = f"""
import sys
import {PACKAGE}.modules.sagemaker_{module}
from {PACKAGE}.module_utils._aws import service_model
inventory = [name for name in sys.modules if name.startswith("{PACKAGE}.module_utils._inventory")]
print(inventory, service_model._SERVICE_MODELS)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] {}"


@pytest.mark.parametrize(
    "plugin", ["deployment", "endpoint", "inference_compile", "inference_info", "inference_summary"]
)
def test_an_action_loads_no_boto3(plugin: str) -> None:
    """It makes no calls, and loading takes as long as some tasks."""
    code = f"import sys; import {PACKAGE}.action.sagemaker_{plugin}; print('boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_requests_are_held_against_the_model_that_the_client_has_loaded() -> None:
    loaded = service_model("sagemaker")
    client = Session().create_client("sagemaker", "eu-west-1")
    try:
        share_service_model(client.meta.service_model)
        assert service_model("sagemaker") is client.meta.service_model
    finally:
        share_service_model(loaded)
