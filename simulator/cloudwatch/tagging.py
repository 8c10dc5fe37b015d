# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""TagResource, UntagResource, ListTagsForResource of alarms."""

from __future__ import annotations

from ..call import Call
from ..errors import AwsError
from ..types import Params, Result
from .tag_rules import checked_tags


def tag_resource(call: Call, params: Params) -> Result:
    arn = _known_arn(call, params)
    call.region.tags.put(arn, checked_tags(params["Tags"], call.region.tags.get(arn)), call.now)
    return {}


def untag_resource(call: Call, params: Params) -> Result:
    arn = _known_arn(call, params)
    call.region.tags.remove(arn, params["TagKeys"], call.now)
    return {}


def list_tags_for_resource(call: Call, params: Params) -> Result:
    tags = call.region.tags.get(_known_arn(call, params))
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _known_arn(call: Call, params: Params) -> str:
    arn: str = params["ResourceARN"]
    name = arn.partition(":alarm:")[2]
    alarm = call.region.alarms.get(name) or call.region.composites.get(name)
    if alarm is None or alarm.arn != arn:
        # The code is documented, the text a guess.
        raise AwsError("ResourceNotFoundException", f"Unknown resource {arn}", 404)
    return arn
