# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What CreateModel refuses beyond the service model. [D SM] for the rules; all texts are guesses."""

from __future__ import annotations

from ..errors import invalid
from ..types import Params

_MAX_ENVIRONMENT_BYTES = 32 * 1024
_SOURCES = ("ModelDataUrl", "ModelDataSource", "ModelPackageName")


def check_model(params: Params) -> None:
    if ("PrimaryContainer" in params) == bool(params.get("Containers")):
        raise invalid("Exactly one of PrimaryContainer and Containers must be specified.")
    containers = containers_of(params)
    for container in containers:
        _check_container(container, params)
    _check_pipeline(containers, params)
    _check_environment(containers)


def containers_of(model: Params) -> list[Params]:
    """The containers of a request or a description, whichever way they are given."""
    if "PrimaryContainer" in model:
        return [model["PrimaryContainer"]]
    containers: list[Params] = model.get("Containers", [])
    return containers


def is_multi_model(container: Params) -> bool:
    return container.get("Mode") == "MultiModel"


def _check_container(container: Params, params: Params) -> None:
    sources = [name for name in _SOURCES if name in container]
    if len(sources) > 1:
        raise invalid(f"Only one of {' and '.join(sources)} can be specified for a container.")
    if "Image" not in container and "ModelPackageName" not in container:
        raise invalid("A container must have an Image or a ModelPackageName.")
    if "Image" in container and "ModelPackageName" in container:
        raise invalid("Image cannot be specified together with ModelPackageName.")
    if "ModelPackageName" in container and container.get("Environment"):
        # Reported, with the values in the text, which itself is a guess.
        raise invalid(f"Environment {container['Environment']} cannot be specified together with ModelPackageName.")
    if "InferenceSpecificationName" in container and "ModelPackageName" not in container:
        raise invalid("InferenceSpecificationName can be specified only with ModelPackageName.")
    for source in _data_sources(container):
        _check_s3_source(source)
    channels = [source["ChannelName"] for source in container.get("AdditionalModelDataSources", [])]
    if len(set(channels)) < len(channels):
        # Guess: the name of the channel is the name of the folder in the container.
        raise invalid("ChannelName must be unique within a container.")
    _check_multi_model(container)
    _check_image_config(container.get("ImageConfig", {}), params)


def _data_sources(container: Params) -> list[Params]:
    sources = [container.get("ModelDataSource", {}), *container.get("AdditionalModelDataSources", [])]
    return [source["S3DataSource"] for source in sources if "S3DataSource" in source]


def _check_s3_source(source: Params) -> None:
    if source["CompressionType"] == "Gzip" and source["S3DataType"] != "S3Object":
        raise invalid("CompressionType Gzip is supported only for S3DataType S3Object.")
    if source["S3DataType"] == "S3Prefix" and not source["S3Uri"].endswith("/"):
        raise invalid(f"S3Uri {source['S3Uri']} must end with a forward slash for S3DataType S3Prefix.")


def _check_multi_model(container: Params) -> None:
    if not is_multi_model(container):
        if "MultiModelConfig" in container:
            # Guess.
            raise invalid("MultiModelConfig can be specified only for a container in Mode MultiModel.")
        return
    if "ModelDataSource" in container:
        raise invalid("ModelDataSource is not supported for a container in Mode MultiModel.")
    if "ModelDataUrl" not in container:
        raise invalid("ModelDataUrl must be specified for a container in Mode MultiModel.")


def _check_image_config(config: Params, params: Params) -> None:
    if config.get("RepositoryAccessMode") == "Vpc":
        if "VpcConfig" not in params:
            # Guess: the documentation only says that the registry must be reachable from the VPC.
            raise invalid("VpcConfig must be specified for RepositoryAccessMode Vpc.")
    elif "RepositoryAuthConfig" in config:
        raise invalid("RepositoryAuthConfig can be specified only for RepositoryAccessMode Vpc.")


def _check_pipeline(containers: list[Params], params: Params) -> None:
    hostnames = [container["ContainerHostname"] for container in containers if "ContainerHostname" in container]
    if hostnames and len(hostnames) < len(containers):
        raise invalid("ContainerHostname must be specified for every container or for none.")
    if len(set(hostnames)) < len(hostnames):
        raise invalid("ContainerHostname must be unique within a model.")
    # Guess: documented is only that it has a meaning for several containers.
    if "InferenceExecutionConfig" in params and len(containers) < 2:
        raise invalid("InferenceExecutionConfig can be specified only for a model with several containers.")


def _check_environment(containers: list[Params]) -> None:
    size = sum(
        len(key.encode()) + len(value.encode())
        for container in containers
        for key, value in container.get("Environment", {}).items()
    )
    if size > _MAX_ENVIRONMENT_BYTES:
        raise invalid("The environment of all containers together must not exceed 32 KB.")
