# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS requires of several values of the inventory together. Each rule says why; none is about a single value.

Sources: SageMaker API reference (CreateModel, CreateEndpoint, CreateEndpointConfig) and Developer Guide
(serverless-endpoints, async-inference, model-shadow-deployment, multi-model-endpoints, model-monitor-data-capture).
"""

from __future__ import annotations

import typing as t

from .._engine.ownership import REDEPLOY
from .._resources.endpoint.rollout_policy import is_excluded
from ..problems import Problem, differing_only_in_case, quoted, required
from . import alarm_rules, durations, parameter_rules, rollout_rules, variant_rules, variants
from .metrics import ASYNC, SERVERLESS
from .reader import Tree
from .schema import MODEL
from .values import segment
from .variants import Variant, containers

Problems = t.Iterator[Problem]

ENVIRONMENT_BYTES = 32 * 1024
# managed-by, and of ours the deployment, the digest and the name whose generation it is.
OWN_TAGS = 4
# [D SM MetricsConfig]
PUBLISH_SECONDS = (10, 30, 60, 120, 180, 240, 300)
SHADOW, CAPTURE = "shadow testing", "data capture"

TRAITS: t.Mapping[str, t.Callable[[Tree], bool]] = {
    "more than one container": lambda model: len(containers(model)) > 1,
    "use_multiple_models": variants.hosts_many_models,
    "an UncompressedModel": lambda model: any(_is_uncompressed(container) for container in containers(model)),
    "accept_eula, hub_content_arn or model_data_etag": lambda model: any(map(_data_details, containers(model))),
    "a registry in a VPC": lambda model: any(_is_in_vpc(container) for container in containers(model)),
    "vpc_config": lambda model: model["vpc_config"] is not None,
    "enable_network_isolation": lambda model: bool(model["enable_network_isolation"]),
}
UNFIT: t.Mapping[str, tuple[str, ...]] = {
    SERVERLESS: tuple(TRAITS),
    ASYNC: ("use_multiple_models",),
    SHADOW: ("more than one container", "use_multiple_models"),
    CAPTURE: ("more than one container", "use_multiple_models"),
}


def problems(tree: Tree, are_models_known: bool) -> Problems:
    """*are_models_known* is False if the models could not be read; then no variant gets a problem because of that."""
    common = tree["additional_tags_all"]
    for name, model in tree["models"].items():
        yield from _model(model, f"models.{segment(name)}")
        yield from _tag_count(f"models.{segment(name)}", model["additional_tags"], _redeploy_tag(model), common)
    yield from _names_apart(tree["endpoints"])
    for name, endpoint in tree["endpoints"].items():
        found = list(variants.of_endpoint(name, endpoint, tree["models"]))
        yield from _endpoint(endpoint, found, variants.endpoint_path(name))
        yield from _metrics(endpoint["metrics"], f"{variants.endpoint_path(name)}.metrics")
        yield from alarm_rules.composite_problems(endpoint, found, variants.endpoint_path(name))
        yield from parameter_rules.problems(endpoint, found, variants.endpoint_path(name))
        yield from rollout_rules.problems(endpoint, found, variants.endpoint_path(name))
        own = (endpoint["additional_tags"], _redeploy_tag(endpoint))
        yield from _tag_count(variants.endpoint_path(name), *own, common)
        for variant in found:
            yield from variant_rules.problems(variant, tree["models"] if are_models_known else None)
            if extra := variant.values.get("additional_tags"):
                yield from _tag_count(variant.path, endpoint["additional_tags"], extra, common)


def _model(model: Tree, path: str) -> Problems:
    total = 0
    for host, container in model["container_definitions"].items():
        where = f"{path}.container_definitions.{segment(host)}"
        yield from _container(container, where)
        yield from _image_config(container, model, f"{where}.image_config")
        environment = container["environment_variables"].items()
        total += sum(len(name.encode()) + len((value or "").encode()) for name, value in environment)
    if total > ENVIRONMENT_BYTES:
        allowed = f"allowed: {ENVIRONMENT_BYTES} in all containers together"
        yield Problem(f"{path}.container_definitions", f"{total} bytes of environment_variables; {allowed}")


def _container(container: Tree, path: str) -> Problems:
    address, is_uncompressed = container["model_data_location"], _is_uncompressed(container)
    where, has_many = f"{path}.model_data_location", container["use_multiple_models"] is not None
    yield from _package(container, path)
    if address is None and (has_many or is_uncompressed):
        yield required(where, " with use_multiple_models" if has_many else " for an UncompressedModel")
    elif address and not has_many and not is_uncompressed and not address.endswith(".tar.gz"):
        advice = 'for anything else, set compression_type: "UncompressedModel"'
        yield Problem(where, f"{quoted(address)} does not end in .tar.gz, as a CompressedModel does; {advice}")
    for name in _data_details(container):
        if address is None:
            yield Problem(f"{path}.{name}", "requires model_data_location")
        elif has_many:
            yield Problem(f"{path}.{name}", "cannot be combined with use_multiple_models")
    if has_many and is_uncompressed:
        yield Problem(
            f"{path}.compression_type",
            "'UncompressedModel' cannot be combined with use_multiple_models: its models are archives",
        )


def _package(container: Tree, path: str) -> Problems:
    if container["model_package"] is None:
        return
    for name in ("image", "model_data_location", "use_multiple_models"):
        if container[name] is not None:
            yield Problem(
                f"{path}.{name}", "cannot be combined with model_package, which contains the image and the model data"
            )
    if container["environment_variables"]:
        # Reported of CreateModel, which prints their values as it refuses them.
        yield Problem(
            f"{path}.environment_variables", "cannot be combined with model_package, because AWS refuses that"
        )


def _data_details(container: Tree) -> list[str]:
    """The given keys about the model data that only a ModelDataSource accepts."""
    return [name for name in ("accept_eula", "hub_content_arn", "model_data_etag") if container[name] is not None]


def _is_in_vpc(container: Tree) -> bool:
    """[D SM ImageConfig]"""
    config = container["image_config"]
    return config is not None and config["repository_access_mode"] == "Vpc"


def _image_config(container: Tree, model: Tree, path: str) -> Problems:
    config = container["image_config"]
    if _is_in_vpc(container) and model["vpc_config"] is None:
        yield Problem(f"{path}.repository_access_mode", "'Vpc' requires vpc_config of the model")
    elif config and not _is_in_vpc(container) and config["repository_credentials_provider_arn"] is not None:
        yield Problem(f"{path}.repository_credentials_provider_arn", "allowed only with repository_access_mode: Vpc")


def _redeploy_tag(resource: Tree) -> Tree:
    """The tag that is set only with the key."""
    return {REDEPLOY: resource["redeploy"]} if resource["redeploy"] else {}


def _tag_count(path: str, *tags: Tree) -> Problems:
    count = len({name for some in tags for name in some})
    allowed = MODEL("Tags").shape.metadata["max"] - OWN_TAGS
    if count > allowed:
        reason = f"AWS accepts {allowed + OWN_TAGS}, of which the collection sets up to {OWN_TAGS}"
        yield Problem(f"{path}.additional_tags", f"{count} tags in all; allowed: {allowed}, because {reason}")


def _is_uncompressed(container: Tree) -> bool:
    return bool(container["compression_type"] == "UncompressedModel")


def _names_apart(endpoints: Tree) -> Problems:
    for name, fault in differing_only_in_case(endpoints):
        yield Problem(variants.endpoint_path(name), fault)


def _endpoint(endpoint: Tree, found: list[Variant], path: str) -> Problems:
    provisioned, serverless = endpoint["provisioned"], endpoint["serverless"]
    if (provisioned is None) == (serverless is None):
        given = "neither is" if provisioned is None else "both are"
        yield Problem(path, f"exactly one of provisioned and serverless must be given; {given}")
    elif serverless is not None:
        yield from _unfit(SERVERLESS, found)
    else:
        yield from _provisioned(provisioned, found, f"{path}.provisioned")


def _metrics(metrics: Tree | None, path: str) -> Problems:
    frequency = metrics["publish_frequency"] if metrics else None
    if frequency is not None and frequency not in PUBLISH_SECONDS:
        allowed = ", ".join(map(durations.as_duration, PUBLISH_SECONDS))
        yield Problem(
            f"{path}.publish_frequency",
            f"{quoted(durations.as_duration(frequency))} is not possible; allowed: {allowed}",
        )


def _unfit(feature: str, found: t.Iterable[Variant]) -> Problems:
    for variant in found:
        for trait in UNFIT[feature] if variant.model else ():
            if TRAITS[trait](t.cast(Tree, variant.model)):
                host = feature if feature in (SHADOW, CAPTURE) else f"{feature} inference"
                unfit = f"{host} cannot be combined with model {quoted(variant.model_name)}: it has {trait}"
                yield Problem(variant.model_path, unfit)


def _provisioned(provisioned: Tree, found: list[Variant], path: str) -> Problems:
    is_async, capture = provisioned["async_invocation_config"] is not None, provisioned["enable_data_capture"]
    if provisioned["shadow_variants"]:
        yield from _shadow(found, is_async, path)
    if is_async:
        yield from _asynchronous(provisioned, found, path)
    if capture is not None:
        yield from _data_capture(capture, f"{path}.enable_data_capture")
        yield from _unfit(CAPTURE, found)


def _shadow(found: list[Variant], is_async: bool, path: str) -> Problems:
    names = [variant.name for variant in found]
    shadows = sum(variant.is_shadow for variant in found)
    where = f"{path}.shadow_variants"
    if shadows != 1 or len(found) != 2:
        counts = f"{len(found) - shadows} and {shadows}"
        yield Problem(where, f"needs exactly one production variant and one shadow variant; there are {counts}")
    if is_async:
        yield Problem(where, "cannot be combined with async_invocation_config")
    for variant in found:
        if variant.is_shadow and names.count(variant.name) > 1:
            advice = f"give it another name, with model_name: {quoted(variant.model_name)}"
            yield Problem(variant.path, f"{quoted(variant.name)} is also the name of the production variant; {advice}")
        for instance in filter(is_excluded, variant.instance_types):
            path = f"{variant.path}.instance_type"
            yield Problem(path, f"{quoted(instance)} cannot be combined with shadow_variants")
    yield from _unfit(SHADOW, found)


def _asynchronous(provisioned: Tree, found: list[Variant], path: str) -> Problems:
    if len(provisioned["production_variants"]) > 1:
        count = len(provisioned["production_variants"])
        yield Problem(f"{path}.production_variants", f"{count} entries; allowed with async_invocation_config: one")
    if provisioned["enable_data_capture"] is not None:
        yield Problem(f"{path}.enable_data_capture", "cannot be combined with async_invocation_config")
    yield from _unfit(ASYNC, found)


def _data_capture(capture: Tree, path: str) -> Problems:
    options, content = capture["data_capture_options"], capture["capture_content_type"]
    if options["prediction_request"] is False and options["prediction_response"] is False:
        advice = "set one of prediction_request and prediction_response, or leave out enable_data_capture"
        yield Problem(f"{path}.data_capture_options", f"both are false, so there is nothing to capture; {advice}")
    if content is not None and content["csv_text"] is None and content["json"] is None:
        yield Problem(f"{path}.capture_content_type", "needs a list of content types: csv_text, json or both")
