# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The referee knows what a run of ansible-playbook declares: it objects to a call that only the inventory forbids."""

from __future__ import annotations

import copy
import threading
import time
import typing as t

from simulator.testing import Aws

from .conftest import ACCESS_KEY, REGION, Workplace

_LIMIT_SECONDS = 60


def test_a_count_below_the_declared_one_is_objected_to(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    endpoints = documented_example["endpoints"]
    variant = endpoints["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"]
    del variant["auto_scaling"]
    variant["initial_instance_count"] = 3
    endpoints["idle"] = copy.deepcopy(endpoints["realtime-endpoint"])
    workplace.arrange(**documented_example)
    variant["instance_type"] = "ml.m5.xlarge"
    workplace.declare(**documented_example)
    workplace.simulator.configure(update_seconds=4)
    run = threading.Thread(target=workplace.run, args=("apply",))
    run.start()
    _wait_for(workplace, "UpdateEndpoint")
    wanted = [{"VariantName": "demo-model", "DesiredInstanceCount": 1}]
    Aws(workplace.simulator, REGION, ACCESS_KEY).sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="idle", DesiredWeightsAndCapacities=wanted
    )
    run.join()
    workplace.simulator.configure(update_seconds=0.3)
    problems = [each["problem"] for each in workplace.simulator.objections()]
    workplace.simulator.clear_referee()
    workplace.simulator.referee_begin({"access_key": ACCESS_KEY})
    assert problems == [
        "instances of variant demo-model of endpoint idle go from 3 to 1, and the inventory allows no less than 3"
    ]


def _wait_for(workplace: Workplace, operation: str) -> None:
    limit = time.monotonic() + _LIMIT_SECONDS
    while not workplace.sent(operation):
        assert time.monotonic() < limit, f"no {operation}"
        time.sleep(0.05)
