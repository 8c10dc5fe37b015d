# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Descriptions without what AWS has filled in, as far as that is known, for example from the digest."""

from __future__ import annotations

import copy
import itertools
import typing as t

from .._aws.endpoint_descriptions import variants_of
from .._engine.canonical import Request, without
from .._engine.ownership import DIGEST, REDEPLOY
from .._resources.endpoint.config import DETAILED_METRICS, config_digest
from .._resources.generations import LiveGeneration
from .._resources.model_requests import asked_for

_VOLUME = "VolumeSizeInGB"
_METRICS, _DETAILED = DETAILED_METRICS.split(".")


def requested_model(model: LiveGeneration) -> Request:
    """The request of a model, normalised."""
    return asked_for(model.request, model.tags)


def requested_config(config: LiveGeneration) -> Request:
    """The request of an endpoint configuration; of one that is not ours, volume sizes count as asked for."""
    request = _without_volumes(config.request, _serverless(config.request))
    if DIGEST not in config.tags:
        return _without_usual_metrics(request)
    made, words = config.tags.get(DIGEST), (None, redeploy_of(config))
    found = (each for each in _candidates(request) if made in [config_digest(each, word) for word in words])
    return next(found, request)


def _without_usual_metrics(request: Request) -> Request:
    """The request without those that AWS publishes where nothing is asked for."""
    metrics = request.get(_METRICS, {})
    sent = without((_DETAILED,), metrics) if metrics.get(_DETAILED) is True else metrics
    return without((_METRICS,), request) | ({_METRICS: sent} if sent else {})


def redeploy_of(made: LiveGeneration) -> str | None:
    """The value of ``redeploy`` with which the model or configuration was created."""
    return made.tags.get(REDEPLOY)


def _serverless(request: Request) -> list[str]:
    """[P ACK custom_delta] serverless variants have a volume that no request can set."""
    return [name for name, variant in variants_of(request).items() if "ServerlessConfig" in variant]


def _candidates(request: Request) -> t.Iterator[Request]:
    """The request with each choice of metrics and volume sizes left out, the most first."""
    names = [name for name, variant in variants_of(request).items() if _VOLUME in variant]
    for metrics in _choices(list(request.get(_METRICS, {}))):
        sent = without(metrics, request.get(_METRICS, {}))
        bare = without((_METRICS,), request) | ({_METRICS: sent} if sent else {})
        for left_out in _choices(names):
            yield _without_volumes(bare, left_out)


def _choices(names: t.Sequence[str]) -> t.Iterator[tuple[str, ...]]:
    for count in range(len(names), -1, -1):
        yield from itertools.combinations(names, count)


def _without_volumes(request: Request, variant_names: t.Collection[str]) -> Request:
    result = copy.deepcopy(request)
    for name, variant in variants_of(result).items():
        if name in variant_names:
            variant.pop(_VOLUME, None)
    return result
