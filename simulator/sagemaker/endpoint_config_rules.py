# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What CreateEndpointConfig refuses. [D SM][D DG] for the rules; texts are guesses unless they say otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import invalid
from ..types import Params
from .model_rules import containers_of, is_multi_model
from .resources import Model
from .variant_rules import check_variant

_PUBLISH_SECONDS = (10, 30, 60, 120, 180, 240, 300)


def check_config(params: Params) -> None:
    """The request by itself, before any model is looked at."""
    production, shadow = params["ProductionVariants"], params.get("ShadowProductionVariants", [])
    variants = production + shadow
    for variant in variants:
        check_variant(variant)
    names = [variant["VariantName"] for variant in variants]
    # Guess as far as production and shadow variants together are concerned.
    if len(set(names)) < len(names):
        raise invalid(f"Variant names must be unique: {names}")
    _check_inference_components(params, variants)
    if any("ServerlessConfig" in variant for variant in variants):
        _check_serverless(params)
    if shadow:
        _check_shadow(params)
    if "AsyncInferenceConfig" in params:
        _check_async(params)
    frequency = params.get("MetricsConfig", {}).get("MetricPublishFrequencyInSeconds", 60)
    if frequency not in _PUBLISH_SECONDS:
        raise invalid(f"MetricPublishFrequencyInSeconds must be one of {list(_PUBLISH_SECONDS)}.")


def check_models(params: Params, models: Mapping[str, Model]) -> None:
    """The request together with the models that it names."""
    contents = [model.content for model in models.values()]
    containers = [container for content in contents for container in containers_of(content)]
    multi_model = any(is_multi_model(container) for container in containers)
    pipeline = any(len(containers_of(content)) > 1 for content in contents)
    variants = params["ProductionVariants"] + params.get("ShadowProductionVariants", [])
    if any("ServerlessConfig" in variant for variant in variants):
        _check_serverless_models(contents, containers, multi_model, pipeline)
    if "ShadowProductionVariants" in params and (multi_model or pipeline):
        raise invalid("ShadowProductionVariants are not supported for multi-model and multi-container endpoints.")
    if "AsyncInferenceConfig" in params and multi_model:
        raise invalid("AsyncInferenceConfig is not supported for multi-model endpoints.")
    if "DataCaptureConfig" in params and (multi_model or pipeline):
        raise invalid("DataCaptureConfig is not supported for multi-model endpoints and inference pipelines.")


def _check_inference_components(params: Params, variants: list[Params]) -> None:
    named = [variant for variant in variants if "ModelName" in variant]
    if named and len(named) < len(variants):
        # Guess.
        raise invalid("ModelName must be specified for every variant or for none.")
    if not named and "ExecutionRoleArn" not in params:
        # [I stdapi#43]
        raise invalid("ExecutionRoleArn must be specified for an endpoint configuration without ModelName.")


def _check_serverless(params: Params) -> None:
    for name in (
        "DataCaptureConfig",
        "AsyncInferenceConfig",
        "ShadowProductionVariants",
        "CrossRegionTrafficConfig",
    ):
        if name in params:
            raise invalid(f"{name} is not supported for serverless endpoints.")
    if len(params["ProductionVariants"]) > 1:
        raise invalid("A serverless endpoint can have only one production variant.")


def _check_shadow(params: Params) -> None:
    if len(params["ProductionVariants"]) != 1 or len(params["ShadowProductionVariants"]) != 1:
        raise invalid("ShadowProductionVariants need exactly one production variant and one shadow variant.")


def _check_async(params: Params) -> None:
    for name in ("DataCaptureConfig", "ShadowProductionVariants", "CrossRegionTrafficConfig"):
        if name in params:
            raise invalid(f"{name} is not supported together with AsyncInferenceConfig.")
    if len(params["ProductionVariants"]) > 1:
        raise invalid("An endpoint with AsyncInferenceConfig can have only one production variant.")


def _check_serverless_models(
    contents: list[Params], containers: list[Params], multi_model: bool, pipeline: bool
) -> None:
    if multi_model:
        raise invalid("Multi-model is not supported for serverless endpoints.")
    if pipeline:
        raise invalid("Inference pipelines are not supported for serverless endpoints.")
    if any(container.get("ImageConfig", {}).get("RepositoryAccessMode") == "Vpc" for container in containers):
        raise invalid("Private docker registries are not supported for serverless endpoints.")
    if any("VpcConfig" in content for content in contents):
        raise invalid("VpcConfig is not supported for serverless endpoints.")
    if any(content["EnableNetworkIsolation"] for content in contents):
        raise invalid("EnableNetworkIsolation is not supported for serverless endpoints.")
    if any("ModelDataSource" in container and "ModelDataUrl" not in container for container in containers):
        # [C] as far as "ModelDataSourc", the rest is a guess.
        raise invalid("Model with containers that use ModelDataSource is not supported for serverless endpoints.")
