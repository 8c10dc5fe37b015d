# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which scaling stands aside during an update, where it is noted, and how it comes back."""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint import saved_scaling
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.in_place import variants_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.saved_scaling import SavedTarget
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.kinds.endpoint.state import (
    DesiredEndpoint,
    LiveEndpoint,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Output, Recovery, Step
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import DEPLOYMENT


def targets_in_the_way(desired: DesiredEndpoint, live: LiveEndpoint) -> list[SavedTarget]:
    """[D endpoint-scaling-update] the scaled variants that leave or change their instance type."""
    current = live.configs.get(live.config_name) if live.targets else None
    if current is None:
        return []
    before, after = variants_of(current.request), variants_of(desired.config)
    return [
        target
        for name, target in live.targets.items()
        if name in before and (name not in after or before[name].get("InstanceType") != after[name].get("InstanceType"))
    ]


@dataclass(frozen=True)
class Aside:
    """The scaling of one endpoint that is away or has to go: *leaving* now, *noted* by this or an earlier run."""

    leaving: tuple[SavedTarget, ...]
    noted: tuple[SavedTarget, ...]
    carriers: dict[str, tuple[str, ...]]
    """The tags of earlier notes by the ARN of the configuration that carries them."""
    registered: frozenset[str]
    """The variants whose target is there and stays."""
    before: frozenset[str]
    """The variants that are there now."""
    after: frozenset[str]
    """The variants that are wanted."""

    @property
    def tags(self) -> dict[str, str]:
        """The note, to be written before anything leaves."""
        return saved_scaling.to_tags(self.noted)

    def deregistrations(self, arn: str | Output) -> tuple[Step, ...]:
        reason = "AWS refuses the update otherwise"
        return tuple(
            dataclasses.replace(saved_scaling.deregistration(target, reason), recovery=self.recovery(arn))
            for target in self.leaving
        )

    def restorations(self, arn: str | Output | None = None) -> tuple[Step, ...]:
        """Puts back the scaling of wanted variants; *arn* is the configuration that got this run's note."""
        return self._back(self.after, arn)

    def recovery(self, arn: str | Output) -> Recovery | None:
        """Puts back the scaling of the variants that serve on when the update has failed."""
        names = [target.variant_name for target in self.noted if target.variant_name in self.before]
        if not names:
            return None
        return Recovery(f"autoscaling of variant {', '.join(names)}", self._back(self.before, arn))

    def _back(self, variants: t.Collection[str], arn: str | Output | None) -> tuple[Step, ...]:
        carriers: dict[str | Output, tuple[str, ...]] = dict(self.carriers.items())
        if arn is not None and self.noted:
            carriers[arn] = tuple(self.tags)
        back = (
            step
            for target in self.noted
            if target.variant_name in variants
            for step in saved_scaling.restoration(target, target.variant_name in self.registered)
        )
        drop = "the scaling has been put back"
        notes = (
            Step("sagemaker", "DeleteTags", {"ResourceArn": carrier, "TagKeys": sorted(keys)}, drop)
            for carrier, keys in carriers.items()
        )
        return (*back, *notes)


def aside_of(desired: DesiredEndpoint, live: LiveEndpoint) -> Aside:
    """What stands aside for *desired*: what earlier runs have noted, and what is in the way now."""
    leaving = targets_in_the_way(desired, live)
    return _aside(desired, live, leaving, frozenset(live.targets) - {target.variant_name for target in leaving})


def aside_for_new(desired: DesiredEndpoint, live: LiveEndpoint) -> Aside:
    """What earlier runs have noted of an endpoint that is made again; nothing is registered for a new one."""
    return _aside(desired, live, [], frozenset())


def _aside(
    desired: DesiredEndpoint, live: LiveEndpoint, leaving: t.Sequence[SavedTarget], registered: frozenset[str]
) -> Aside:
    noted = {target.variant_name: target for target in leaving}
    carriers: dict[str, tuple[str, ...]] = {}
    for config in live.configs.values():
        earlier = saved_scaling.from_tags(config.tags)
        if earlier:
            carriers[config.arn] = tuple(key for key in config.tags if saved_scaling.is_saved_tag(key))
        for target in earlier:
            if not _is_undeclared(desired, target):
                noted.setdefault(target.variant_name, target)
    return Aside(
        tuple(leaving),
        tuple(noted.values()),
        carriers,
        registered,
        frozenset(variants_of(live.description)),
        frozenset(variants_of(desired.config)),
    )


def _is_undeclared(desired: DesiredEndpoint, target: SavedTarget) -> bool:
    """Whether it is of our deployment, and its variant is not to be scaled any more."""
    is_ours = target.tags.get(DEPLOYMENT) is not None and target.tags.get(DEPLOYMENT) == desired.tags.get(DEPLOYMENT)
    return desired.scaled_variants is not None and is_ours and target.variant_name not in desired.scaled_variants
