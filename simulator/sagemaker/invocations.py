# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""InvokeEndpoint: the answer is the request itself, for there is no model."""

from __future__ import annotations

from ..call import Call
from ..errors import AwsError
from ..types import Params, Result
from .lookup import endpoints_now
from .resources import Status

# [D EndpointStatus] an endpoint serves while it is updated; that it does in no other state is a guess.
_SERVING = (Status.IN_SERVICE, Status.UPDATING, Status.SYSTEM_UPDATING, Status.ROLLING_BACK)


def invoke_endpoint(call: Call, params: Params) -> Result:
    """Served by the variant that is asked for, or by that with the most weight."""
    name = params["EndpointName"]
    serving = {each.name.lower(): each for each in endpoints_now(call) if each.status in _SERVING}
    if (endpoint := serving.get(name.lower())) is None:
        # [C] for one that is not there; for one that does not serve yet it is a guess.
        raise _invalid(f"Endpoint {name} of account {call.region.account} not found.")
    if endpoint.config.is_async:
        # [C]
        raise _invalid(f"Endpoint {name} does not support this inference type.")
    names = [variant.name for variant in sorted(endpoint.production, key=lambda each: -each.weight)]
    target = params.get("TargetVariant", names[0])
    if target not in names:
        # The text is a guess.
        raise _invalid(f"Variant {target} not found for endpoint {name}.")
    return {
        "Body": params["Body"],
        "ContentType": params.get("Accept") or params.get("ContentType", "application/json"),
        "InvokedProductionVariant": target,
    }


def _invalid(message: str) -> AwsError:
    """SageMaker Runtime has an error code of its own. [D InvokeEndpoint]"""
    return AwsError("ValidationError", message)
