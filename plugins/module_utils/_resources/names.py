# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to a variant, and what it is called: its alarms, its scaling policies and its scalable target."""

from __future__ import annotations

import typing as t

from .._aws import autoscaling

INSTANCE_COUNT = "sagemaker:variant:DesiredInstanceCount"
PROVISIONED_CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
COPY_COUNT = "sagemaker:inference-component:DesiredCopyCount"


class VariantId(t.NamedTuple):
    """A variant of an endpoint; neither name has a slash [D]."""

    endpoint: str
    variant: str

    @property
    def resource_id(self) -> str:
        """What Application Auto Scaling calls it."""
        return f"endpoint/{self.endpoint}/variant/{self.variant}"

    def named(self, key: str) -> str:
        """The name of its alarm or policy that the user calls *key*."""
        return f"{self.endpoint}/{self.variant}/{key}"

    def action_named(self, key: str) -> str:
        """The name of its scheduled action that the user calls *key*: [D] it has neither slash nor colon nor bar."""
        return f"{self.endpoint}.{self.variant}.{key}"

    def target_options(self, dimension: str = INSTANCE_COUNT) -> dict[str, str]:
        """The options that name its scalable target."""
        return {
            "service_namespace": autoscaling.NAMESPACE,
            "resource_id": self.resource_id,
            "scalable_dimension": dimension,
        }


def composite_named(endpoint: str, key: str) -> str:
    """The name of the composite alarm of an endpoint that the user calls *key*, which has no slash."""
    return f"{endpoint}/{key}"


class OwnName(t.NamedTuple):
    """The name of an alarm or policy as ``named`` makes it, or of a scheduled action; the key may have more."""

    of: VariantId
    key: str


def is_variant(resource_id: str) -> bool:
    """Whether it is the resource id of a variant, and not of an inference component."""
    return resource_id.startswith("endpoint/")


def variant_of(resource_id: str) -> VariantId:
    """The variant that has this resource id."""
    _endpoint, endpoint, _variant, variant = resource_id.split("/")
    return VariantId(endpoint, variant)


def taken_apart(name: str) -> OwnName | None:
    """The parts of a name, if it is such a one."""
    parts = name.split("/", 2)
    return OwnName(VariantId(parts[0], parts[1]), parts[2]) if len(parts) == 3 else None


def action_taken_apart(name: str) -> OwnName | None:
    """The parts of the name of a scheduled action, if it is such a one."""
    parts = name.split(".", 2)
    return OwnName(VariantId(parts[0], parts[1]), parts[2]) if len(parts) == 3 else None


def composite_taken_apart(name: str) -> tuple[str, str] | None:
    """The endpoint and the key, if it is the name of a composite alarm of an endpoint."""
    parts = name.split("/")
    return (parts[0], parts[1]) if len(parts) == 2 else None


def endpoint_of(alarm_name: str) -> str:
    """The endpoint after which an alarm is named; nothing for one that is not named after any."""
    return alarm_name.rpartition("/")[0].partition("/")[0]
