# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms that call step policies and are declared with them.

Such an alarm has the name of its policy and calls it by its ARN, which is another one whenever the policy is made
again. In requests that are compared, one word stands for this ARN.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._aws import cloudwatch
from .._aws.client import Api, CallFailed
from .._engine.canonical import Request, without
from .._engine.diff import Difference
from .._engine.plan import Output, Plan, Step
from .._engine.requests import Options, options_of
from ..problems import InvalidInput, Problem, join
from . import alarm
from .alarm import AlarmKind, DesiredAlarm, LiveAlarm
from .names import taken_apart, variant_of
from .policies import DELETE, PUT, is_with_steps
from .scaling_state import LiveScaling

ITS_POLICY = "its scaling policy"
ALARM = "Alarm"
"""In which member of a compared policy its alarm is."""

_CALLED = "AlarmActions"
_NOT_MADE_YET = Output(PUT, "PolicyARN")
_SCALING_POLICY = re.compile(r"arn:[^:]*:autoscaling:.*:policyName/(?P<name>.+)")
_TAGGING = ("TagResource", "UntagResource")


class AlarmChanges(t.NamedTuple):
    """The changes of the alarms of one target, by the names of their policies."""

    differences: tuple[Difference, ...]
    puts: dict[str, Step]
    tagging: tuple[Step, ...]
    notes: tuple[str, ...]


def desired_alarms(
    kind: AlarmKind,
    policies: t.Sequence[Options],
    more: Options,
    is_for_deletion: bool,
    problems: list[Problem],
) -> dict[str, DesiredAlarm]:
    """The alarms that are declared with policies, by name; what is wrong with them is added to *problems*.

    *more* are options of the target that they have in common.
    """
    found: dict[str, DesiredAlarm] = {}
    for index, policy in enumerate(policies):
        if policy.get("alarm") is None:
            continue
        path, name = f"policies[{index}].alarm", policy["policy_name"]
        given = {**policy["alarm"], **more, "alarm_name": name}
        given["alarm_actions"] = [*(given.get("alarm_actions") or ()), ITS_POLICY]
        if policy.get("policy_type") != "StepScaling":
            problems.append(Problem(path, "not allowed: an alarm can call only a policy of the type StepScaling"))
        try:
            found[name] = kind.desired(given, is_for_deletion)
        except InvalidInput as error:
            problems += [Problem(join(path, problem.path), problem.message) for problem in error.problems]
    return found


def read(
    kind: AlarmKind, api: Api, declared: t.Iterable[DesiredAlarm], to_delete: t.Iterable[str]
) -> dict[str, LiveAlarm | CallFailed]:
    """The alarms by name; those that may be deleted are read with the composite alarms that depend on them."""
    staying = {each.name: each for each in declared}
    going = {name: kind.desired({"alarm_name": name}, True) for name in to_delete if name not in staying}
    found: dict[str, LiveAlarm | CallFailed] = {}
    for wanted, is_for_deletion in ((staying, False), (going, True)):
        if wanted:
            found |= zip(wanted, kind.read(api, list(wanted.values()), is_for_deletion), strict=True)
    return found


def comparable(name: str, live: LiveScaling) -> LiveAlarm:
    """The alarm of a policy, with the word for the ARN of the policy if it calls that.

    Of a policy that only will be there the ARN is not known; whoever puts it back points the alarm to it.
    """
    found = live.alarms.get(name, LiveAlarm())
    if not found.exists:
        return found
    actions = [ITS_POLICY if _is_its_policy(each, name, live) else each for each in found.request.get(_CALLED, ())]
    return dataclasses.replace(found, request=found.request | {_CALLED: actions})


def _is_its_policy(action: str, name: str, live: LiveScaling) -> bool:
    if name in live.policies and name not in live.policy_arns:
        return is_policy_named(action, name)
    return action == live.policy_arns.get(name)


def is_policy_named(action: str, name: str) -> bool:
    """Whether the action is the current or a former ARN of a scaling policy of this name."""
    match = _SCALING_POLICY.fullmatch(action)
    return match is not None and match["name"] == name


def is_caller(name: str, request: Request) -> bool:
    """Whether an alarm calls the policy of its own name, or did."""
    return any(each == ITS_POLICY or is_policy_named(each, name) for each in request.get(_CALLED, ()))


def changes(
    kind: AlarmKind,
    desired: t.Mapping[str, DesiredAlarm],
    live: LiveScaling,
    made_again: t.Collection[str],
    of_tags: t.Collection[Difference],
) -> AlarmChanges:
    """Policies that are *made_again* get another ARN; changes *of_tags* of the target are not shown again.

    Raises Refused.
    """
    found: list[Difference] = []
    puts: dict[str, Step] = {}
    tagging: list[Step] = []
    notes: list[str] = []
    for name, wanted in desired.items():
        seen = _without_policy(live, name) if name in made_again else live
        before = comparable(name, seen)
        plan = kind.plan(wanted, before)
        found += [
            dataclasses.replace(item, path=("policies", name, "alarm", *item.path))
            for item in plan.differences
            if item not in of_tags
        ]
        arn = seen.policy_arns.get(name, _NOT_MADE_YET)
        for step in plan.calls:
            if step.operation in _TAGGING:
                tagging.append(step)
            else:
                puts[name] = _put(step, arn, name)
        if before.exists and not (before.request | wanted.request).get("ActionsEnabled", True):
            notes.append(f'the alarm "{name}" has its actions disabled, so nothing calls its policy')
    return AlarmChanges(tuple(found), puts, tuple(tagging), tuple(notes))


def _without_policy(live: LiveScaling, name: str) -> LiveScaling:
    arns, policies = without((name,), live.policy_arns), without((name,), live.policies)
    return dataclasses.replace(live, policy_arns=arns, policies=policies)


def _put(step: Step, arn: str | Output, name: str) -> Step:
    called = [arn if each == ITS_POLICY else each for each in step.parameters[_CALLED]]
    otherwise = f'scaling policy "{name}" has no alarm, because creating it failed; the next run tries again'
    return dataclasses.replace(step, parameters={**step.parameters, _CALLED: called}, otherwise=otherwise)


def deletions(kind: AlarmKind, to_delete: t.Iterable[str], live: LiveScaling) -> list[Plan]:
    """The plans that delete the alarms of these policies, where they call them; raises Refused."""
    plans = []
    for name in to_delete:
        found = comparable(name, live)
        if calls_its_policy(found.request):
            plan = kind.plan_absent(kind.desired({"alarm_name": name}, True), found)
            plans += [plan] if plan.steps else []
    return plans


def in_order(steps: t.Sequence[Step], puts: t.Mapping[str, Step], gone: t.Mapping[str, Step]) -> tuple[Step, ...]:
    """The steps of policies with those of their alarms: an alarm is put after its policy, and goes before it does.

    Where its policy becomes another one, it goes last, for until then the policy may come back.
    """
    puts, gone = dict(puts), dict(gone)
    found: list[Step] = []
    again = {step.parameters["PolicyName"] for step in steps if step.operation == PUT}
    for step in steps:
        name = step.parameters["PolicyName"]
        if step.operation == DELETE and name in gone and name not in again:
            found.append(gone.pop(name))
        found.append(step)
        if step.operation == PUT and name in puts:
            found.append(puts.pop(name))
    return (*found, *puts.values(), *gone.values())


def with_calls_restored(step: Step, live: LiveScaling) -> Step:
    """The step, where what is done if AWS refuses it also makes alarms call the policies that it puts back."""
    if step.recovery is None:
        return step
    undo = tuple(each for undone in step.recovery.steps for each in (undone, *_called_again(undone, live)))
    return dataclasses.replace(step, recovery=dataclasses.replace(step.recovery, steps=undo))


def _called_again(step: Step, live: LiveScaling) -> t.Iterator[Step]:
    found = comparable(step.parameters["PolicyName"], live)
    if step.operation == PUT and calls_its_policy(found.request):
        called = [_NOT_MADE_YET if each == ITS_POLICY else each for each in found.request[_CALLED]]
        reason = "the scaling policy that it calls has a new ARN"
        yield Step(cloudwatch.SERVICE, alarm.PUT, found.request | {_CALLED: called}, reason)


def with_alarm(policy: Request, its_alarm: LiveAlarm | DesiredAlarm | None) -> Request:
    """A policy as it is shown, with the alarm that calls it."""
    return policy | ({ALARM: its_alarm.request} if its_alarm and its_alarm.request else {})


def calls_its_policy(request: Request) -> bool:
    return ITS_POLICY in request.get(_CALLED, ())


def without_its_policy(request: Request) -> Request:
    """The alarm without the call of the scaling policy of its name."""
    called = [each for each in request.get(_CALLED, ()) if each != ITS_POLICY]
    return without((_CALLED,), request) | ({_CALLED: called} if called else {})


def options(request: Request) -> Options:
    """The alarm in the options of a module, without what follows from its policy."""
    return options_of(cloudwatch.SERVICE, alarm.PUT, without(("AlarmName",), without_its_policy(request)))


def named(targets: t.Iterable[Options]) -> list[Options]:
    """The options that name the alarms declared with policies of these targets."""
    policies = (policy for target in targets for policy in target.get("policies") or ())
    return [{"alarm_name": policy["policy_name"]} for policy in policies if policy.get("alarm") is not None]


def may_leave(live: LiveScaling, desired: t.Container[str]) -> list[str]:
    """The policies whose alarm may have been declared with them and is no longer in *desired*."""
    own = variant_of(live.name) if live.exists else None
    return [
        name
        for name, policy in live.policies.items()
        if is_with_steps(policy) and name not in desired and (its := taken_apart(name)) and its.of == own
    ]
