# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""TagResource, UntagResource, ListTagsForResource: for scalable targets only. [D AS]"""

from __future__ import annotations

from ..call import Call
from ..errors import AwsError
from ..types import Params, Result
from .tag_rules import check_tags


def tag_resource(call: Call, params: Params) -> Result:
    arn = _known_arn(call, params)
    present = call.region.tags.get(arn)
    check_tags(params["Tags"], present)
    call.region.tags.put(arn, present | params["Tags"], call.now)
    return {}


def untag_resource(call: Call, params: Params) -> Result:
    arn = _known_arn(call, params)
    call.region.tags.remove(arn, params["TagKeys"], call.now)
    return {}


def list_tags_for_resource(call: Call, params: Params) -> Result:
    return {"Tags": call.region.tags.get(_known_arn(call, params))}


def _known_arn(call: Call, params: Params) -> str:
    arn: str = params["ResourceARN"]
    if call.region.targets.with_arn(arn) is None:
        # The code is documented, the text a guess.
        raise AwsError("ResourceNotFoundException", f"The resource {arn} does not exist.")
    return arn
