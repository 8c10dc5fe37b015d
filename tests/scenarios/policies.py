# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of docs/permissions.md, and how they are narrowed to an inventory."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.generations import generation_prefix

from .inventories import Inventory

Document = dict[str, t.Any]
ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "permissions.md"
EXAMPLE = ROOT / "examples" / "basic" / "group_vars" / "sagemaker.yml"
KINDS = ("alarm", "endpoint", "endpoint-config", "model", "scalable-target")
_GENERATION = "-????????"


class Narrowing:
    """The resources of one inventory in one account: the names that it declares, and their generations."""

    def __init__(self, inventory: Inventory, region: str, account: str, partition: str = "aws") -> None:
        self._place = f"{partition}:{{service}}:{region}:{account}"
        self.models = sorted(name.lower() for name in inventory["models"])
        self.endpoints = sorted(inventory["endpoints"])
        provisioned = [each.get("provisioned") or {} for each in inventory["endpoints"].values()]
        roles = {each.get("iam_role_arn") for each in (*inventory["models"].values(), *provisioned)}
        self.roles = sorted(role for role in roles if role)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self._place.format(service=service)}:{resource}"

    def of_type(self, kind: str) -> list[str]:
        """All that the inventory may have of a resource type."""
        if kind == "model":
            return [self.arn("sagemaker", f"model/{name}") for stem in self.models for name in _family(stem)]
        endpoints = [name.lower() for name in self.endpoints]
        if kind == "endpoint":
            return [self.arn("sagemaker", f"endpoint/{name}") for name in endpoints]
        if kind == "endpoint-config":
            return [self.arn("sagemaker", f"endpoint-config/{name}") for stem in endpoints for name in _family(stem)]
        if kind == "alarm":
            return [self.arn("cloudwatch", f"alarm:{name}/*") for name in self.endpoints]
        return [self.arn("application-autoscaling", "scalable-target/*")]

    @property
    def tracking_alarms(self) -> list[str]:
        """The alarms that target tracking makes."""
        names = (f"alarm:TargetTracking-endpoint/{name}/variant/*" for name in self.endpoints)
        return [self.arn("cloudwatch", name) for name in names]

    def everything(self, kind: str) -> str:
        service = {"alarm": "cloudwatch", "scalable-target": "application-autoscaling"}.get(kind, "sagemaker")
        return self.arn(service, f"{kind}{':' if kind == 'alarm' else '/'}*")


def _family(stem: str) -> tuple[str, str]:
    return stem, f"{generation_prefix(stem)}{_GENERATION}"


@dataclass(frozen=True)
class Policies:
    """What may be done in check mode, by the export, and by a run that applies."""

    planning: Document
    reading: Document
    applying: Document


def example() -> Narrowing:
    """The inventory of the page."""
    return Narrowing(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")), "us-east-1", "111122223333")


@cache
def shown() -> Policies:
    """The policies as the page has them."""
    planning, reading, applying = re.findall(
        r"^```json\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return Policies(json.loads(planning), json.loads(reading), json.loads(applying))


@cache
def _places() -> list[list[str]]:
    return places(example())


def places(inventory: Narrowing) -> list[list[str]]:
    """What a policy may be narrowed to, in the same order for every inventory."""
    found = [["*"], inventory.roles]
    for kind in KINDS:
        found += [[inventory.everything(kind)], inventory.of_type(kind)]
    return [*found, inventory.tracking_alarms]


def narrowed(policy: Document, wanted: Narrowing) -> Document:
    """The page's policy for another inventory."""
    pairs = list(zip(_places(), places(wanted), strict=True))
    statements = []
    for statement in policy["Statement"]:
        given = set(statement["Resource"])
        resources = [arn for here, there in pairs if given.issuperset(here) for arn in there]
        statements.append(statement | {"Resource": list(dict.fromkeys(resources))})
    return policy | {"Statement": statements}
