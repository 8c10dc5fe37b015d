# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented schema as data: what a variant can say."""

from __future__ import annotations

import dataclasses

from .alarm_keys import ALARMS
from .codecs import SINGLE_PRECISION, upper_case
from .scaling_keys import AUTO_SCALING, SERVERLESS_AUTO_SCALING
from .schema import ALARM, CONFIG, TARGET, Key, Structure, key, tags, with_api_parameters

_COMPONENTS = "allowed only with inference components, which this inventory does not make"
_OWNED = {
    "VariantName": "is the key of the variant",
    "ServerlessConfig": "allowed only with serverless",
    "ManagedInstanceScaling": _COMPONENTS,
}
_OF_INSTANCES = "allowed only with provisioned"
_OWNED_OF_SERVERLESS = {
    "InstanceType": _OF_INSTANCES,
    "InstancePools": _OF_INSTANCES,
    "InitialInstanceCount": _OF_INSTANCES,
    "ManagedInstanceScaling": _COMPONENTS,
}
_STRATEGIES = ("least_outstanding_requests", "random", "prefix_aware", "kv_aware")

_VARIANT_TAGS = tags(
    "additional_tags",
    ALARM("Tags"),
    TARGET("Tags"),
    added=True,
    help="Tags of the alarms and the scalable target of the variant. A variant itself has no tags in AWS.",
)


def _instances(variants: str) -> tuple[Key, ...]:
    """What production and shadow variants have in common; *variants* is their member of the endpoint configuration."""
    return (
        key(
            "instance_type",
            "text",
            CONFIG(f"{variants}.InstanceType"),
            required=True,
            unless="instance_pools",
            help="The instance type. Not required with `instance_pools`.",
        ),
        key(
            "instance_pools",
            "pools",
            CONFIG(f"{variants}.InstancePools"),
            codec=None,
            since="1.43.1",
            added=True,
            help="Instance types in place of one. SageMaker takes the next one only when it has no capacity for those"
            " before it, and gives up instances of the last one first. An entry is an instance type, or has"
            " `instance_type`, `priority` from 1, the first, to 5, and `model_name`, a key of `models`, for a model"
            " that is compiled for that type. Without `priority`, the order of the list counts.",
        ),
        key(
            "container_startup_timeout",
            "duration",
            CONFIG(f"{variants}.ContainerStartupHealthCheckTimeoutInSeconds"),
            help="How long the container may take to pass its health check.",
        ),
        key(
            "initial_instance_count",
            "integer",
            CONFIG(f"{variants}.InitialInstanceCount"),
            default=1,
            help="The initial number of instances.",
        ),
        key(
            "initial_weight",
            "number",
            CONFIG(f"{variants}.InitialVariantWeight"),
            codec=SINGLE_PRECISION,
            default=1,
            help="The variant's share of the traffic, relative to the weights of the others.",
        ),
        key(
            "model_data_download_timeout",
            "duration",
            CONFIG(f"{variants}.ModelDataDownloadTimeoutInSeconds"),
            help="How long SageMaker may take to download and unpack the model data.",
        ),
        key(
            "volume_size",
            "integer",
            CONFIG(f"{variants}.VolumeSizeInGB"),
            help="Size of each instance's storage volume, in GB.",
        ),
        key(
            "model_name",
            "text",
            CONFIG(f"{variants}.ModelName"),
            codec=None,
            added=True,
            help="The model of the variant, one of the keys of `models`. The default is the key of the variant. It"
            " lets a variant keep its name when it moves to another model, and lets two variants use the same model.",
        ),
        key(
            "inference_ami_version",
            "text",
            CONFIG(f"{variants}.InferenceAmiVersion"),
            added=True,
            help="The machine image (AMI) of the instances. Its driver must fit the CUDA or Neuron version of the"
            " container. SageMaker chooses one if it is not given.",
        ),
        key(
            "routing_strategy",
            "text",
            CONFIG(f"{variants}.RoutingConfig.RoutingStrategy"),
            choices=_STRATEGIES,
            codec=upper_case(_STRATEGIES),
            added=True,
            help="How requests are distributed over the instances: to the one with the fewest requests in progress, at"
            " random, or to one that has served the beginning of the prompt. `prefix_aware` needs its settings in"
            " `api_parameters`, as `routing_config: {prefix_aware_routing_config: {prefix_length: 2048,"
            " concurrency_threshold: 10}}`. SageMaker takes `random` if it is not given.",
        ),
        key(
            "instance_provision_timeout",
            "duration",
            CONFIG(f"{variants}.VariantInstanceProvisionTimeoutInSeconds"),
            since="1.43.1",
            added=True,
            help="How long SageMaker tries to get instances of one of the `instance_pools`.",
        ),
        key(
            "capacity_reservation",
            "text",
            CONFIG(f"{variants}.CapacityReservationConfig.MlReservationArn"),
            CONFIG(f"{variants}.CapacityReservationConfig.CapacityReservationPreference"),
            since="1.38.27",
            added=True,
            help="The ARN of a training plan for endpoints, with the same instance type. The instances use its capacity"
            " and no other.",
        ),
        key(
            "enable_ssm_access",
            "boolean",
            CONFIG(f"{variants}.EnableSSMAccess"),
            aws_default=False,
            added=True,
            help="Whether Systems Manager can open a shell in the containers, for debugging. AWS Support must allow it"
            " for the account. SageMaker then patches and replaces faulty instances a day later.",
        ),
    )


SHADOW_VARIANT = with_api_parameters(
    CONFIG("ShadowProductionVariants"), *_instances("ShadowProductionVariants"), owned=_OWNED
)

PRODUCTION_VARIANT = with_api_parameters(
    CONFIG("ProductionVariants"),
    *_instances("ProductionVariants"),
    key("auto_scaling", "object", help="Lets Application Auto Scaling set the number of instances.", keys=AUTO_SCALING),
    ALARMS,
    _VARIANT_TAGS,
    owned=_OWNED,
)

SERVERLESS_VARIANT = with_api_parameters(
    CONFIG("ProductionVariants"),
    key(
        "model_name",
        "text",
        CONFIG("ProductionVariants.ModelName"),
        codec=None,
        required=True,
        help="The model, one of the keys of `models`.",
    ),
    key(
        "variant_name",
        "text",
        CONFIG("ProductionVariants.VariantName"),
        codec=None,
        added=True,
        help="The name of the variant. If not set, an existing variant keeps its name, whoever created it, and a new"
        " one gets the name of its model.",
    ),
    key(
        "max_concurrency",
        "integer",
        CONFIG("ProductionVariants.ServerlessConfig.MaxConcurrency"),
        default=20,
        help="The maximum number of concurrent invocations.",
    ),
    key(
        "memory_size",
        "integer",
        CONFIG("ProductionVariants.ServerlessConfig.MemorySizeInMB"),
        default=1024,
        choices=(1024, 2048, 3072, 4096, 5120, 6144),
        help="Memory in MB.",
    ),
    key(
        "provisioned_concurrency",
        "integer",
        CONFIG("ProductionVariants.ServerlessConfig.ProvisionedConcurrency"),
        help="The number of concurrent invocations for which SageMaker keeps capacity warm. At most `max_concurrency`.",
    ),
    key(
        "auto_scaling",
        "object",
        keys=SERVERLESS_AUTO_SCALING,
        added=True,
        help="Lets Application Auto Scaling set the provisioned concurrency, which must be given.",
    ),
    dataclasses.replace(ALARMS, added=True),
    tags(
        "additional_tags",
        ALARM("Tags"),
        TARGET("Tags"),
        added=True,
        help="Tags of the alarms and the scalable target of the variant.",
    ),
    owned=_OWNED_OF_SERVERLESS,
)

PRODUCTION_KEYS = Structure(CONFIG("ProductionVariants"), PRODUCTION_VARIANT)
SHADOW_KEYS = Structure(CONFIG("ShadowProductionVariants"), SHADOW_VARIANT)
SERVERLESS_KEYS = Structure(CONFIG("ProductionVariants"), SERVERLESS_VARIANT)
