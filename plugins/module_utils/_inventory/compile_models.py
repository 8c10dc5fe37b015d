# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of the inventory to the options of sagemaker_model."""

from __future__ import annotations

import typing as t

from .reader import Tree


def model_options(name: str, model: Tree, common_tags: dict[str, str]) -> dict[str, t.Any]:
    containers = model["container_definitions"]
    options: dict[str, t.Any] = {
        "model_name": name,
        "execution_role_arn": model["iam_role_arn"],
        "containers": [_container(host, container) for host, container in containers.items()],
        "enable_network_isolation": model["enable_network_isolation"],
        "tags": {**model["additional_tags"], **common_tags},
    }
    if len(containers) > 1:
        options["inference_execution_config"] = {"mode": model["inference_execution_config"]["mode"]}
    if vpc := model["vpc_config"]:
        options["vpc_config"] = {"security_group_ids": vpc["security_group_ids"], "subnets": vpc["subnet_ids"]}
    return options


def _container(host: str, container: Tree) -> dict[str, t.Any]:
    options = {"container_hostname": host, "image": container["image"], **_model_data(container)}
    if container["environment_variables"]:
        options["environment"] = container["environment_variables"]
    if many := container["use_multiple_models"]:
        options["mode"] = "MultiModel"
        options["multi_model_config"] = {
            "model_cache_setting": "Enabled" if many["enable_model_caching"] else "Disabled"
        }
    return options


def _model_data(container: Tree) -> dict[str, t.Any]:
    address = container["model_data_location"]
    if address is None:
        return {}
    if container["compression_type"] == "CompressedModel":
        return {"model_data_url": address}
    source = {
        "s3_uri": address,
        "s3_data_type": "S3Prefix" if address.endswith("/") else "S3Object",
        "compression_type": "Gzip" if address.endswith(".tar.gz") else "None",
    }
    return {"model_data_source": {"s3_data_source": source}}
