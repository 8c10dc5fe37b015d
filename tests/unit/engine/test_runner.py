# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible import entry
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import connect_and_run
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.resource_spec import ResourceSpec
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import Api, CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Effect,
    Finished,
    Made,
    Plan,
    Refused,
    ResourceId,
    Step,
    Until,
    Wait,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.runner import Run, Settings
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput, Problem
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    Exited,
    Failed,
    FakeAws,
    FakeClock,
    FakeModule,
    Options,
    arn,
    client_error,
    path_of,
    resource_of,
)

THING = ResourceSpec("thing", names=("thing_name",), options={"thing_name": {"type": "str"}, "size": {"type": "int"}})


PRUNING = Plan(
    resource_of("old a"), Effect.DELETE, steps=(Step("sagemaker", "DeleteModel", {"ModelName": "a-old"}, "superseded"),)
)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    fake = FakeClock(monkeypatch)
    monkeypatch.setattr(entry, "connect", FakeModule.connected)
    return fake


@dataclass
class Thing:
    """What somebody wants: so large a thing of this name."""

    name: str
    size: int

    @property
    def resource(self) -> ResourceId:
        return ResourceId("thing", self.name)


@dataclass
class FakeKind:
    """Things of a size: 0 is not there, odd ones cannot grow, and over 100 they are not valid."""

    sizes: dict[str, int] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    stages_before: int = 0
    """How often a plan only waits for the thing to settle."""
    superseded: t.Iterable[Plan] | Exception = field(default_factory=list)
    services: tuple[str, ...] = ("sagemaker",)
    ignores_case: bool = False
    reads: list[list[str]] = field(default_factory=list)
    outcomes: t.Mapping[str, t.Mapping[str, t.Any]] | None = None
    failed: list[str] = field(default_factory=list)

    def desired(self, options: Options, is_for_deletion: bool) -> Thing:
        size = options.get("size", 0)
        if size > 100:
            raise InvalidInput([Problem("size", "too large"), Problem("thing_name", "too proud")])
        return Thing(options["thing_name"], size)

    def read(
        self, api: Api, desired: t.Sequence[Thing], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[int | CallFailed]:
        self.reads.append([thing.name for thing in desired])
        if "all" in self.unreadable:
            raise CallFailed("ListThings", "AccessDenied", "no")
        return [
            CallFailed("DescribeThing", "AccessDenied", "no")
            if thing.name in self.unreadable
            else self.sizes.get(thing.name, 0)
            for thing in desired
        ]

    def plan(self, desired: Thing, current: int) -> Plan:
        if self.stages_before:
            self.stages_before -= 1
            wait = Wait(desired.name, Until.STABLE)
            return Plan(resource_of(f"thing {desired.name}"), Effect.NONE, steps=(wait,), is_provisional=True)
        if current % 2:
            raise Refused("odd things cannot grow")
        if current == desired.size:
            return Plan(resource_of(f"thing {desired.name}"), Effect.NONE, outcome={"size": current})
        step = Step("sagemaker", "AddTags", {"ResourceArn": desired.name}, "grow")
        change = Difference(path_of("size"), current or None, desired.size)
        effect = Effect.IN_PLACE if current else Effect.CREATE
        return Plan(
            resource_of(f"thing {desired.name}"),
            effect,
            differences=(change,),
            steps=(step,),
            outcome={"size": desired.size},
        )

    def plan_absent(self, desired: Thing, current: int) -> Plan:
        step = Step("sagemaker", "DeleteModel", {"ModelName": desired.name}, "no longer wanted")
        effect = Effect.DELETE if current else Effect.NONE
        return Plan(resource_of(f"thing {desired.name}"), effect, steps=(step,) if current else ())

    def follow_up(self, api: Api, finished: t.Sequence[Finished[Thing, int]]) -> t.Iterable[Plan]:
        self.failed = [each.desired.name for each in finished if not each.is_reached]
        self.outcomes = {each.desired.name: each.plan.outcome for each in finished if each.is_reached}
        if not self.outcomes:
            return ()
        if isinstance(self.superseded, Exception):
            raise self.superseded
        return self.superseded

    def facts(self, desired: Thing, current: int, plan: Plan) -> Options:
        return {"size": current}

    def options(self, desired: Thing, current: int, plan: Plan) -> Options:
        return {"wanted": plan.outcome.get("size")}


class World:
    """AWS whose AddTags makes things grow."""

    def __init__(self, kind: FakeKind, **sizes_once_grown: int) -> None:
        self.kind = kind
        self.aws = FakeAws(AddTags=self._grow, DescribeEndpoint=self._describe)
        self.grown = sizes_once_grown

    def _grow(self, **parameters: str) -> Options:
        name = parameters["ResourceArn"]
        if name not in self.grown:
            raise client_error("ResourceLimitExceeded", "no more")
        self.kind.sizes[name] = self.grown[name]
        return {}

    def _describe(self, **parameters: str) -> Options:
        name = parameters["EndpointName"]
        return {"EndpointName": name, "EndpointArn": arn("endpoint", name), "EndpointStatus": "InService"}

    @property
    def writes(self) -> list[str]:
        operations = (operation for operation, _parameters in self.aws.calls)
        return [operation for operation in operations if not operation.startswith(("Describe", "List"))]


def ended(world: World, check_mode: bool = False, **params: t.Any) -> Exited:
    """How the module ends; flat options or ``things``."""
    module = FakeModule(
        world.aws, check_mode, **{"thing_name": None, "size": None, "tags": None, "things": None, **params}
    )
    with pytest.raises(Exited) as caught:
        connect_and_run(t.cast("t.Any", module), THING, world.kind)
    assert module.warnings == [] or not isinstance(world.kind.superseded, list)
    return caught.value


def result(world: World, check_mode: bool = False, **params: t.Any) -> Options:
    end = ended(world, check_mode, **params)
    assert not isinstance(end, Failed), end.result["msg"]
    return end.result


def failure(world: World, check_mode: bool = False, **params: t.Any) -> Options:
    end = ended(world, check_mode, **params)
    assert isinstance(end, Failed)
    return end.result


def things(**sizes: int) -> list[Options]:
    return [{"thing_name": name, "size": size} for name, size in sizes.items()]


def test_a_change_is_made_read_again_and_reported() -> None:
    world = World(FakeKind({"a": 2}), a=4)
    assert result(world, thing_name="a", size=4) == {
        "changed": True,
        "diff": [
            {
                "before_header": "thing a",
                "after_header": "in place",
                "before": "size: 2\n",
                "after": "size: 4\n",
            }
        ],
        "thing": {"name": "a", "changed": True, "effect": "in place", "size": 4, "wanted": 4},
    }
    assert world.kind.reads == [["a"], ["a"]]


def test_a_brief_run_tells_facts_but_no_options() -> None:
    world = World(FakeKind({"a": 2}), a=4)
    run = Run(world.aws.api(), world.kind, [Thing("a", 4)], Settings(), plural="things", is_brief=True)
    data = run.execute().as_data()
    assert data["things"] == [{"name": "a", "changed": True, "effect": "in place", "size": 4}]
    assert "diff" not in data


def test_nothing_to_change_is_read_once_and_not_written() -> None:
    world = World(FakeKind({"a": 4}))
    assert result(world, thing_name="a", size=4) == {
        "changed": False,
        "diff": [],
        "thing": {"name": "a", "changed": False, "effect": "no change", "size": 4, "wanted": 4},
    }
    assert (world.kind.reads, world.aws.calls) == ([["a"]], [])


STARTS = [
    {"thing_name": "a", "size": 4},
    {"things": things(a=4, b=4, c=6)},
    {"thing_name": "b", "size": 0, "state": "absent"},
]


@pytest.mark.parametrize("params", STARTS)
def test_check_mode_tells_the_same_and_writes_nothing(params: Options) -> None:
    checked = World(FakeKind({"b": 2, "c": 6}), a=4, b=4)
    real = World(FakeKind({"b": 2, "c": 6}), a=4, b=4)
    planned, done = result(checked, check_mode=True, **params), result(real, **params)
    assert checked.writes == []
    assert real.writes != []
    assert (planned["changed"], planned["diff"]) == (done["changed"], done["diff"]) == (True, done["diff"])
    assert planned["diff"]


def test_the_shape_of_the_result_follows_the_spelling_not_the_count() -> None:
    flat = result(World(FakeKind({"a": 4})), thing_name="a", size=4)
    listed = result(World(FakeKind({"a": 4})), things=things(a=4))
    empty = result(World(FakeKind()), things=[])
    assert isinstance(flat["thing"], dict)
    assert "things" not in flat
    assert listed["things"] == [flat["thing"]]
    assert "thing" not in listed
    assert (empty["things"], empty["changed"]) == ([], False)


def test_many_are_read_together_and_reported_in_the_order_of_the_option() -> None:
    world = World(FakeKind({"b": 2}), a=4, c=2)
    report = result(world, things=things(c=2, b=2, a=4))
    assert world.kind.reads == [["c", "b", "a"], ["c", "a"]]
    assert [(each["name"], each["changed"]) for each in report["things"]] == [("c", True), ("b", False), ("a", True)]
    assert len(report["diff"]) == 2


FAILURES: list[tuple[str, FakeKind, str]] = [
    ("a call fails", FakeKind({"fine": 2}), "AddTags: ResourceLimitExceeded: no more"),
    ("refused", FakeKind({"fine": 2, "bad": 1}), "odd things cannot grow"),
    ("not readable", FakeKind({"fine": 2}, unreadable={"bad"}), "DescribeThing: AccessDenied: no"),
]


@pytest.mark.parametrize(("kind", "error"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES])
def test_one_that_fails_does_not_stop_the_others(kind: FakeKind, error: str) -> None:
    world = World(kind, fine=4, new=4)
    message = failure(world, things=things(fine=4, bad=4, new=4))
    assert error in message["msg"]
    assert message["changed"] is True
    assert [each.get("error") for each in message["things"]] == [None, error, None]
    assert [each["changed"] for each in message["things"]] == [True, False, True]
    assert [each.get("size") for each in message["things"] if each["name"] != "bad"] == [4, 4]
    assert world.kind.sizes["fine"] == world.kind.sizes["new"] == 4


def test_check_mode_fails_where_the_run_would() -> None:
    world = World(FakeKind({"bad": 1}))
    message = failure(world, check_mode=True, things=things(fine=4, bad=4))
    assert message["msg"] == "1 of 2 things failed:\n- bad: odd things cannot grow"
    assert [each["changed"] for each in message["things"]] == [True, False]
    assert world.writes == []


def test_every_failure_has_a_line() -> None:
    message = failure(World(FakeKind({"a": 1, "b": 1})), things=things(a=2, b=2))
    assert message["msg"] == "2 of 2 things failed:\n- a: odd things cannot grow\n- b: odd things cannot grow"


@pytest.mark.parametrize("state", ["present", "absent"])
def test_where_nothing_can_be_read_every_thing_says_so(state: str) -> None:
    message = failure(World(FakeKind(unreadable={"all"})), things=things(a=2, b=2), state=state)
    assert message["msg"].count("ListThings: AccessDenied: no") == 1
    assert message["msg"].endswith("failed: 2 things, first: a, b")
    assert [each["error"] for each in message["things"]] == ["ListThings: AccessDenied: no"] * 2


def test_what_cannot_be_read_again_is_reported_as_it_was_before() -> None:
    world = World(FakeKind({"a": 2}), a=4)

    def grow_and_hide(**parameters: str) -> Options:
        world.kind.unreadable = {"a"}
        return {}

    world.aws = FakeAws(AddTags=grow_and_hide)
    report = result(world, thing_name="a", size=4)
    assert (report["changed"], report["thing"]["size"]) == (True, 2)


def test_all_problems_of_all_things_are_one_failure_before_the_first_call() -> None:
    world = World(FakeKind())
    ending = failure(world, things=things(a=101, fine=2, b=102))
    assert ending == {
        "msg": (
            "Invalid options; no AWS call was made:"
            "\n- things[0].size: too large"
            "\n- things[0].thing_name: too proud"
            "\n- things[2].size: too large"
            "\n- things[2].thing_name: too proud"
        ),
    }
    assert (world.aws.calls, world.kind.reads) == ([], [])


def test_problems_of_flat_options_have_no_prefix() -> None:
    assert "\n- size: too large\n" in failure(World(FakeKind()), thing_name="a", size=101)["msg"]


def test_what_is_declared_twice_is_refused() -> None:
    world = World(FakeKind())
    declared = [{"thing_name": "a", "size": 2}, {"thing_name": "b", "size": 2}, {"thing_name": "a", "size": 4}]
    assert failure(world, things=declared)["msg"] == (
        'Invalid options; no AWS call was made:\n- things[2]: "a" is declared twice'
    )
    assert world.kind.reads == []


def test_names_that_differ_only_in_case_are_refused_where_aws_ignores_it() -> None:
    declared = [{"thing_name": "a", "size": 2}, {"thing_name": "A", "size": 2}]
    world = World(FakeKind(ignores_case=True))
    assert failure(world, things=declared)["msg"] == (
        "Invalid options; no AWS call was made:\n"
        "- things[1]: \"A\" differs from 'a' only in case; AWS treats both as the same name"
    )
    assert world.kind.reads == []
    assert len(result(World(FakeKind({"a": 2, "A": 2})), things=declared)["things"]) == 2


def test_provisional_plans_wait_and_are_planned_again() -> None:
    world = World(FakeKind({"a": 2}, stages_before=2), a=4)
    report = result(world, things=things(a=4), wait=True, wait_timeout=60)
    assert (report["things"][0]["effect"], report["things"][0]["size"]) == ("in place", 4)
    assert world.kind.reads == [["a"]] * 4
    assert world.writes == ["AddTags"]


def test_only_what_was_provisional_is_planned_again() -> None:
    world = World(FakeKind({"a": 2}, stages_before=1), a=4, b=4)
    result(world, things=things(a=4, b=4), wait=True, wait_timeout=60)
    assert world.kind.reads == [["a", "b"], ["b"], ["a"], ["a"]]


def test_what_never_settles_is_a_failure_and_not_an_endless_loop() -> None:
    world = World(FakeKind({"a": 2}, stages_before=99), a=4)
    assert "still changing" in failure(world, things=things(a=4), wait=True, wait_timeout=60)["msg"]
    assert world.writes == []


def test_what_turns_out_to_be_impossible_only_later_supersedes_nothing() -> None:
    world = World(FakeKind({"a": 1}, stages_before=1, superseded=[PRUNING]))
    assert "odd things cannot grow" in failure(world, things=things(a=4), wait=True, wait_timeout=60)["msg"]
    assert (world.kind.outcomes, world.kind.failed, world.writes) == ({}, ["a"], [])


@pytest.mark.parametrize(("check_mode", "wait"), [(True, True), (False, False)])
def test_nobody_waits_in_check_mode_or_when_waiting_is_off(check_mode: bool, wait: bool, clock: FakeClock) -> None:
    world = World(FakeKind({"a": 2}, stages_before=2), a=4)
    report = result(world, check_mode, things=things(a=4), wait=wait, wait_timeout=60)
    assert report["changed"] is False
    assert (world.kind.reads, world.aws.calls, clock.sleeps) == ([["a"]], [], [])


def test_what_is_deleted_is_not_read_again() -> None:
    world = World(FakeKind({"a": 1}))
    report = result(world, things=things(a=0, gone=0), state="absent")
    assert world.aws.calls == [("DeleteModel", {"ModelName": "a"})]
    assert world.kind.reads == [["a", "gone"]]
    assert report["things"] == [
        {"name": "a", "changed": True, "effect": "delete"},
        {"name": "gone", "changed": False, "effect": "no change"},
    ]
    assert world.kind.outcomes is None


def test_what_is_superseded_goes_once_the_new_is_there() -> None:
    world = World(FakeKind({"bad": 1}, superseded=[PRUNING]), a=4)
    message = failure(world, things=things(a=4, bad=4))
    assert world.kind.outcomes == {"a": {"size": 4}}
    assert world.writes == ["AddTags", "DeleteModel"]
    assert [entry["before_header"] for entry in message["diff"]] == ["thing a", "old a"]


def test_check_mode_tells_what_would_be_superseded() -> None:
    world = World(FakeKind({"a": 4}, superseded=[PRUNING]))
    report = result(world, check_mode=True, things=things(a=4))
    assert (report["changed"], [entry["before_header"] for entry in report["diff"]]) == (True, ["old a"])
    assert world.writes == []


def test_who_may_not_look_for_what_is_superseded_is_warned() -> None:
    world = World(FakeKind({"a": 4}, superseded=CallFailed("ListModels", "AccessDenied", "no")))
    assert result(world, things=things(a=4))["changed"] is False


def test_what_is_superseded_but_cannot_be_deleted_is_a_failure() -> None:
    world = World(FakeKind({"a": 4}, superseded=[PRUNING]))
    world.aws = FakeAws(DeleteModel=client_error("AccessDenied", "no"))
    assert failure(world, things=things(a=4))["msg"].endswith("(old a: DeleteModel: AccessDenied: no)")


def test_what_cannot_be_done_afterwards_fails_alone_and_in_check_mode_too() -> None:
    stays = Plan(resource_of("old b"), Effect.NONE, refusal="something needs it")
    for check_mode in (True, False):
        world = World(FakeKind({"a": 4}, superseded=[stays, PRUNING]))
        message = failure(world, check_mode=check_mode, things=things(a=4))
        assert message["msg"] == "old b: something needs it"
        assert "error" not in message["things"][0]
        assert [entry["before_header"] for entry in message["diff"]] == ["old a"]
        assert world.writes == ([] if check_mode else ["DeleteModel"])


def test_what_was_found_before_looking_failed_is_done() -> None:
    def found() -> t.Iterator[Plan]:
        yield PRUNING
        raise CallFailed("ListModels", "AccessDenied", "no")

    world = World(FakeKind({"a": 4}, superseded=found()))
    assert result(world, things=things(a=4))["changed"] is True
    assert world.writes == ["DeleteModel"]
