# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What CreateEndpointConfig refuses in one variant. [D SM] for the rules; texts are guesses unless marked."""

from __future__ import annotations

import re

from ..errors import invalid
from ..types import Params

MEMORY_STEP_MB = 1024
# Of the last two it is a guess: a serverless variant has no instances to reach or to choose from.
_INSTANCE_ONLY = (
    "InitialInstanceCount",
    "VolumeSizeInGB",
    "AcceleratorType",
    "InferenceAmiVersion",
    "EnableSSMAccess",
    "RoutingConfig",
)
# [I sagemaker-python-sdk PRs 3870, 4828] families with local disks, which take no VolumeSizeInGB.
_LOCAL_DISK = re.compile(r"ml\.(\w+d|g4dn|g5|g6e?|p4de?|p5e?n?|trn1n?)\.")


def check_variant(variant: Params) -> None:
    """One production or shadow variant by itself."""
    kinds = [name for name in ("InstanceType", "InstancePools", "ServerlessConfig") if name in variant]
    if len(kinds) != 1:
        raise invalid(
            f"Variant {variant['VariantName']} must have exactly one of InstanceType, InstancePools and "
            f"ServerlessConfig, it has {kinds}."
        )
    if "ServerlessConfig" in variant:
        _check_serverless(variant)
    else:
        _check_provisioned(variant)


def has_local_disk(instance_type: str) -> bool:
    return _LOCAL_DISK.match(instance_type) is not None


def is_burstable(instance_type: str) -> bool:
    """[D SM enum] ml.t2.* are the only ones."""
    return instance_type.startswith("ml.t2.")


def _check_serverless(variant: Params) -> None:
    name, config = variant["VariantName"], variant["ServerlessConfig"]
    forbidden = [key for key in _INSTANCE_ONLY if key in variant]
    if forbidden:
        raise invalid(f"Variant {name} with ServerlessConfig cannot have {', '.join(forbidden)}.")
    if config["MemorySizeInMB"] % MEMORY_STEP_MB:
        raise invalid(f"MemorySizeInMB of variant {name} must be a multiple of {MEMORY_STEP_MB}.")
    check_concurrency(name, config)


def check_concurrency(name: str, config: Params) -> None:
    if config.get("ProvisionedConcurrency", 0) > config["MaxConcurrency"]:
        raise invalid(f"ProvisionedConcurrency of variant {name} cannot be greater than its MaxConcurrency.")


def _check_provisioned(variant: Params) -> None:
    name = variant["VariantName"]
    if "InitialInstanceCount" not in variant:
        # Guess: the service model leaves it optional, no source says what happens without it.
        raise invalid(f"InitialInstanceCount must be specified for variant {name}.")
    if "ManagedInstanceScaling" in variant and "ModelName" in variant:
        # [I TF PR #45926] the exact text.
        raise invalid("ManagedInstanceScaling is only supported for inference component endpoints.")
    # That it is refused and not ignored is a guess.
    if "VolumeSizeInGB" in variant and has_local_disk(variant.get("InstanceType", "")):
        raise invalid(f"VolumeSizeInGB is not supported for instance type {variant['InstanceType']}.")
    types = [pool["InstanceType"] for pool in variant.get("InstancePools", [])]
    # Guess.
    if len(set(types)) < len(types):
        raise invalid(f"The instance pools of variant {name} must have different instance types.")
    if "VariantInstanceProvisionTimeoutInSeconds" in variant and not types:
        # [D realtime-endpoints-heterogeneous] it belongs to pools; that it is refused without them is a guess.
        raise invalid("VariantInstanceProvisionTimeoutInSeconds can be specified only with InstancePools.")
    priorities = [pool["Priority"] for pool in variant.get("InstancePools", [])]
    # Guess: the documentation only says that priorities order the pools.
    if len(set(priorities)) < len(priorities):
        raise invalid(f"The instance pools of variant {name} must have different priorities.")
