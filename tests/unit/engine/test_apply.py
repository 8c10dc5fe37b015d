# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.apply import Job, apply
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Effect,
    Output,
    Plan,
    Step,
    Until,
    Wait,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.waits import TimeLimit
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    Answer,
    FakeAws,
    FakeClock,
    Options,
    arn,
    client_error,
    missing,
    resource_of,
)

SERVICE = "sagemaker"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    return FakeClock(monkeypatch)


def step(operation: str, **parameters: t.Any) -> Step:
    return Step(SERVICE, operation, parameters, "wanted")


def plan(*steps: Step | Wait) -> Plan:
    return Plan(resource_of("thing"), Effect.CREATE, steps=steps)


def run(aws: FakeAws, *plans: Plan, timeout: float = 600, slice_seconds: float | None = None) -> list[Job]:
    limit = TimeLimit(timeout_seconds=timeout, slice_seconds=slice_seconds)
    return apply(aws.api(parallelism=1), plans, limit)


def in_service_after(clock: FakeClock, **seconds: float) -> t.Callable[..., Options]:
    """DescribeEndpoint of endpoints that need so many seconds from now to come into service."""
    start = clock.now

    def describe(**parameters: str) -> Options:
        name = parameters["EndpointName"]
        status = "InService" if clock.now - start >= seconds[name] else "Creating"
        return {
            "EndpointName": name,
            "EndpointArn": arn("endpoint", name),
            "EndpointStatus": status,
            "EndpointConfigName": f"{name}-config",
        }

    return describe


def test_steps_are_taken_in_order_and_as_planned() -> None:
    aws = FakeAws()
    (job,) = run(aws, plan(step("CreateModel", ModelName="m", Tags=[]), step("AddTags", ResourceArn="a")))
    assert aws.calls == [("CreateModel", {"ModelName": "m", "Tags": []}), ("AddTags", {"ResourceArn": "a"})]
    assert (job.error, job.has_written, list(job.left)) == (None, True, [])


def test_a_step_is_given_what_an_earlier_one_answered() -> None:
    aws = FakeAws(RegisterScalableTarget={"ScalableTargetARN": "arn:new"})
    tagging = step("TagResource", ResourceARN=Output("RegisterScalableTarget", "ScalableTargetARN"))
    run(aws, plan(step("RegisterScalableTarget"), tagging))
    assert aws.named("TagResource") == [{"ResourceARN": "arn:new"}]


def test_nothing_to_do_is_nothing_done() -> None:
    aws = FakeAws()
    jobs = run(aws, plan(), plan())
    assert [(job.error, job.has_written) for job in jobs] == [(None, False)] * 2
    assert run(aws) == []
    assert aws.calls == []


def test_a_failing_plan_stops_at_once_and_leaves_the_others_alone() -> None:
    aws = FakeAws(CreateModel=client_error("AccessDeniedException", "no"))
    failing = plan(step("AddTags", ResourceArn="a"), step("CreateModel"), step("AddTags", ResourceArn="never"))
    jobs = run(aws, failing, plan(step("AddTags", ResourceArn="b")))
    assert [job.error for job in jobs] == ["CreateModel: AccessDeniedException: no", None]
    assert [job.has_written for job in jobs] == [True, True]
    assert [call["ResourceArn"] for call in aws.named("AddTags")] == ["a", "b"]


def test_a_step_that_is_not_needed_is_reported_when_it_is_refused_and_the_others_are_taken() -> None:
    aws = FakeAws(CreateModel=client_error("AccessDeniedException", "no"))
    extra = dataclasses.replace(step("CreateModel"), otherwise="the model is not there")
    (job,) = run(aws, plan(extra, extra, step("AddTags", ResourceArn="a")))
    refusal = "the model is not there: CreateModel: AccessDeniedException: no"
    assert job.error == f"{refusal}; {refusal}"
    assert job.has_written
    assert len(aws.named("AddTags")) == 1


def alarm_deletions(number: int) -> list[Plan]:
    return [plan(step("DeleteAlarms", AlarmNames=[f"alarm-{each}"])) for each in range(number)]


def test_alarms_are_deleted_100_in_a_call() -> None:
    aws = FakeAws()
    jobs = run(aws, *alarm_deletions(150), plan(step("AddTags", ResourceArn="a")))
    assert [len(call["AlarmNames"]) for call in aws.named("DeleteAlarms")] == [100, 50]
    assert len({name for call in aws.named("DeleteAlarms") for name in call["AlarmNames"]}) == 150
    assert all(job.has_written and job.error is None and not job.left for job in jobs)


def test_alarms_that_cannot_all_be_deleted_are_deleted_one_by_one() -> None:
    def delete(AlarmNames: list[str]) -> Options:  # noqa: N803
        if "alarm-1" in AlarmNames:
            raise client_error("ValidationError", "there are composite alarm(s) depending on it")
        return {}

    aws = FakeAws(DeleteAlarms=delete)
    jobs = run(aws, *alarm_deletions(3))
    assert [bool(job.error) for job in jobs] == [False, True, False]
    assert [job.has_written for job in jobs] == [True, False, True]
    assert [len(call["AlarmNames"]) for call in aws.named("DeleteAlarms")] == [3, 1, 1, 1]


def test_a_plan_that_fails_at_its_first_step_has_written_nothing() -> None:
    (job,) = run(FakeAws(CreateModel=client_error("AccessDeniedException", "no")), plan(step("CreateModel")))
    assert not job.has_written


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("DeleteModel", missing("model")),
        ("DeleteEndpoint", missing("endpoint")),
        ("DeleteEndpointConfig", missing("endpoint configuration")),
        ("DeleteAlarms", client_error("ResourceNotFound", "")),
        ("DeleteScalingPolicy", client_error("ObjectNotFoundException", "No scaling policy found")),
        ("DeregisterScalableTarget", client_error("ObjectNotFoundException", "No scalable target")),
    ],
)
def test_to_delete_what_is_gone_already_is_fine(operation: str, refusal: Exception) -> None:
    aws = FakeAws(**{operation: refusal})
    (job,) = run(aws, plan(step(operation), step("AddTags")))
    assert job.error is None
    assert len(aws.calls) == 2


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        ("DeleteModel", client_error("AccessDeniedException", "no")),
        ("DeleteTags", client_error("ValidationException", 'Could not find model "arn".')),
    ],
)
def test_every_other_refusal_of_a_deletion_fails(operation: str, refusal: Exception) -> None:
    (job,) = run(FakeAws(**{operation: refusal}), plan(step(operation)))
    assert str(job.error).startswith(operation)


def test_a_wait_holds_back_what_comes_after_it(clock: FakeClock) -> None:
    aws = FakeAws(DescribeEndpoint=in_service_after(clock, rt=100))
    wait = Wait("rt", Until.IN_SERVICE, "rt-config")
    (job,) = run(aws, plan(step("UpdateEndpoint"), wait, step("DeleteEndpointConfig"), wait))
    assert (job.error, list(job.left)) == (None, [])
    operations = [operation for operation, _parameters in aws.calls]
    assert operations[0] == "UpdateEndpoint"
    assert operations[-2:] == ["DeleteEndpointConfig", "DescribeEndpoint"]
    assert set(operations[1:-2]) == {"DescribeEndpoint"}
    assert 100 <= sum(clock.sleeps) < 120


def test_without_waiting_a_plan_goes_as_far_as_its_first_wait(clock: FakeClock) -> None:
    aws = FakeAws()
    wait = Wait("rt", Until.IN_SERVICE)
    plans = [plan(step("UpdateEndpoint"), wait, step("AddTags")), plan(wait, step("AddTags"))]
    jobs = apply(aws.api(parallelism=1), plans)
    assert [operation for operation, _parameters in aws.calls] == ["UpdateEndpoint"]
    assert [(job.error, job.has_written, job.awaited) for job in jobs] == [(None, True, wait), (None, False, wait)]
    assert clock.sleeps == []


def test_the_length_of_a_joint_wait_is_that_of_the_slowest(clock: FakeClock) -> None:
    aws = FakeAws(DescribeEndpoint=in_service_after(clock, a=50, b=300, c=200))
    jobs = run(aws, *(plan(step("CreateEndpoint"), Wait(name, Until.IN_SERVICE)) for name in "abc"))
    assert [job.error for job in jobs] == [None] * 3
    assert 300 <= sum(clock.sleeps) <= 316


def test_who_arrives_early_goes_on_early(clock: FakeClock) -> None:
    aws = FakeAws(DescribeEndpoint=in_service_after(clock, a=10, b=300))
    seen: list[float] = []

    def delete(**parameters: str) -> Options:
        seen.append(clock.now - 1000)
        return {}

    aws = FakeAws(DescribeEndpoint=in_service_after(clock, a=10, b=300), DeleteEndpointConfig=delete)
    run(aws, *(plan(Wait(name, Until.IN_SERVICE), step("DeleteEndpointConfig")) for name in "ab"))
    assert seen[0] < 15
    assert seen[1] >= 300


def test_many_are_polled_together_with_lists(clock: FakeClock) -> None:
    names = [f"e{number}" for number in range(20)]
    describe = in_service_after(clock, **dict.fromkeys(names, 100.0))

    def list_endpoints(**parameters: t.Any) -> Options:
        return {"Endpoints": [describe(EndpointName=name) for name in names]}

    aws = FakeAws(ListEndpoints=list_endpoints, DescribeEndpoint=describe)
    jobs = run(aws, *(plan(Wait(name, Until.IN_SERVICE, f"{name}-config")) for name in names))
    assert [job.error for job in jobs] == [None] * 20
    # While the first plans come to their wait, up to three are described one by one, and every newcomer brings a look.
    assert 20 <= len(aws.named("DescribeEndpoint")) <= 26
    assert len(clock.sleeps) <= len(aws.named("ListEndpoints")) + 3
    assert len(aws.named("ListEndpoints")) <= len(clock.sleeps) + 20


def test_who_may_not_list_is_polled_one_by_one(clock: FakeClock) -> None:
    names = [f"e{number}" for number in range(5)]
    describe: Answer = in_service_after(clock, **dict.fromkeys(names, 10.0))
    aws = FakeAws(ListEndpoints=client_error("AccessDeniedException", "no"), DescribeEndpoint=describe)
    jobs = run(aws, *(plan(Wait(name, Until.IN_SERVICE)) for name in names))
    assert [job.error for job in jobs] == [None] * 5


def test_a_wait_that_is_too_long_says_that_it_goes_on_by_itself(clock: FakeClock) -> None:
    aws = FakeAws(DescribeEndpoint=in_service_after(clock, rt=10_000, quick=10))
    waits = (plan(Wait("rt", Until.IN_SERVICE), step("AddTags")), plan(Wait("quick", Until.IN_SERVICE)))
    late, quick = run(aws, *waits, timeout=60)
    assert late.error == (
        "timed out (wait_timeout) before it was in service; the change continues in AWS; run again to keep waiting"
    )
    assert quick.error is None
    assert aws.named("AddTags") == []
    assert 60 <= sum(clock.sleeps) <= 75


def test_pauses_that_were_asked_for_do_not_count_against_the_time_limit(clock: FakeClock) -> None:
    aws = FakeAws(DescribeEndpoint=in_service_after(clock, rt=300))
    (job,) = run(aws, plan(Wait("rt", Until.IN_SERVICE, baking_seconds=600)), timeout=60)
    assert job.error is None


def test_an_arrival_at_the_last_look_counts(clock: FakeClock) -> None:
    aws = FakeAws(DescribeEndpoint=in_service_after(clock, rt=61))
    (job,) = run(aws, plan(Wait("rt", Until.IN_SERVICE)), timeout=60)
    assert job.error is None


def test_a_failed_rollout_fails_its_plan_alone(clock: FakeClock) -> None:
    fine = in_service_after(clock, good=100, bad=50)

    def describe(**parameters: str) -> Options:
        found = fine(**parameters)
        is_failed = found["EndpointName"] == "bad" and found["EndpointStatus"] == "InService"
        return found | {"EndpointConfigName": "old"} if is_failed else found

    aws = FakeAws(DescribeEndpoint=describe)
    waits = (Wait(name, Until.IN_SERVICE, f"{name}-config") for name in ("good", "bad"))
    good, bad = run(aws, *(plan(step("UpdateEndpoint"), wait, step("DeleteEndpointConfig")) for wait in waits))
    assert good.error is None
    assert "rolled back" in str(bad.error)
    assert len(aws.named("DeleteEndpointConfig")) == 1


def test_a_refusal_while_waiting_fails_its_plan_alone(clock: FakeClock) -> None:
    fine = in_service_after(clock, good=10)

    def describe(**parameters: str) -> Options:
        if parameters["EndpointName"] == "bad":
            raise client_error("AccessDeniedException", "no")
        return fine(**parameters)

    waits = (plan(Wait(name, Until.IN_SERVICE)) for name in ("good", "bad"))
    good, bad = run(FakeAws(DescribeEndpoint=describe), *waits)
    assert (good.error, bad.error) == (None, "DescribeEndpoint: AccessDeniedException: no")


def test_replacing_waits_until_the_old_one_is_gone() -> None:
    deleting = {"EndpointName": "rt", "EndpointArn": arn("endpoint", "rt"), "EndpointStatus": "Deleting"}
    created = {**deleting, "EndpointStatus": "InService", "EndpointConfigName": "new"}
    aws = FakeAws(DescribeEndpoint=[deleting, deleting, missing("endpoint"), missing("endpoint"), created])
    steps = (
        step("DeleteEndpoint"),
        Wait("rt", Until.GONE),
        step("CreateEndpoint"),
        Wait("rt", Until.IN_SERVICE, "new"),
    )
    (job,) = run(aws, plan(*steps))
    assert job.error is None
    operations = [operation for operation, _parameters in aws.calls if operation != "DescribeEndpoint"]
    assert operations == ["DeleteEndpoint", "CreateEndpoint"]
    assert [operation for operation, _parameters in aws.calls].index("CreateEndpoint") == 4


def test_our_own_mistakes_are_not_hidden() -> None:
    aws = FakeAws(CreateModel=KeyError("a mistake"))
    with pytest.raises(KeyError):
        run(aws, plan(step("CreateModel")))


def test_the_shortest_slice_has_time_for_a_look(clock: FakeClock) -> None:
    """Reading a large fleet may have taken longer than the slice; it would never end otherwise."""
    aws = FakeAws(DescribeEndpoint=in_service_after(clock, a=0, b=100), AddTags={})
    (a, b) = run(
        aws,
        plan(Wait("a", Until.IN_SERVICE), step("AddTags", ResourceArn="a")),
        plan(Wait("b", Until.IN_SERVICE)),
        slice_seconds=-5,
    )
    assert (list(a.left), a.has_written, a.error) == ([], True, None)
    assert (len(b.left), b.error) == (1, None)


def test_a_wait_goes_on_where_an_earlier_slice_left_it(clock: FakeClock) -> None:
    aws = FakeAws(DescribeEndpoint=missing("endpoint"))
    waits = [Wait("a", Until.IN_SERVICE, waited_seconds=seconds) for seconds in (0, 60)]
    new, old = [run(aws, plan(wait), slice_seconds=1)[0] for wait in waits]
    assert (new.error, old.error) == (None, "the endpoint was deleted")
    assert new.waited_seconds >= 1
