# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import (
    DEPLOYMENT,
    DIGEST,
    GENERATION_OF,
    KEPT,
    PREFIX,
    Scope,
    TagChange,
    added_tags,
    as_sent,
    may_delete,
    owner_of,
    owns,
    owns_generation,
    refuse_foreign,
    tag_change,
    tag_steps,
    unless_unowned,
    wanted_tags,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect, Plan, Refused
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import path_of, resource_of
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
        "nobody makes something another deployment's",
        NOBODY,
        {DEPLOYMENT: "other", KEPT: "0123", "a": "1"},
        {},
        {"managed-by": "Ansible", "a": "1"},
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
    ("of the deployment", OURS, {"managed-by": "Ansible", DEPLOYMENT: "prod", "a": "1"}, True),
    ("whatever managed-by says", OURS, {"managed-by": "ansible", DEPLOYMENT: "prod"}, True),
    ("without managed-by", OURS, {DEPLOYMENT: "prod"}, True),
    ("made by hand", OURS, {"a": "1"}, False),
    ("without a deployment", OURS, {"managed-by": "Ansible"}, False),
    ("of another deployment", OURS, {"managed-by": "Ansible", DEPLOYMENT: "test"}, False),
    ("a run without deployment owns nothing of others", NOBODY, {"managed-by": "Ansible", DEPLOYMENT: "prod"}, False),
    ("nor what Ansible made", NOBODY, {"managed-by": "Ansible"}, False),
    ("nor what says nothing", NOBODY, {}, False),
    ("a blank name owns nothing either", Scope(""), {DEPLOYMENT: ""}, False),
]


@pytest.mark.parametrize(("scope", "current", "owned"), [row[1:] for row in OWNERS], ids=[row[0] for row in OWNERS])
def test_ownership(scope: Scope, current: dict[str, str], owned: bool) -> None:
    assert owns(scope, current) == owned


GENERATIONS: list[tuple[str, Scope, dict[str, str], bool]] = [
    ("the deployment's", OURS, {GENERATION_OF: "e", DEPLOYMENT: "prod"}, True),
    ("of something else", OURS, {GENERATION_OF: "f", DEPLOYMENT: "prod"}, False),
    ("of nobody", OURS, {GENERATION_OF: "e"}, False),
    ("of another deployment", OURS, {GENERATION_OF: "e", DEPLOYMENT: "test"}, False),
    ("of what a task without deployment names", NOBODY, {GENERATION_OF: "e"}, True),
    ("not of what it does not name", NOBODY, {GENERATION_OF: "f"}, False),
    ("not of what a deployment owns", NOBODY, {GENERATION_OF: "e", DEPLOYMENT: "prod"}, False),
    ("not of what is named alike", NOBODY, {}, False),
]


@pytest.mark.parametrize(
    ("scope", "current", "owned"), [row[1:] for row in GENERATIONS], ids=[row[0] for row in GENERATIONS]
)
def test_generations_that_may_be_removed(scope: Scope, current: dict[str, str], owned: bool) -> None:
    assert owns_generation(scope, "e", current) == owned


DELETABLE: list[tuple[str, Scope, dict[str, str], bool]] = [
    ("the deployment's", OURS, {DEPLOYMENT: "prod"}, True),
    ("of another deployment", OURS, {DEPLOYMENT: "test"}, False),
    ("of nobody, for a deployment", OURS, {"managed-by": "Ansible"}, False),
    ("of nobody, for a task without one", NOBODY, {"managed-by": "Terraform"}, True),
    ("of a deployment, for a task without one", NOBODY, {DEPLOYMENT: "prod"}, False),
]


@pytest.mark.parametrize(("scope", "current", "may"), [row[1:] for row in DELETABLE], ids=[row[0] for row in DELETABLE])
def test_what_is_named_may_be_deleted(scope: Scope, current: dict[str, str], may: bool) -> None:
    assert may_delete(scope, current) == may


@given(st.none() | st.text("ab ", max_size=2), TAGS, TAGS)
def test_what_is_adopted_is_owned_whatever_the_user_tags_it_with(
    name: str | None, tags: dict[str, str], current: dict[str, str]
) -> None:
    """A deployment is the one owner of what it has tagged, and whoever has no name owns nothing."""
    scope = Scope(name)
    after = tag_change(scope, current, wanted_tags(scope, tags), are_given=True).after
    assert owns(scope, after) == bool(name)
    assert owner_of(after) == (name or owner_of(current))


@pytest.mark.parametrize(("scope", "why"), [(OURS, 'not to "prod"'), (NOBODY, "and this task has no deployment name")])
def test_another_deployment_is_refused_by_name(scope: Scope, why: str) -> None:
    with pytest.raises(Refused, match=f'model demo belongs to the deployment "test", {why}; it is left unchanged'):
        refuse_foreign(scope, "model demo", {DEPLOYMENT: "test"})


@pytest.mark.parametrize(
    ("scope", "current"),
    [(OURS, {}), (OURS, {DEPLOYMENT: "prod"}), (NOBODY, {}), (OURS, {"a": "1"}), (NOBODY, {"a": "1"})],
)
def test_what_nobody_or_ourselves_own_may_be_adopted(scope: Scope, current: dict[str, str]) -> None:
    refuse_foreign(scope, "model demo", current)


CURRENT = {"keep": "1", "old": "1", "change": "1", "aws:cloudformation:stack": "s", GENERATION_OF: "demo"}
CHANGES: list[tuple[str, bool | None, bool, dict[str, str], dict[str, str], tuple[str, ...]]] = [
    ("the same", True, True, {"keep": "1", "old": "1", "change": "1"}, {}, ()),
    ("purged when given", True, True, {"keep": "1", "change": "2"}, {"change": "2"}, ("old",)),
    ("not purged when not given", True, False, {"keep": "1", "change": "2"}, {"change": "2"}, ()),
    ("not purged if purge_tags is false", False, True, {"keep": "1", "change": "2"}, {"change": "2"}, ()),
    ("purged when nobody says whether", None, True, {"keep": "1", "change": "2"}, {"change": "2"}, ("old",)),
    ("aws: and our own are spared", True, True, {}, {}, ("change", "keep", "old")),
    ("added", True, False, {"new": "1"}, {"new": "1"}, ()),
    ("our own are corrected", True, True, {**CURRENT, DIGEST: "0123"}, {DIGEST: "0123"}, ()),
    ("what is of something else keeps its tags", True, True, {GENERATION_OF: "other", "keep": "2"}, {}, ()),
]


@pytest.mark.parametrize(
    ("purge", "given_", "wanted", "added", "removed"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_tag_change(
    purge: bool | None, given_: bool, wanted: dict[str, str], added: dict[str, str], removed: tuple[str, ...]
) -> None:
    change = tag_change(Scope(purge_tags=purge), CURRENT, wanted, given_)
    assert (change.added, change.removed) == (added, removed)


PURGES = st.none() | st.booleans()


@given(TAGS, TAGS.map(lambda tags: {key: tags[key] for key in tags if key != DEPLOYMENT}), PURGES, st.booleans())
def test_a_tag_change_leads_to_the_wanted_tags_and_then_to_nothing(
    current: dict[str, str], wanted: dict[str, str], purge: bool | None, are_given: bool
) -> None:
    scope = Scope(purge_tags=purge)
    change = tag_change(scope, current, wanted, are_given)
    purges = are_given and purge is not False
    spared = {key for key in current if key.startswith(("aws:", PREFIX)) or not purges}
    after = {key: value for key, value in {**current, **change.added}.items() if key not in change.removed}
    assert after == {key: value for key, value in current.items() if key in spared} | wanted
    assert change.after == {key: value for key, value in after.items() if key in change.added or key[:4] != "aws:"}
    again = tag_change(scope, after, wanted, are_given)
    assert (again.added, again.removed) == ({}, ())
    assert bool(change.differences) == bool(change.added or change.removed)


KEYS = st.sampled_from(["team", "cost center", "stage", "owner", "aws:x"])
USERS = st.dictionaries(KEYS.filter(lambda key: key != "aws:x"), st.sampled_from(["a", "b"]))


@given(st.dictionaries(KEYS, st.sampled_from(["a", "b"])), st.lists(st.none() | USERS, min_size=1, max_size=4), PURGES)
def test_what_was_there_on_adoption_stays_through_all_later_runs(
    found: dict[str, str], runs: list[dict[str, str] | None], purge: bool | None
) -> None:
    """Unless purge_tags is asked for; what the runs themselves have set is removed when it is no longer declared."""
    scope = Scope("prod", purge)
    current, declared = found, set[str]()
    for tags in runs:
        wanted = wanted_tags(scope, tags)
        change = tag_change(scope, current, wanted, tags is not None)
        current = {key: value for key, value in {**current, **change.added}.items() if key not in change.removed}
        declared |= (tags or {}).keys()
        again = tag_change(scope, current, wanted, tags is not None)
        assert (again.added, again.removed) == ({}, ())
        assert wanted.items() <= current.items()
        assert all(len(value) <= 256 for value in current.values())
        if not purge:
            assert {key: value for key, value in found.items() if key not in declared}.items() <= current.items()
        left = {key for key in current if key not in found and key not in wanted and key != KEPT}
        assert purge is False or tags is None or not left
    if purge and runs[-1] is not None:
        assert {key for key in current if not key.startswith((PREFIX, "aws:"))} == {"managed-by", *runs[-1]}


def test_the_note_of_all_tags_that_a_resource_may_have_fits_into_one() -> None:
    found = {f"{number}{'x' * 120}": "" for number in range(50)}
    change = tag_change(OURS, found, wanted_tags(OURS, {}), are_given=True)
    assert len(change.added[KEPT]) <= 256
    assert change.removed == ()


def test_what_another_deployment_serves_from_keeps_its_tags() -> None:
    current = {DEPLOYMENT: "test", GENERATION_OF: "e", "a": "1"}
    wanted = wanted_tags(OURS, {"b": "1"}, {GENERATION_OF: "e"})
    assert tag_change(OURS, current, wanted, are_given=True) == TagChange({}, (), current)


def plan_of(effect: Effect) -> Plan:
    changes = tuple(Difference(path_of(path), "1", "2") for path in ("tags.a", "x.y", "z", "u", "v"))
    return Plan(resource_of("endpoint e"), effect, differences=changes)


FREELY_ADOPTED = (Effect.NONE, Effect.TAGS, Effect.CREATE)


@pytest.mark.parametrize("effect", list(Effect))
@pytest.mark.parametrize("scope", [OURS, NOBODY])
@pytest.mark.parametrize("current", [{}, {DEPLOYMENT: "prod"}, {"managed-by": "Ansible"}])
@pytest.mark.parametrize("may_be_adopted", [True, False])
def test_what_no_deployment_owns_is_changed_only_when_adopted(
    effect: Effect, scope: Scope, current: dict[str, str], may_be_adopted: bool
) -> None:
    plan = plan_of(effect)
    if may_be_adopted or effect in FREELY_ADOPTED or scope is NOBODY or DEPLOYMENT in current:
        assert unless_unowned(scope, plan, current, may_be_adopted) is plan
    else:
        with pytest.raises(Refused) as refusal:
            unless_unowned(scope, plan, current, may_be_adopted)
        assert str(refusal.value) == (
            "endpoint e exists, belongs to no deployment and differs from the declaration in x.y, z, u and 1 more; "
            "to take it over, set adopt: true; otherwise choose another name"
        )


def test_a_tag_change_is_shown_by_key() -> None:
    change = TagChange({"b": "2", "a": "1"}, ("c",), {"b": "1", "c": "3"})
    shown = [(item.where, item.before, item.after) for item in change.differences]
    assert shown == [("tags.a", None, "1"), ("tags.b", "1", "2"), ("tags.c", "3", None)]
    assert [(item.where, item.after) for item in added_tags({"b": "2", "a": "1"})] == [("tags.a", "1"), ("tags.b", "2")]


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
