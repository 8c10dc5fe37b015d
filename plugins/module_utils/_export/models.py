# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models back to the documented ``models``: what compile_models made of them."""

from __future__ import annotations

import datetime
import typing as t

from .._engine.canonical import Request
from .._engine.ownership import GENERATION_OF
from .._inventory import api_parameters
from .._inventory.model_keys import CONTAINER_KEYS, DATA_SOURCE_KEYS, MODEL_KEYS
from .._inventory.reader import Tree
from .._inventory.walker import exported
from .._resources.generations import LiveGeneration
from .._resources.model_requests import RULES
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


def newest_first(fleet: Fleet) -> list[LiveGeneration]:
    """All generations of all models, by their age."""
    return sorted(fleet.models.values(), key=lambda each: each.created or _LONG_AGO, reverse=True)


def newer_than(model: LiveGeneration, other: LiveGeneration) -> bool:
    """Whether it was created after the other."""
    return (model.created or _LONG_AGO) > (other.created or _LONG_AGO)


def model_tree(request: Request, tags: t.Mapping[str, str], redeploy: str | None = None) -> Tree:
    """*request* is normalised; the round trip reports what the schema cannot express."""
    containers = {
        container.get("ContainerHostname", f"container{number}"): _container(container)
        for number, container in enumerate(request["Containers"], 1)
    }
    return exported(
        MODEL_KEYS,
        request,
        container_definitions=containers,
        additional_tags=dict(tags),
        redeploy=redeploy,
        api_parameters=api_parameters.exported(MODEL_KEYS, request, RULES),
    )


def _container(container: Request) -> Tree:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    tree = exported(
        CONTAINER_KEYS,
        container,
        compression_type="UncompressedModel" if source else None,
        model_data_location=source.get("S3Uri") or container.get("ModelDataUrl"),
        additional_model_data_sources=_additional_data(container.get("AdditionalModelDataSources", ())),
        api_parameters=api_parameters.exported(CONTAINER_KEYS, container, RULES, ("Containers", "0")),
    )
    if container.get("Mode") != "MultiModel":
        tree.pop("use_multiple_models", None)
    return tree


def _additional_data(sources: t.Iterable[Request]) -> dict[str, Tree]:
    at = ("Containers", "0", "AdditionalModelDataSources", "0")
    return {
        source["ChannelName"]: exported(
            DATA_SOURCE_KEYS,
            source,
            model_data_location=source["S3DataSource"]["S3Uri"],
            api_parameters=api_parameters.exported(DATA_SOURCE_KEYS, source, RULES, at),
        )
        for source in sources
    }
