# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.plan import Refused
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.tags import (
    DEPLOYMENT,
    DIGEST,
    GENERATION_OF,
    PREFIX,
    Scope,
    TagChange,
    added_tags,
    as_sent,
    is_owned,
    refuse_foreign,
    tag_change,
    tag_steps,
    wanted_tags,
)
from hypothesis import given
from hypothesis import strategies as st

NOBODY = Scope()
OURS = Scope("prod")
TAGS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "aws:x", DEPLOYMENT, DIGEST]), st.text("xyz", max_size=2), max_size=6
)

WANTED: list[tuple[str, Scope, dict[str, str] | None, dict[str, str], dict[str, str]]] = [
    ("no deployment, no tags", NOBODY, None, {}, {"managed-by": "Ansible"}),
    ("a deployment is a tag", OURS, None, {}, {"managed-by": "Ansible", DEPLOYMENT: "prod"}),
    ("the user's come on top", NOBODY, {"a": "1"}, {}, {"managed-by": "Ansible", "a": "1"}),
    ("the user's win over common ones", NOBODY, {"managed-by": "me"}, {}, {"managed-by": "me"}),
    (
        "nobody declares another deployment in tags",
        OURS,
        {DEPLOYMENT: "other"},
        {},
        {"managed-by": "Ansible", DEPLOYMENT: "prod"},
    ),
    (
        "what the collection relies on wins",
        NOBODY,
        {DIGEST: "mine"},
        {DIGEST: "0123"},
        {"managed-by": "Ansible", DIGEST: "0123"},
    ),
]


@pytest.mark.parametrize(
    ("scope", "tags", "own", "wanted"), [row[1:] for row in WANTED], ids=[row[0] for row in WANTED]
)
def test_wanted_tags(scope: Scope, tags: dict[str, str] | None, own: dict[str, str], wanted: dict[str, str]) -> None:
    assert wanted_tags(scope, tags, own) == wanted


def test_tags_are_texts_however_yaml_reads_them() -> None:
    number: dict[str, str] = {"cost-center": 4711, "critical": True}  # type: ignore[dict-item]
    wanted = wanted_tags(NOBODY, number)
    assert wanted == {"managed-by": "Ansible", "cost-center": "4711", "critical": "True"}


OWNERS: list[tuple[str, Scope, dict[str, str], bool]] = [
    ("all marks", OURS, {"managed-by": "Ansible", DEPLOYMENT: "prod", "a": "1"}, True),
    ("made by hand", OURS, {"a": "1"}, False),
    ("without a deployment", OURS, {"managed-by": "Ansible"}, False),
    ("of another deployment", OURS, {"managed-by": "Ansible", DEPLOYMENT: "test"}, False),
    ("of another tool", OURS, {"managed-by": "Terraform", DEPLOYMENT: "prod"}, False),
    ("a run without deployment owns what Ansible made", NOBODY, {"managed-by": "Ansible", DEPLOYMENT: "prod"}, True),
    ("a run without deployment does not own the rest", NOBODY, {}, False),
]


@pytest.mark.parametrize(("scope", "current", "owned"), [row[1:] for row in OWNERS], ids=[row[0] for row in OWNERS])
def test_ownership(scope: Scope, current: dict[str, str], owned: bool) -> None:
    assert is_owned(scope, wanted_tags(scope, None), current) == owned


def test_who_renames_the_common_mark_owns_what_carries_it() -> None:
    wanted = wanted_tags(OURS, {"managed-by": "platform-team"})
    assert is_owned(OURS, wanted, {"managed-by": "platform-team", DEPLOYMENT: "prod"})
    assert not is_owned(OURS, wanted, {"managed-by": "Ansible", DEPLOYMENT: "prod"})


def test_another_deployment_is_refused_by_name() -> None:
    with pytest.raises(Refused, match='model demo belongs to the deployment "test", not to "prod"'):
        refuse_foreign(OURS, "model demo", {DEPLOYMENT: "test"})


@pytest.mark.parametrize(
    ("scope", "current"), [(OURS, {}), (OURS, {DEPLOYMENT: "prod"}), (NOBODY, {DEPLOYMENT: "test"}), (OURS, {"a": "1"})]
)
def test_what_nobody_or_ourselves_own_may_be_adopted(scope: Scope, current: dict[str, str]) -> None:
    refuse_foreign(scope, "model demo", current)


CURRENT = {"keep": "1", "old": "1", "change": "1", "aws:cloudformation:stack": "s", GENERATION_OF: "demo"}
CHANGES: list[tuple[str, bool, bool, dict[str, str], dict[str, str], tuple[str, ...]]] = [
    ("the same", True, True, {"keep": "1", "old": "1", "change": "1"}, {}, ()),
    ("purged when given", True, True, {"keep": "1", "change": "2"}, {"change": "2"}, ("old",)),
    ("not purged when not given", True, False, {"keep": "1", "change": "2"}, {"change": "2"}, ()),
    ("not purged when told not to", False, True, {"keep": "1", "change": "2"}, {"change": "2"}, ()),
    ("aws: and our own are spared", True, True, {}, {}, ("change", "keep", "old")),
    ("added", True, False, {"new": "1"}, {"new": "1"}, ()),
    ("our own are corrected", True, True, {**CURRENT, GENERATION_OF: "other"}, {GENERATION_OF: "other"}, ()),
]


@pytest.mark.parametrize(
    ("purge", "given_", "wanted", "added", "removed"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_tag_change(
    purge: bool, given_: bool, wanted: dict[str, str], added: dict[str, str], removed: tuple[str, ...]
) -> None:
    change = tag_change(Scope(purge_tags=purge), CURRENT, wanted, given_)
    assert (change.added, change.removed) == (added, removed)


@given(TAGS, TAGS, st.booleans(), st.booleans())
def test_a_tag_change_leads_to_the_wanted_tags_and_then_to_nothing(
    current: dict[str, str], wanted: dict[str, str], purge: bool, are_given: bool
) -> None:
    scope = Scope(purge_tags=purge)
    change = tag_change(scope, current, wanted, are_given)
    after = {key: value for key, value in {**current, **change.added}.items() if key not in change.removed}
    spared = {key for key in current if key.startswith(("aws:", PREFIX)) or not (purge and are_given)}
    assert after == {key: value for key, value in current.items() if key in spared} | wanted
    again = tag_change(scope, after, wanted, are_given)
    assert (again.added, again.removed) == ({}, ())
    assert bool(change.differences) == bool(change.added or change.removed)


def test_a_tag_change_is_shown_by_key() -> None:
    change = TagChange({"b": "2", "a": "1"}, ("c",), {"b": "1", "c": "3"})
    shown = [(item.path, item.before, item.after) for item in change.differences]
    assert shown == [("tags.a", None, "1"), ("tags.b", "1", "2"), ("tags.c", "3", None)]
    assert [(item.path, item.after) for item in added_tags({"b": "2", "a": "1"})] == [("tags.a", "1"), ("tags.b", "2")]


CALLS = [
    ("sagemaker", "AddTags", "DeleteTags", "ResourceArn", [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]),
    (
        "cloudwatch",
        "TagResource",
        "UntagResource",
        "ResourceARN",
        [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
    ),
    ("application-autoscaling", "TagResource", "UntagResource", "ResourceARN", {"a": "1", "b": "2"}),
]


@pytest.mark.parametrize(("service", "add", "remove", "arn", "sent"), CALLS)
def test_every_service_has_its_own_tag_calls(service: str, add: str, remove: str, arn: str, sent: object) -> None:
    change = TagChange({"b": "2", "a": "1"}, ("c", "d"), {})
    first, second = tag_steps(service, "arn:x", change)
    assert (first.service, first.operation, first.parameters) == (service, add, {arn: "arn:x", "Tags": sent})
    assert (second.operation, second.parameters) == (remove, {arn: "arn:x", "TagKeys": ["c", "d"]})
    assert as_sent(service, change.added) == sent


@pytest.mark.parametrize("service", [row[0] for row in CALLS])
def test_only_the_calls_that_are_needed(service: str) -> None:
    assert tag_steps(service, "arn:x", TagChange({}, (), {})) == ()
    assert len(tag_steps(service, "arn:x", TagChange({"a": "1"}, (), {}))) == 1
    assert len(tag_steps(service, "arn:x", TagChange({}, ("a",), {}))) == 1
