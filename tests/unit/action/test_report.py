# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.diff import Difference
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Effect, Plan, as_data
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.results import ModuleResult
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.plan_document import Context, document_of
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.report import report_of
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import path_of, resource_of

REDEPLOY = Plan(
    resource_of("endpoint rt"),
    Effect.REDEPLOY,
    differences=(
        Difference(path_of("instance_type"), "ml.m5.large", "ml.m5.xlarge"),
        Difference(path_of("kms_key_id"), "k", None),
    ),
    notes=("+1 ml.m5.xlarge while both fleets run",),
)
CREATE = Plan(
    resource_of("model m"),
    Effect.CREATE,
    differences=tuple(Difference(path_of(f"option_{number}"), None, number) for number in range(7)),
)
DELETE = Plan(
    resource_of("endpoint configuration rt-01234567"),
    Effect.DELETE,
    differences=(Difference(path_of("x"), 1, None),),
    notes=("old",),
)
ENDPOINT = {"name": "rt", "endpoint_arn": "arn", "endpoint_status": "InService", "changed": True}


def report(*plans: Plan, check_mode: bool = False, **expected: t.Any) -> t.Any:
    return reported(ModuleResult.from_data(expected).replaced(plans=list(plans)), check_mode)


def reported(result: ModuleResult, check_mode: bool) -> t.Any:
    return report_of(result, document_of(result, Context("web", "search_2", check_mode, 75.0)))


def test_a_table_tells_what_changes_the_gravest_first() -> None:
    result = report(CREATE, REDEPLOY, DELETE, changed=True)
    assert result["summary"] == (
        "**Applied to web (deployment search\\_2) in 1 min 15 s: 1 created, 1 redeployed, 1 deleted**\n"
        "\n"
        "| Action | Kind | Name | What changes |\n"
        "|---|---|---|---|\n"
        "| delete | endpoint configuration | `rt-01234567` | `old` |\n"
        "| redeploy | endpoint | `rt` | `+1 ml.m5.xlarge while both fleets run`; "
        "`instance_type`: `ml.m5.large` → `ml.m5.xlarge`; `kms_key_id`: `k` → removed |\n"
        "| create | model | `m` | `option_0`: `0`; `option_1`: `1`; `option_2`: `2`; `option_3`: `3`; `option_4`: `4`; "
        "and 2 more |"
    )
    assert result["changes"] == [
        "endpoint configuration rt-01234567 (delete; old)",
        "endpoint rt (redeploy; +1 ml.m5.xlarge while both fleets run)",
        "model m (create)",
    ]


def test_a_plan_is_reported_as_one() -> None:
    assert report(CREATE, check_mode=True)["summary"].startswith(
        "**Plan for web (deployment search\\_2): 1 to create**\n"
    )


def test_nothing_to_do_is_a_line() -> None:
    result = report(changed=False, endpoints=[ENDPOINT])
    assert result["summary"] == "**Applied to web (deployment search\\_2) in 1 min 15 s: nothing to change**"
    assert (result["changed"], result["failed"], result["changes"]) == (False, False, [])


def test_endpoints_that_are_there_are_reported_by_name() -> None:
    links = {"log_group": "/logs/rt", "invocation_url": "https://rt"}
    planned = {"name": "new", "endpoint_arn": None, "endpoint_status": None}
    result = report(endpoints=[ENDPOINT | links, planned, {"name": "deleted", "effect": "delete"}])
    assert result["endpoints"] == {"rt": {"name": "rt", "arn": "arn", "status": "InService", **links}}


@pytest.mark.parametrize(
    ("result", "lines"),
    [
        ({"errors": ["rt: no | capacity", "m: x"], "msg": "2 failed"}, "- `rt: no \\| capacity`\n- `m: x`"),
        ({"msg": "The inventory has two problems:\n- a\n- b"}, "- `The inventory has two problems:`\n- `a`\n- `b`"),
        ({}, "- `no reason is known`"),
    ],
)
def test_failures_come_first(result: dict[str, t.Any], lines: str) -> None:
    found = report(failed=True, **result)
    assert found["failed"] is True
    head = "**Applied to web (deployment search\\_2) in 1 min 15 s: failed"
    assert found["summary"] == f"{head}**\n\n{lines}"
    assert report(REDEPLOY, failed=True, **result)["summary"].startswith(f"{head}, 1 redeployed**\n\n{lines}\n\n| ")


def test_a_change_that_failed_says_so() -> None:
    plan = dataclasses.replace(REDEPLOY, error="rolled back")
    assert "| failed to redeploy | endpoint | `rt` | " in report(plan, failed=True, msg="rt: rolled back")["summary"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("<script> *a* [b](c) & \\", "`<script> *a* [b](c) & \\`"),
        ("a|b", "`a\\|b`"),
        ("a\\|b", "`a\\\\\\|b`"),
        ("tick ` and ``", "``` tick ` and `` ```"),
        ("two\nlines\r\n\n# three", "`two lines # three`"),
        ("", "` `"),
        ("x" * 90, f"`{'x' * 79}…`"),
        (["a", "b"], "`a, b`"),
        (False, "`false`"),
    ],
)
def test_nothing_that_users_name_is_taken_for_markdown(value: t.Any, cell: str) -> None:
    result = report(
        Plan(resource_of("model m"), Effect.TAGS, differences=(Difference(path_of("tags.a"), None, value),))
    )
    assert result["summary"].splitlines()[-1] == f"| in place | model | `m` | `tags.a`: {cell} |"


def test_secrets_are_hidden() -> None:
    plan = Plan(
        resource_of("model m"),
        Effect.CREATE,
        differences=(Difference(path_of("environment.TOKEN"), "old", "hush", is_secret=True),),
    )
    message = str(report(plan))
    assert "hush" not in message
    assert "old" not in message


def test_a_table_has_an_end() -> None:
    rows = report(*[CREATE] * 130, DELETE)["summary"].splitlines()
    assert rows[0].endswith(": 130 created, 1 deleted**")
    assert rows[4].startswith("| delete |")
    assert len([row for row in rows if row.startswith("| create")]) == 99
    assert rows[-1] == "and 31 more, which the output of the run shows"


def test_the_slices_of_a_wait_make_one_report() -> None:
    created = ENDPOINT | {"endpoint_arn": None, "endpoint_status": None, "effect": "create"}
    first = {"changed": True, "plans": [as_data(CREATE)], "endpoints": [created]}
    second = {"changed": False, "plans": [as_data(REDEPLOY)], "endpoints": [ENDPOINT | {"effect": "no change"}]}
    whole = ModuleResult.from_data(first).merged_with(ModuleResult.from_data(second))
    result = reported(whole, check_mode=False)
    assert result["changed"] is True
    assert [line.partition(" (")[0] for line in result["changes"]] == ["endpoint rt", "model m"]
    assert result["endpoints"]["rt"]["status"] == "InService"
