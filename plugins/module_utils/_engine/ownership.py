# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which deployment owns a resource, and the tag calls that record it."""

from __future__ import annotations

import dataclasses
import hashlib
import typing as t
from dataclasses import dataclass

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
    compare_aws_tags,
)

from ..paths import text_of
from ..problems import first_of
from .diff import Difference
from .plan import Effect, Made, Output, Plan, Refused, ResourceId, Step

PREFIX = "friendsofansible.sagemaker/"
DEPLOYMENT = f"{PREFIX}deployment"
DIGEST = f"{PREFIX}digest"
GENERATION_OF = f"{PREFIX}generation-of"
MOST_TAGS = 50
"""[D] of a resource, in SageMaker and in the other services alike."""
PROTECTED = f"{PREFIX}deletion-protection"
"""On an endpoint that no run may delete."""
REDEPLOY = f"{PREFIX}redeploy"
"""The value of ``redeploy`` with which a generation was created, if it was set."""
KEPT = f"{PREFIX}kept-tags"
"""Which tags of an earlier owner a resource had when it was adopted."""

Tags = t.Mapping[str, str]

AWS = "aws:"
"""The beginning of the keys of tags that AWS sets."""
_DEFAULTS = {"managed-by": "Ansible"}
_HARMLESS = (Effect.NONE, Effect.TAGS, Effect.CREATE)


@dataclass(frozen=True)
class Scope:
    """On whose behalf a run acts; without a deployment it owns nothing, and acts on just what the task names."""

    deployment: str | None = None
    purge_tags: bool | None = None
    """Whether undeclared tags are removed; if not set, all except those that a resource had when it was adopted."""
    trusts_tags: bool = True
    """Whether a digest in a tag proves the content, and the tag index proves that there is nothing to do."""


def wanted_tags(scope: Scope, tags: Tags | None, own: Tags | None = None) -> dict[str, str]:
    """The default tag < the user's tags < those that the collection itself relies on, which no user sets."""
    given = {key: str(value) for key, value in (tags or {}).items() if not key.startswith(PREFIX)}
    mark = {DEPLOYMENT: scope.deployment} if scope.deployment else {}
    return {**_DEFAULTS, **given, **mark, **(own or {})}


def owner_of(tags: Tags) -> str | None:
    """The deployment that owns a resource with these tags; nothing else decides who owns it."""
    return tags.get(DEPLOYMENT) or None


def owns(scope: Scope, tags: Tags) -> bool:
    """Whether the resource is the deployment's own; without a name, nothing is."""
    return owner_of(tags) is not None and owner_of(tags) == scope.deployment


def may_delete(scope: Scope, tags: Tags) -> bool:
    """Whether a run may delete what it names: its deployment's own, or, without a deployment, what none owns."""
    return owner_of(tags) == (scope.deployment or None)


def owns_generation(scope: Scope, name: str, tags: Tags) -> bool:
    """Whether it is a generation of *name* that a run which names that may delete."""
    return tags.get(GENERATION_OF) == name and may_delete(scope, tags)


def refuse_foreign(scope: Scope, resource: ResourceId | str, current: Tags) -> None:
    """Raises Refused for what another deployment owns; what nobody owns may be adopted."""
    owner = owner_of(current)
    if owner and owner != scope.deployment:
        own = f'not to "{scope.deployment}"' if scope.deployment else "and this task has no deployment name"
        raise Refused(f'{resource} belongs to the deployment "{owner}", {own}; it is left unchanged')


def unless_unowned(scope: Scope, plan: Plan, current: Tags, may_be_adopted: bool) -> Plan:
    """The plan for something that exists; raises Refused if it changes what no deployment owns, without ``adopt``.

    If the content is equal, the plan sets only tags, which adopts the resource without ``adopt``.
    """
    if may_be_adopted or plan.effect in _HARMLESS or not scope.deployment or owner_of(current):
        return plan
    paths = [text_of(item.path) for item in plan.differences if item.path[0] not in ("tags", "deletion_protection")]
    paths += [str(part.resource) for part in plan.parts]
    differing = f" and differs from the declaration in {first_of(paths)}" if paths else ""
    raise Refused(
        f"{plan.resource} exists, belongs to no deployment{differing}; to take it over, set adopt: true; "
        f"otherwise choose another name"
    )


@dataclass(frozen=True)
class TagChange:
    """Tags to set and tags to remove."""

    added: dict[str, str]
    removed: tuple[str, ...]
    before: Tags

    @property
    def after(self) -> dict[str, str]:
        """All tags that there will be, except those of AWS."""
        kept = {key: value for key, value in self.before.items() if not key.startswith(AWS)}
        return {key: value for key, value in {**kept, **self.added}.items() if key not in self.removed}

    @property
    def differences(self) -> tuple[Difference, ...]:
        return (
            *(_difference(key, self.before.get(key), value) for key, value in sorted(self.added.items())),
            *(_difference(key, self.before[key], None) for key in self.removed),
        )


def _difference(key: str, before: str | None, after: str | None) -> Difference:
    """The protection is an option of the endpoint, and reads like one."""
    if key == PROTECTED:
        return Difference(("deletion_protection",), before, after or "false")
    return Difference(("tags", key), before, after)


def is_set_by_user(tag: Difference) -> bool:
    """Whether a difference of tags is one that users have asked for, and no tag of the collection or of AWS."""
    key = str(tag.path[-1])
    return not key.startswith((PREFIX, AWS)) and (key not in _DEFAULTS or tag.after != _DEFAULTS[key])


def tag_change(scope: Scope, current: Tags, wanted: Tags, are_given: bool) -> TagChange:
    """What to set and remove; tags are removed only if the user gave tags, and never the collection's own.

    Tags that a resource had when it was adopted are removed only with purge_tags; a tag records them. A resource that
    another deployment owns, or that is marked as a generation of something else, keeps its tags.
    """
    if is_of_others(current, wanted):
        return TagChange({}, (), current)
    added, doomed = compare_aws_tags(dict(current), dict(wanted), are_given and scope.purge_tags is not False)
    is_adoption = is_adopted(current, wanted)
    noted = set() if scope.purge_tags else set(current.get(KEPT, "").split())
    spares_all = is_adoption and not scope.purge_tags
    removed = tuple(sorted(key for key in doomed if not (key.startswith(PREFIX) or spares_all or _note(key) in noted)))
    if is_adoption:
        strangers = [key for key in current if not key.startswith((PREFIX, AWS)) and key not in (*wanted, *removed)]
        note = " ".join(sorted(_note(key) for key in strangers))
        added |= {KEPT: note} if note and current.get(KEPT) != note else {}
    return TagChange(added, removed, current)


def is_adopted(current: Tags, wanted: Tags) -> bool:
    """Whether *wanted* make somebody's what no deployment owns."""
    return owner_of(current) is None and owner_of(wanted) is not None


def is_of_others(current: Tags, wanted: Tags) -> bool:
    """Whether it is a generation of something else, or of another deployment, that is only used here."""
    if GENERATION_OF not in wanted:
        return False
    is_foreign = owner_of(current) not in (None, owner_of(wanted))
    return is_foreign or current.get(GENERATION_OF, wanted[GENERATION_OF]) != wanted[GENERATION_OF]


def _note(key: str) -> str:
    """What stands for a key in the note: short enough for all tags of a resource together, and never with a space."""
    return hashlib.sha256(key.encode()).hexdigest()[:4]


@dataclass(frozen=True)
class TagRequest:
    """The tags that a resource is to have, and whether the user gave any, so that others may be removed."""

    wanted: dict[str, str]
    are_given: bool
    dropped: tuple[str, ...] = ()
    """Those of the collection itself that are to be removed."""

    def change(self, scope: Scope, current: Tags) -> TagChange:
        found = tag_change(scope, current, self.wanted, self.are_given)
        return dataclasses.replace(found, removed=(*found.removed, *(key for key in self.dropped if key in current)))

    def with_own(self, own: Tags) -> TagRequest:
        """With other tags of those that the collection relies on."""
        return dataclasses.replace(self, wanted={**self.wanted, **own})


def tag_request(scope: Scope, tags: Tags | None, own: Tags | None = None) -> TagRequest:
    """What the user's tags ask for, None where there are none, with those that the collection itself relies on."""
    return TagRequest(wanted_tags(scope, tags, own), tags is not None)


def generation_tags(scope: Scope, tags: Tags | None, own: Tags, redeploy: str | None) -> TagRequest:
    """The tags of an immutable object; *redeploy* is the text that makes it a new generation."""
    if redeploy:
        return tag_request(scope, tags, {**own, REDEPLOY: redeploy})
    return dataclasses.replace(tag_request(scope, tags, own), dropped=(REDEPLOY,))


def redeployed(current: Tags, redeploy: str | None) -> tuple[Difference, ...]:
    """The difference that another value of ``redeploy`` makes."""
    before = current.get(REDEPLOY)
    return (Difference(("redeploy",), before, redeploy),) if redeploy and redeploy != before else ()


def kept(scope: Scope, resource: ResourceId, current: Tags, *, exists: bool) -> Plan | None:
    """The plan without steps for a resource that does not exist or may not be deleted; None for any other."""
    if exists and may_delete(scope, current):
        return None
    return Plan(resource, Effect.NONE, notes=("skipped: not owned by this deployment",) if exists else ())


def added_tags(wanted: Tags) -> tuple[Difference, ...]:
    """The differences that the tags of a new resource make."""
    return TagChange(dict(wanted), (), {}).differences


def tag_steps(service: str, arn: str | Output, change: TagChange) -> tuple[Step, ...]:
    """The service's own tag calls for a change."""
    calls = TAG_CALLS[service]
    steps = []
    if change.added:
        steps.append(Step(service, calls.add, {calls.arn: arn, "Tags": as_sent(service, change.added)}, "set tags"))
    if change.removed:
        steps.append(Step(service, calls.remove, {calls.arn: arn, "TagKeys": list(change.removed)}, "remove tags"))
    return tuple(steps)


def as_sent(service: str, tags: Tags) -> t.Any:
    """Tags as the service takes them: Application Auto Scaling a map, the others a list of keys and values."""
    ordered = dict(sorted(tags.items()))
    return ordered if service == "application-autoscaling" else ansible_dict_to_boto3_tag_list(ordered)


def sent_tags(made: t.Iterable[Made], operation: str, name: str) -> dict[str, dict[str, str]]:
    """The tags with which this operation has created something, by what its parameter *name* names."""
    steps = (step for each in made for step in each.steps)
    sent = [step.parameters for step in steps if step.operation == operation and "Tags" in step.parameters]
    return {each[name]: _as_map(each["Tags"]) for each in sent}


def _as_map(tags: t.Any) -> dict[str, str]:
    return dict(tags) if isinstance(tags, dict) else boto3_tag_list_to_ansible_dict(tags)


def in_place_effect(changes: object, tags: object) -> Effect:
    """The effect of a plan that changes something in place, or only tags, or nothing."""
    return Effect.IN_PLACE if changes else Effect.TAGS if tags else Effect.NONE


def with_tag_steps(plan: Plan, service: str, arn: str | Output, change: TagChange) -> Plan:
    """A plan in place, with the necessary tag calls added."""
    tagging = tag_steps(service, arn, change)
    effect = in_place_effect(plan.steps, tagging)
    found = plan.differences + change.differences
    return dataclasses.replace(plan, effect=effect, differences=found, steps=plan.steps + tagging)


@dataclass(frozen=True)
class _TagCalls:
    add: str
    remove: str
    arn: str


TAG_CALLS = {
    "sagemaker": _TagCalls("AddTags", "DeleteTags", "ResourceArn"),
    "cloudwatch": _TagCalls("TagResource", "UntagResource", "ResourceARN"),
    "application-autoscaling": _TagCalls("TagResource", "UntagResource", "ResourceARN"),
}
"""By service."""
TAGGING = frozenset(operation for calls in TAG_CALLS.values() for operation in (calls.add, calls.remove))
"""The operations that change nothing but tags."""
