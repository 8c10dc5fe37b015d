# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The notes of suspended scaling, which are tags of a configuration; the calls that remove and restore one target.

AWS refuses an update that changes the instance type of a scalable target, or removes it [D endpoint-scaling-update].
The target is deregistered meanwhile, which deletes its policies and scheduled actions. They are written into tags of
the new configuration first, so that whichever run finishes the update can put them back.
"""

from __future__ import annotations

import base64
import json
import types
import typing as t
import zlib
from dataclasses import dataclass

from ..._aws import autoscaling, cloudwatch, sagemaker
from ..._aws.autoscaling import SERVICE
from ..._aws.client import Api, CallFailed
from ..._engine.canonical import Request
from ..._engine.ownership import GENERATION_OF, PREFIX, Tags, as_sent
from ..._engine.plan import Refused, Step
from ..generations import list_generations
from ..policies import PUT
from ..scaling_state import REGISTER, SCHEDULE, LiveScaling

_SAVED = f"{PREFIX}saved-scaling-"
_TAG_LIMIT = 256
_MOST_CHUNKS = 20


def deregistration(saved: LiveScaling, reason: str) -> Step:
    return Step(SERVICE, "DeregisterScalableTarget", autoscaling.key_of(saved.target), reason)


def restoration(saved: LiveScaling, registered: LiveScaling | None) -> tuple[Step, ...]:
    """The calls that make the target, unless it has been *registered* again, and what is missing on it."""
    reason = "autoscaling is restored"
    register = Step(SERVICE, REGISTER, saved.target | {"Tags": as_sent(SERVICE, saved.tags)}, reason)
    there = registered or LiveScaling()
    whole = there.with_missing(saved)
    missing = [
        *((PUT, each) for name, each in whole.policies.items() if name not in there.policies),
        *((SCHEDULE, each) for name, each in whole.scheduled_actions.items() if name not in there.scheduled_actions),
    ]
    return (*(() if registered else (register,)), *(Step(SERVICE, put, each, reason) for put, each in missing))


@dataclass(frozen=True)
class Note:
    """Scaling that a configuration carries in its tags; notes are numbered in the order in which they were made."""

    number: int
    targets: tuple[LiveScaling, ...]


def merged(targets: t.Iterable[LiveScaling]) -> list[LiveScaling]:
    """One for each target: what several notes have of it, of which the earlier ones take precedence."""
    found: dict[str, LiveScaling] = {}
    for target in targets:
        found[target.name] = found[target.name].with_missing(target) if target.name in found else target
    return list(found.values())


def to_tags(note: Note) -> dict[str, str]:
    """Tags that carry the note; raises Refused when it is too large for that."""
    if not note.targets:
        return {}
    entries = [_entry(each) for each in note.targets]
    content = json.dumps({"number": note.number, "targets": entries}, default=str)
    packed = base64.b64encode(zlib.compress(content.encode(), 9)).decode()
    chunks = [packed[start : start + _TAG_LIMIT] for start in range(0, len(packed), _TAG_LIMIT)]
    if len(chunks) > _MOST_CHUNKS:
        raise Refused("its scaling is too large to be saved during the update; deregister the scalable targets by hand")
    return {f"{_SAVED}{index:02}": chunk for index, chunk in enumerate(chunks)}


def is_saved_tag(key: str) -> bool:
    return key.startswith(_SAVED)


def from_tags(tags: t.Mapping[str, str]) -> Note:
    """What to_tags wrote, if anything; releases before 1.0 wrote a bare list."""
    packed = "".join(tags[key] for key in sorted(tags) if is_saved_tag(key))
    if not packed:
        return Note(0, ())
    content = json.loads(zlib.decompress(base64.b64decode(packed)))
    entries = content["targets"] if isinstance(content, dict) else content
    return Note(content["number"] if isinstance(content, dict) else 0, tuple(_from_entry(*entry) for entry in entries))


def _entry(each: LiveScaling) -> list[t.Any]:
    dependents = [list(each.policies.values()), list(each.scheduled_actions.values())]
    return [each.variant_name, each.arn, each.target, *dependents, dict(each.tags), each.called]


def _from_entry(
    _variant: str,
    arn: str,
    target: Request,
    policies: list[Request],
    actions: list[Request],
    tags: dict[str, str],
    called: t.Sequence[tuple[str, str]] = (),
) -> LiveScaling:
    return LiveScaling(
        arn=arn,
        target=target,
        policies={each["PolicyName"]: each for each in policies},
        scheduled_actions={each["ScheduledActionName"]: each for each in actions},
        tags=tags,
        called=tuple((policy, former) for policy, former in called),
    )


def find_missing_scaling(
    api: Api, endpoints: t.Collection[str], known: t.Mapping[str, Tags] = types.MappingProxyType({})
) -> dict[str, str]:
    """By resource ID of the target, the missing scaling of a variant, in words.

    *known* are tags of configurations, by name, that have just been read. Where others may not be read, there is a
    warning instead. A failure that passes is raised as CallFailed: a run must not do what check mode has refused.
    """
    try:
        return _find(api, endpoints, known)
    except CallFailed as failure:
        if failure.is_passing:
            raise
        api.warn(f"could not check whether an earlier run left scaling missing: {failure}")
        return {}


def _find(api: Api, endpoints: t.Collection[str], known: t.Mapping[str, Tags]) -> dict[str, str]:
    generations = list_generations(api, endpoints, sagemaker.list_endpoint_configs) if endpoints else {}
    configs = {each.name: each for listed in generations.values() for each in listed}
    tags = {**known, **sagemaker.tags_of(api, [each for name, each in configs.items() if name not in known])}
    saved = [
        target
        for endpoint in endpoints
        for note in _notes([tags.get(each.name, {}) for each in generations[endpoint]], endpoint)
        for target in note.targets
    ]
    return {
        target.name: f"autoscaling of {_with_callers(api, target).description} is missing after an earlier run; a run"
        " that includes endpoints restores it"
        for target in merged(saved)
    }


def _notes(tags: t.Iterable[Tags], endpoint: str) -> list[Note]:
    """Those of its own generations, the oldest first."""
    found = [from_tags(each) for each in tags if each.get(GENERATION_OF) == endpoint]
    return sorted((note for note in found if note.targets), key=lambda note: note.number)


def _with_callers(api: Api, target: LiveScaling) -> LiveScaling:
    return target.with_callers(cloudwatch.callers_by_action(api, dict(target.called).values()))
