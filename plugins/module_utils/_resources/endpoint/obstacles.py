# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where AWS cannot update an endpoint, so that it would have to be deleted and created again."""

from __future__ import annotations

from ..._aws.client import Result
from . import stand_in
from .config import ASYNCHRONOUS, COMPONENTS, REALTIME, hosting_kind
from .state import DesiredEndpoint, LiveEndpoint

_NOT_SERVING = ("UpdateRollbackFailed", "OutOfService")


def obstacle(desired: DesiredEndpoint, live: LiveEndpoint) -> str | None:
    """Why no update leads from what is there to what is wanted."""
    if live.status in _NOT_SERVING:
        return f"the endpoint is {live.status}: {live.failure_reason}"
    current = live.config
    if current and desired.may_be_replaced and stand_in.has_failed(live, current):
        return f"AWS cannot update it, although its configuration {current.name} was created again"
    after = hosting_kind(desired.config)
    before = hosting_kind(current.request) if current else _shown(live.description, after)
    if before == after:
        return None
    # [M] they stay listed without the endpoint.
    lost = ", which would stop its inference components" if before == COMPONENTS else ""
    return f"AWS cannot update {_article(before)} endpoint to {_article(after)} one{lost}"


def _shown(description: Result, wanted: str) -> str:
    """The kind, as far as the description of an endpoint shows it, which does not show whether there are models."""
    if any("CurrentServerlessConfig" in variant for variant in description.get("ProductionVariants", ())):
        return "serverless"
    if "AsyncInferenceConfig" in description:
        return ASYNCHRONOUS
    return wanted if wanted == COMPONENTS else REALTIME


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
