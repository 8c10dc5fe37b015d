# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A model of the inventory to the options of sagemaker_model."""

from __future__ import annotations

from .._engine.requests import Options, given
from .merged_tags import merged_tags
from .model_keys import CONTAINER_KEYS, DATA_SOURCE_KEYS, MODEL_KEYS
from .reader import Tree
from .walker import compiled


def model_options(name: str, model: Tree, tags_of_all: dict[str, str]) -> Options:
    containers = model["container_definitions"]
    options = {
        "model_name": name,
        **compiled(MODEL_KEYS, model),
        "containers": [_container(host, container) for host, container in containers.items()],
        "tags": merged_tags(model, tags_of_all),
        **given(redeploy=model["redeploy"]),
    }
    if len(containers) == 1:
        del options["inference_execution_config"]
    return options


def _container(host: str, container: Tree) -> Options:
    mode = {} if container["use_multiple_models"] is None else {"mode": "MultiModel"}
    options = {"container_hostname": host, **compiled(CONTAINER_KEYS, container), **mode}
    if sources := container["additional_model_data_sources"]:
        # Their order means nothing to AWS, and must not make another model.
        found = [_additional_data(channel, source) for channel, source in sorted(sources.items())]
        options["additional_model_data_sources"] = found
    return options | _model_data(container, options.get("model_data_source", {}).get("s3_data_source"))


def _model_data(container: Tree, more: Options | None) -> Options:
    """*more* is what other keys say about the data, which AWS does not accept together with a plain address."""
    address = container["model_data_location"]
    if address is None:
        return {}
    if container["compression_type"] == "CompressedModel" and not more:
        return {"model_data_url": address}
    return {"model_data_source": {"s3_data_source": _at(address) | (more or {})}}


def _additional_data(channel: str, source: Tree) -> Options:
    options = compiled(DATA_SOURCE_KEYS, source)
    data = _at(source["model_data_location"]) | options.get("s3_data_source", {})
    return {"channel_name": channel, **options, "s3_data_source": data}


def _at(address: str) -> Options:
    return {
        "s3_uri": address,
        "s3_data_type": "S3Prefix" if address.endswith("/") else "S3Object",
        "compression_type": "Gzip" if address.endswith(".tar.gz") else "None",
    }
