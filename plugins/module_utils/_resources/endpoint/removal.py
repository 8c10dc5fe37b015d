# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an endpoint is deleted, with its own configurations."""

from __future__ import annotations

from ..._aws.endpoint_descriptions import TRANSITIONAL
from ..._aws.sagemaker import SERVICE
from ..._engine.diff import Difference
from ..._engine.ownership import GENERATION_OF, Scope, kept, owns, owns_generation
from ..._engine.plan import Effect, Plan, Step, Until, Wait
from ..generations import LiveGeneration
from .planning import refuse_other_case
from .protection import CONFIRMED, is_protected, refuse_deletion
from .state import DesiredEndpoint, LiveEndpoint


def plan_absent(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, may_delete_protected: bool = False) -> Plan:
    """Raises Refused for an endpoint that is protected from deletion, and for one whose name differs in case."""
    if live.exists and (nothing := kept(scope, desired.resource, live.tags, exists=True)):
        return nothing
    refuse_other_case(desired, live)
    is_leaving = live.exists and live.status != "Deleting"
    if is_leaving and not may_delete_protected:
        refuse_deletion(desired, live)
    notes = (CONFIRMED,) if is_leaving and is_protected(live.tags) else ()
    configs = [config for config in live.configs.values() if _is_ours(scope, desired, live, config)]
    steps = (*_deletion(desired.name, live), *(_config_deletion(config.name) for config in configs))
    if not steps:
        return Plan(desired.resource, Effect.NONE)
    gone = [("endpoint_configs", config.name) for config in configs]
    gone += [("scaling", variant) for variant in sorted(live.targets)]
    changes = tuple(Difference(path, "present", None) for path in gone)
    return Plan(desired.resource, Effect.DELETE, differences=changes, steps=steps, notes=notes)


def _is_ours(scope: Scope, desired: DesiredEndpoint, live: LiveEndpoint, config: LiveGeneration) -> bool:
    is_used_elsewhere = bool(live.config_users.get(config.name, set()) - {desired.name})
    is_unmarked = owns(scope, config.tags) and GENERATION_OF not in config.tags
    return not is_used_elsewhere and (is_unmarked or owns_generation(scope, desired.name, config.tags))


def _deletion(name: str, live: LiveEndpoint) -> tuple[Step | Wait, ...]:
    gone = Wait(name, Until.GONE)
    if not live.exists:
        return ()
    if live.status == "Deleting":
        return (gone,)
    # [C] an endpoint can be deleted only while no operation on it is in progress.
    stable = (Wait(name, Until.STABLE),) if live.status in TRANSITIONAL else ()
    # [I] DeleteEndpoint deregisters the scalable targets of its variants; what is left is deregistered after it.
    return (*stable, Step(SERVICE, "DeleteEndpoint", {"EndpointName": name}, "no longer wanted"), gone)


def _config_deletion(name: str) -> Step:
    return Step(SERVICE, "DeleteEndpointConfig", {"EndpointConfigName": name}, "no longer wanted")
