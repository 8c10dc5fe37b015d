# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models back to the documented ``models``: what compile_models made of them."""

from __future__ import annotations

import datetime
import typing as t

from .._engine.canonical import Request
from .._engine.ownership import GENERATION_OF
from .._inventory.module_options import given
from .._inventory.reader import Tree
from .._resources.generations import LiveGeneration
from .fleet import Fleet

_LONG_AGO = datetime.datetime.min.replace(tzinfo=datetime.UTC)


def key_of(model: LiveGeneration) -> str:
    """The name that the user knows the model by."""
    return model.tags.get(GENERATION_OF, model.name)


def declared_models(fleet: Fleet) -> dict[str, LiveGeneration]:
    """The generation of each model that the inventory is to describe: the newest in use, else the newest."""
    used = fleet.used_models
    newest: dict[str, LiveGeneration] = {}
    for model in sorted(fleet.models.values(), key=lambda each: (each.name in used, each.created or _LONG_AGO)):
        newest[key_of(model)] = model
    return dict(sorted(newest.items()))


def model_tree(request: Request, tags: t.Mapping[str, str]) -> Tree:
    """*request* is normalised; what it does not say as the schema would is for the verification to tell."""
    vpc = request.get("VpcConfig")
    mode = request.get("InferenceExecutionConfig", {}).get("Mode", "Serial")
    return given(
        iam_role_arn=request.get("ExecutionRoleArn"),
        container_definitions={
            container.get("ContainerHostname", f"container{number}"): _container(container)
            for number, container in enumerate(request["Containers"], 1)
        },
        inference_execution_config={"mode": mode} if mode != "Serial" else None,
        enable_network_isolation=request.get("EnableNetworkIsolation") or None,
        vpc_config=vpc and {"security_group_ids": vpc["SecurityGroupIds"], "subnet_ids": vpc["Subnets"]},
        additional_tags=dict(tags) or None,
    )


def _container(container: Request) -> Tree:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return given(
        image=container.get("Image"),
        compression_type="UncompressedModel" if source else None,
        model_data_location=source.get("S3Uri") or container.get("ModelDataUrl"),
        use_multiple_models=_many(container) if container.get("Mode") == "MultiModel" else None,
        environment_variables=container.get("Environment") or None,
    )


def _many(container: Request) -> Tree:
    is_caching = container.get("MultiModelConfig", {}).get("ModelCacheSetting", "Enabled") == "Enabled"
    return {} if is_caching else {"enable_model_caching": False}
