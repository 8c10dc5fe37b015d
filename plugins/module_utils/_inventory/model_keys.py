# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what ``models`` can say."""

from __future__ import annotations

import typing as t

from .codecs import choice
from .schema import MODEL, Key, Member, Structure, key, redeploy_key, tags, with_api_parameters

_SOURCE = "Containers.ModelDataSource.S3DataSource"
_ADDITIONAL = "Containers.AdditionalModelDataSources"


def vpc_keys(of: t.Callable[[str], Member]) -> tuple[Key, ...]:
    """What a VPC connection of an operation can say."""
    return (
        key(
            "security_group_ids",
            "list of text",
            of("VpcConfig.SecurityGroupIds"),
            required=True,
            help="Security groups for the access to private resources.",
        ),
        key(
            "subnet_ids",
            "list of text",
            of("VpcConfig.Subnets"),
            required=True,
            help="Subnets of the VPC connection.",
        ),
    )


def _data_details(source: str) -> tuple[Key, ...]:
    """What can be declared about data in S3 besides its location."""
    return (
        key(
            "accept_eula",
            "boolean",
            MODEL(f"{source}.ModelAccessConfig.AcceptEula"),
            added=True,
            help="Whether the end-user license agreement of the model is accepted, which gated models require.",
        ),
        key(
            "hub_content_arn",
            "text",
            MODEL(f"{source}.HubAccessConfig.HubContentArn"),
            added=True,
            help="The content of a private hub for which the model data is used.",
        ),
        key(
            "model_data_etag",
            "text",
            MODEL(f"{source}.ETag"),
            added=True,
            help="The ETag that the model data has in S3. With another ETag, it is another model.",
        ),
    )


DATA_SOURCE = with_api_parameters(
    MODEL(_ADDITIONAL),
    key(
        "model_data_location",
        "text",
        *(MODEL(f"{_ADDITIONAL}.S3DataSource.{member}") for member in ("S3Uri", "S3DataType", "CompressionType")),
        required=True,
        added=True,
        help="The S3 location. If it ends in `/`, all objects with that prefix; otherwise one object, which is unpacked"
        " if it ends in `.tar.gz`.",
    ),
    *_data_details(f"{_ADDITIONAL}.S3DataSource"),
    owned={"ChannelName": "is the key of the data source"},
)

CONTAINER = with_api_parameters(
    MODEL("Containers"),
    key(
        "image",
        "text",
        MODEL("Containers.Image"),
        required=True,
        unless="model_package",
        help="The image with the inference code, in Amazon ECR. Not required with `model_package`.",
    ),
    key(
        "compression_type",
        "text",
        MODEL("Containers.ModelDataUrl"),
        MODEL("Containers.ModelDataSource.S3DataSource.CompressionType"),
        default="CompressedModel",
        choices=("CompressedModel", "UncompressedModel"),
        help="How the model data is stored. `CompressedModel` is one `.tar.gz` file. For `UncompressedModel`, a"
        " location that ends in `/` means all objects with that prefix. Any other location means one object, which"
        " is gzip if it ends in `.tar.gz`.",
    ),
    key(
        "environment_variables",
        "map of text",
        MODEL("Containers.Environment"),
        default={},
        may_be_empty=True,
        secret=True,
        help="Environment variables, at most 32 KB for all containers of a model. No output shows their values.",
    ),
    key(
        "model_data_location",
        "text",
        MODEL("Containers.ModelDataUrl"),
        MODEL("Containers.ModelDataSource.S3DataSource.S3Uri"),
        help="The S3 location of the model artifacts, as `s3://` or `https://`.",
    ),
    key(
        "use_multiple_models",
        "object",
        MODEL("Containers.Mode"),
        help="Makes the container host all models under `model_data_location`. `{}` uses the default.",
        keys=(
            key(
                "enable_model_caching",
                "boolean",
                MODEL("Containers.MultiModelConfig.ModelCacheSetting"),
                default=True,
                codec=choice({True: "Enabled", False: "Disabled"}),
                help="Whether a model stays in memory after an invocation. `false` suits many models with rare calls.",
            ),
        ),
    ),
    key(
        "model_package",
        "text",
        MODEL("Containers.ModelPackageName"),
        added=True,
        help="The ARN of a model package, such as one of the AWS Marketplace, in place of image and model data.",
    ),
    *_data_details(_SOURCE),
    key(
        "additional_model_data_sources",
        "map of objects",
        MODEL(_ADDITIONAL),
        default={},
        added=True,
        names=MODEL(f"{_ADDITIONAL}.ChannelName"),
        help="Model data beside `model_data_location`, such as adapters or a draft model for speculative decoding. Each"
        " key is the name of a channel: the container finds its data in"
        " `/opt/ml/additional-model-data-sources/<channel>/`.",
        keys=DATA_SOURCE,
    ),
    key(
        "image_config",
        "object",
        MODEL("Containers.ImageConfig"),
        added=True,
        help="Where the image is, if it is not in Amazon ECR.",
        keys=(
            key(
                "repository_access_mode",
                "text",
                MODEL("Containers.ImageConfig.RepositoryAccessMode"),
                required=True,
                choices=("Platform", "Vpc"),
                help="`Platform`: in Amazon ECR. `Vpc`: in a private registry that the `vpc_config` of the model"
                " reaches.",
            ),
            key(
                "repository_credentials_provider_arn",
                "text",
                MODEL("Containers.ImageConfig.RepositoryAuthConfig.RepositoryCredentialsProviderArn"),
                added=True,
                help="The Lambda function that gives the credentials of a private registry.",
            ),
        ),
    ),
    owned={
        "ContainerHostname": "is the key of the container",
        "ModelDataSource.S3DataSource.S3DataType": "follows from what model_data_location ends in",
    },
)

MODELS = key(
    "models",
    "map of objects",
    required=True,
    names=MODEL("ModelName"),
    help="The models. Each key is the name of a model.",
    keys=with_api_parameters(
        MODEL(),
        key(
            "container_definitions",
            "map of objects",
            MODEL("Containers"),
            required=True,
            low=1,
            names=MODEL("Containers.ContainerHostname"),
            help="The containers, in the order in which a pipeline runs them. Each key is the DNS name of a container."
            " For a single container, SageMaker ignores the name, so changing it does not change the model.",
            keys=CONTAINER,
        ),
        key(
            "iam_role_arn",
            "text",
            MODEL("ExecutionRoleArn"),
            required=True,
            help="The role with which SageMaker reads the model artifacts and the image.",
        ),
        tags("additional_tags", MODEL("Tags"), help="Tags of the model."),
        key(
            "enable_network_isolation",
            "boolean",
            MODEL("EnableNetworkIsolation"),
            default=False,
            help="Whether the containers are prevented from making outbound network calls.",
        ),
        key(
            "inference_execution_config",
            "object",
            MODEL("InferenceExecutionConfig"),
            default={},
            help="How the containers are called. Sent only for a model with more than one container.",
            keys=(
                key(
                    "mode",
                    "text",
                    MODEL("InferenceExecutionConfig.Mode"),
                    default="Serial",
                    choices=("Serial", "Direct"),
                    help="`Serial`: one after the other, as a pipeline. `Direct`: the caller chooses a container.",
                ),
            ),
        ),
        key(
            "vpc_config",
            "object",
            MODEL("VpcConfig"),
            help="The VPC that the model connects to.",
            keys=vpc_keys(MODEL),
        ),
        redeploy_key("the model"),
        owned={
            "ModelName": "is made of the key of the model, for each generation another",
            "PrimaryContainer": "is the only one of container_definitions",
        },
    ),
)

MODEL_KEYS = Structure(MODEL(), MODELS.keys)
CONTAINER_KEYS = Structure(MODEL("Containers"), CONTAINER)
DATA_SOURCE_KEYS = Structure(MODEL(_ADDITIONAL), DATA_SOURCE)
