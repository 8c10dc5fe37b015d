# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last words of a run, its document and its digest, and what makes a plan another one."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect, Plan, ResourceId
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import (
    ModuleResult,
    ResourceResult,
)
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils import plan_files
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_document import Context, document_of
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_files import NoPlan
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.summary import summary_of

TYPE = Difference(("endpoints", "rt", "instance_type"), "ml.m5.large", "ml.c5.large")
OTHER_TYPE = Difference(("endpoints", "rt", "instance_type"), "ml.m5.large", "ml.c5.xlarge")
MODEL = Plan(ResourceId("model", "m"), Effect.CREATE)
ALARM = Plan(ResourceId("alarm", "rt/v/errors"), Effect.DELETE)
TARGET = Plan(ResourceId("scaling", "endpoint/rt/variant/v"), Effect.IN_PLACE)
REDEPLOY = Plan(
    ResourceId("endpoint", "rt"),
    Effect.REDEPLOY_SCALED,
    differences=(TYPE,),
    notes=("+2 ml.c5.large while both fleets run",),
)
OLD = Plan(ResourceId("endpoint configuration", "rt-01234567"), Effect.DELETE)
NEW = Plan(ResourceId("endpoint", "new"), Effect.CREATE)
FACTS = {"endpoint_arn": "arn", "endpoint_status": "InService", "invocation_url": "https://runtime/new"}
ENDPOINTS = [ResourceResult(name="rt"), ResourceResult(name="new", facts=FACTS)]


def document(*plans: Plan, check_mode: bool = True, state: str = "present", **more: t.Any) -> dict[str, t.Any]:
    result = ModuleResult(plans=list(plans), resources={"endpoints": ENDPOINTS}, **more)
    return document_of(result, Context("web", "search", check_mode, 75.0, state))


def lines(*plans: Plan, **more: t.Any) -> list[str]:
    return [line.text for line in summary_of(document(*plans, **more))]


def test_a_plan_is_summed_up_and_grouped_by_endpoint_the_gravest_first() -> None:
    assert lines(MODEL, TARGET, REDEPLOY, ALARM, NEW, OLD) == [
        "Plan for web (deployment search): 2 to create, 1 to redeploy (+2 ml.c5.large while both fleets run), "
        "1 in place, 2 to delete",
        "  endpoint rt",
        "    delete           alarm rt/v/errors",
        "    delete           endpoint configuration rt-01234567",
        "    redeploy         endpoint rt (+2 ml.c5.large while both fleets run)",
        "    in place         scaling endpoint/rt/variant/v",
        "  create           endpoint new",
        "  create           model m",
    ]


def test_nothing_to_do_is_one_line() -> None:
    assert lines() == ["Plan for web (deployment search): nothing to change"]
    assert lines(check_mode=False) == ["Applied to web (deployment search) in 1 min 15 s: nothing to change"]


@pytest.mark.parametrize(
    ("state", "planned", "done"),
    [("absent", "Destroy plan for", "Destroyed on"), ("rolled_back", "Rollback plan for", "Rolled back on")],
)
def test_the_first_word_is_what_the_run_is_for(state: str, planned: str, done: str) -> None:
    assert lines(MODEL, state=state)[0] == f"{planned} web (deployment search): 1 to create"
    assert lines(MODEL, state=state, check_mode=False)[0].startswith(f"{done} web (deployment search) in 1 min 15 s: ")


def test_an_apply_tells_what_was_done_and_where_what_is_new_is_invoked() -> None:
    assert lines(NEW, check_mode=False) == [
        "Applied to web (deployment search) in 1 min 15 s: 1 created",
        "  create           endpoint new",
        "  new: https://runtime/new",
    ]


def failed(plan: Plan, error: str) -> Plan:
    return dataclasses.replace(plan, error=error)


def test_what_failed_is_not_counted_as_done_and_its_reason_is_left_to_the_message() -> None:
    refused = Plan(ResourceId("endpoint", "held"), Effect.NONE, error="skipped: model m failed")
    plans = [failed(REDEPLOY, "rolled back: no capacity; run again to retry"), NEW, failed(OLD, "denied"), refused]
    assert lines(*plans, check_mode=False, failed=True, errors=["rt: ...", "held: ..."]) == [
        "Applied to web (deployment search) in 1 min 15 s: 3 failed, 1 created",
        "  failed           endpoint held",
        "  endpoint rt",
        "    failed           to delete endpoint configuration rt-01234567",
        "    failed           to redeploy endpoint rt",
        "  create           endpoint new",
        "  new: https://runtime/new",
    ]


def test_what_failed_is_data() -> None:
    found = document(failed(REDEPLOY, "no capacity"), MODEL, failed=True, errors=["rt: no capacity"])
    assert [(each["name"], each["failed"], each["error"]) for each in found["changes"]] == [
        ("rt", True, "no capacity"),
        ("m", False, None),
    ]
    assert found["failures"] == [
        {"kind": "endpoint", "name": "rt", "endpoint": "rt", "path": None, "error": "no capacity"}
    ]
    assert found["digest"] == document(REDEPLOY, MODEL)["digest"]


def test_a_failure_while_waiting_belongs_to_the_plan_of_the_call_before() -> None:
    begun = ModuleResult(plans=[REDEPLOY, MODEL], resources={"endpoints": ENDPOINTS})
    waited = ModuleResult(plans=[Plan(REDEPLOY.resource, Effect.NONE, error="no capacity"), ALARM], failed=True)
    whole = ModuleResult.from_data(begun.as_data()).merged_with(ModuleResult.from_data(waited.as_data()))
    assert [(plan.resource.kind, plan.effect, plan.error) for plan in whole.plans or ()] == [
        ("endpoint", Effect.REDEPLOY_SCALED, "no capacity"),
        ("model", Effect.CREATE, None),
        ("alarm", Effect.DELETE, None),
    ]


def test_an_alarm_that_is_not_named_after_an_endpoint_belongs_to_none() -> None:
    alone = Plan(ResourceId("alarm", "alone"), Effect.CREATE)
    assert lines(alone, MODEL) == [
        "Plan for web (deployment search): 2 to create",
        "  alarms and models",
        "    create           alarm alone",
        "    create           model m",
    ]


def test_a_failure_before_any_plan_is_reported_in_the_sum() -> None:
    assert lines(failed=True, message="no region") == ["Plan for web (deployment search): failed"]


def test_what_is_undeclared_is_listed_without_a_change() -> None:
    now = datetime.datetime.now(datetime.UTC)
    undeclared = [
        {"name": "old", "status": "InService", "instances": "2 ml.m5.large", "created": ago(now, days=40, hours=1)},
        {"name": "new", "status": "Creating", "instances": "serverless", "created": ago(now, hours=1)},
        {"name": "gone", "status": "Deleting", "instances": "", "created": None},
    ]
    assert lines(extra={"undeclared": undeclared}) == [
        "Plan for web (deployment search): nothing to change; 3 endpoints undeclared",
        "  undeclared: endpoint old (InService, 2 ml.m5.large, 40 days old)",
        "  undeclared: endpoint new (Creating, serverless, less than a day old)",
        "  undeclared: endpoint gone (Deleting)",
    ]


def ago(now: datetime.datetime, **span: float) -> str:
    return (now - datetime.timedelta(**span)).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("plans", "more", "outcome"),
    [((), {}, "none"), ((MODEL,), {}, "changes"), ((MODEL,), {"failed": True, "message": "no"}, "failed")],
)
def test_the_outcome_is_what_pipelines_branch_on(plans: tuple[Plan, ...], more: dict[str, t.Any], outcome: str) -> None:
    assert document(*plans, **more)["outcome"] == outcome


def test_the_digest_is_that_of_the_changes_in_any_order() -> None:
    assert document(MODEL, REDEPLOY)["digest"] == document(REDEPLOY, MODEL, check_mode=False)["digest"]
    assert document(MODEL)["digest"] != document(MODEL, REDEPLOY)["digest"]


def test_a_written_plan_is_read_again(tmp_path: Path) -> None:
    made = document(MODEL, REDEPLOY)
    file = tmp_path / "deep" / "plan.json"
    written = plan_files.write(str(file), ["json", "markdown"], made, "| a |")
    assert written == [str(file), str(file.with_suffix(".md"))]
    assert [each.name for each in file.parent.iterdir()] == ["plan.json", "plan.md"] or len(written) == 2
    plan_files.refuse_other(plan_files.approved(str(file)), document(REDEPLOY, MODEL))
    plan_files.refuse_other(plan_files.approved(made["digest"]), made)


REDEPLOYED_OTHERWISE = Plan(REDEPLOY.resource, Effect.REDEPLOY_SCALED, differences=(OTHER_TYPE,), notes=REDEPLOY.notes)
REPLACED = Plan(REDEPLOY.resource, Effect.REPLACE)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ((MODEL, REDEPLOY, ALARM), "delete alarm rt/v/errors is not in the approved plan"),
        ((REDEPLOY,), "create model m is in the approved plan, but no longer needed"),
        (
            (MODEL, REPLACED),
            "redeploy endpoint rt is in the approved plan, but the action would now be replace (outage)",
        ),
        (
            (MODEL, REDEPLOYED_OTHERWISE),
            "redeploy endpoint rt: endpoints.rt.instance_type is ml.m5.large → ml.c5.xlarge instead of "
            "ml.m5.large → ml.c5.large",
        ),
    ],
)
def test_another_plan_is_refused_with_the_difference(now: tuple[Plan, ...], words: str) -> None:
    with pytest.raises(NoPlan, match="nothing was changed") as refused:
        plan_files.refuse_other(document(MODEL, REDEPLOY), document(*now))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not a plan file: "),
        ("[]", "is not a plan in format 1"),
        ('{"format_version": 2}', "is not a plan in format 1"),
        (
            json.dumps({"format_version": 1, "outcome": "failed", "errors": ["x"]}),
            "is the plan of a run that failed: x",
        ),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)
    with pytest.raises(NoPlan) as refused:
        plan_files.approved(str(file))
    assert words in str(refused.value)


def test_a_plan_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoPlan, match="cannot be read"):
        plan_files.approved("/nowhere/plan.json")
