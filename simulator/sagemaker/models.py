# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""CreateModel, DescribeModel, DeleteModel."""

from __future__ import annotations

from ..call import Call
from ..types import Params, Result, unordered
from .lookup import MODEL, already_there, arn_of, find_model
from .model_rules import check_model
from .resources import Model
from .tag_rules import checked_tags


def create_model(call: Call, params: Params) -> Result:
    name = params["ModelName"]
    tags = checked_tags(params.get("Tags", []))
    check_model(params)
    if name.lower() in call.region.models:
        raise already_there(call, MODEL, name)
    content = {key: value for key, value in params.items() if key not in ("ModelName", "Tags")}
    model = Model(name, arn_of(call, MODEL, name), call.now, _filled_in(content))
    call.region.models[name.lower()] = model
    call.region.tags.put(model.arn, tags, call.now)
    return {"ModelArn": model.arn}


def describe_model(call: Call, params: Params) -> Result:
    model = find_model(call, params["ModelName"])
    return {
        "ModelName": model.name,
        "ModelArn": model.arn,
        "CreationTime": call.time(model.created),
        # [C] of one model; that each has one, and that nothing is recommended, is a guess.
        "DeploymentRecommendation": {"RecommendationStatus": "COMPLETED", "RealTimeInferenceRecommendations": []},
        **model.content,
    }


def delete_model(call: Call, params: Params) -> Result:
    """Not refused while an endpoint uses the model: its next scaling fails instead. [D SM; "not refused" is a guess]"""
    model = find_model(call, params["ModelName"])
    del call.region.models[model.name.lower()]
    call.region.tags.forget(model.arn, call.now)
    return {}


def _filled_in(content: Params) -> Params:
    """What DescribeModel adds. [C live][P ACK late-init]"""
    filled = {"EnableNetworkIsolation": False, **content}
    if "VpcConfig" in content:
        filled["VpcConfig"] = unordered(content["VpcConfig"], "Subnets", "SecurityGroupIds")
    if "PrimaryContainer" in content:
        filled["PrimaryContainer"] = _container(content["PrimaryContainer"])
        filled.pop("Containers", None)
        return filled
    filled["Containers"] = [_container(container) for container in content["Containers"]]
    if len(filled["Containers"]) > 1:
        # [P TF: InferenceExecutionConfig is computed] that it is Serial and for pipelines only is a guess.
        filled.setdefault("InferenceExecutionConfig", {"Mode": "Serial"})
    return filled


def _container(sent: Params) -> Params:
    container = {"Mode": "SingleModel", "Environment": {}, **sent}
    if "ModelDataUrl" in sent and container["Mode"] == "SingleModel":
        # [C live]; that MultiModel gets none is a guess.
        source = {"S3Uri": sent["ModelDataUrl"], "S3DataType": "S3Object", "CompressionType": "Gzip"}
        container["ModelDataSource"] = {"S3DataSource": source}
    return container
