# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What descriptions of endpoints and their configurations have in common: variants, statuses, failure reasons."""

from __future__ import annotations

import typing as t

from ..problems import as_clause
from .client import Result

VARIANT_LISTS = ("ProductionVariants", "ShadowProductionVariants")
TRANSITIONAL = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


def variants_of(config: t.Mapping[str, t.Any]) -> dict[str, Result]:
    """Production and shadow variants by name."""
    return {variant["VariantName"]: variant for variants in VARIANT_LISTS for variant in config.get(variants, ())}


def failure_reason(description: Result) -> str:
    """Why the last work on the endpoint failed, as a clause."""
    return as_clause(str(description.get("FailureReason") or "AWS gives no reason"))
