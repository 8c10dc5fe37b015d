# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix end to end: the module's own main, with the clients, the retries and the clock that users have."""

from __future__ import annotations

import contextlib
import io
import json
import time
import typing as t

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import compile_inventory
from ansible_collections.friendsofansible.sagemaker.plugins.modules import sagemaker_deployment

from simulator.client import SECRET_KEY, Simulator
from simulator.testing import ACCOUNT

from .harness import REGION, run_key
from .inventories import ERRORS, Inventory, inventory, model, provisioned, scaled
from .policies import Narrowing, narrowed, shown

READ_TIMEOUT_SECONDS = 1.0
RUN_KEY = run_key(ACCOUNT)
CREATES = ("CreateModel", "CreateEndpointConfig", "CreateEndpoint", "RegisterScalableTarget", "PutMetricAlarm")
FAULTS: dict[str, dict[str, t.Any]] = {
    "throttle": {},
    "error": {"code": "ServiceUnavailable", "status": 503},
    "drop_before": {},
    "drop_after": {},
    "slow": {"seconds": 2 * READ_TIMEOUT_SECONDS},
}
FIRST = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS)))
SECOND = inventory(provisioned(v=scaled(cloudwatch_alarms=ERRORS, volume_size=10)), {"m": model(2)})


@pytest.fixture
def account(server: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    server.configure(create_seconds=0.1, update_seconds=3)
    server.reset()
    server.allow(narrowed(shown().applying, Narrowing(SECOND, REGION, ACCOUNT)), RUN_KEY)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    return server


def deploy(wanted: Inventory) -> dict[str, t.Any]:
    """The result of a task with the module."""
    declared = compile_inventory(wanted)
    lists = {name: getattr(declared, name) for name in ("models", "alarms", "endpoints", "targets")}
    connection = {"access_key": RUN_KEY, "secret_key": SECRET_KEY, "region": REGION}
    config = {"aws_config": {"read_timeout": READ_TIMEOUT_SECONDS}}
    output = io.StringIO()
    with (
        patch_module_args({"deployment": "default", **lists, **connection, **config}),
        contextlib.redirect_stdout(output),
        pytest.raises(SystemExit),
    ):
        sagemaker_deployment.main()
    result: dict[str, t.Any] = json.loads(output.getvalue())
    return result


def await_second_calls(account: Simulator, operations: tuple[str, ...]) -> None:
    """The journal has a call at its end, and one that the client has given up may end late."""
    deadline = time.monotonic() + 5 * READ_TIMEOUT_SECONDS
    while any(account.counts()[operation] != 2 for operation in operations):
        assert time.monotonic() < deadline, account.counts()
        time.sleep(0.1)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_retries_cope_with_one_fault_of_every_write(account: Simulator, fault: str) -> None:
    for wanted, operations in ((FIRST, CREATES), (SECOND, ("UpdateEndpoint",))):
        account.clear_journal()
        for operation in operations:
            account.fault(fault, operation=operation, **FAULTS[fault])
        result = deploy(wanted)
        assert not result.get("failed"), result["msg"]
        assert result["changed"]
        await_second_calls(account, operations)
    account.clear_journal()
    result = deploy(SECOND)
    assert not result.get("failed"), result["msg"]
    assert not result["changed"]
    assert account.writes() == []
