# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Reads of an endpoint that show how it was a while ago.

[D SM CreateEndpoint] SageMaker reads its tables eventually consistent: "the response might not reflect the results of a
recently completed write operation". That DescribeEndpoint does so too is a guess.
"""

from __future__ import annotations

from ..call import Call
from ..types import Result
from .resources import Endpoint


def seen_late(call: Call, endpoint: Endpoint, now: Result) -> Result:
    """What a late read shows: the last answer before its lag began, or the first since the fault is in force."""
    lag = call.lag(endpoint.name)
    if not lag:
        return now
    endpoint.shown.append((call.now, now))
    while len(endpoint.shown) > 1 and endpoint.shown[1][0] <= call.now - lag:
        del endpoint.shown[0]
    return endpoint.shown[0][1]
