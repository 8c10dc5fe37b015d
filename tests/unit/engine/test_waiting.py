# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Until, Wait
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.waits import (
    Listed,
    RolloutFailed,
    has_arrived,
    listed,
    look_at,
    poll_interval,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    Answer,
    FakeAws,
    Options,
    arn,
    client_error,
    listed_endpoint,
    missing,
)
from hypothesis import given
from hypothesis import strategies as st

TRANSITIONAL = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")
STUCK = ("OutOfService", "Failed", "UpdateRollbackFailed")
SECONDS = st.floats(0, 1e6)
ON_ITS_WAY, ARRIVED, LOST = "on its way", "arrived", "lost"


def endpoint(status: str, config_name: str = "new", **members: object) -> Options:
    return {
        "EndpointName": "rt",
        "EndpointArn": arn("endpoint", "rt"),
        "EndpointStatus": status,
        "EndpointConfigName": config_name,
        **members,
    }


def outcome(wait: Wait, description: Options | None, waited_seconds: float = 60) -> str:
    try:
        return ARRIVED if has_arrived(wait, description, waited_seconds) else ON_ITS_WAY
    except RolloutFailed:
        return LOST


VERDICTS: list[tuple[Until, tuple[str, ...], str]] = [
    (Until.IN_SERVICE, ("InService",), ARRIVED),
    (Until.IN_SERVICE, TRANSITIONAL, ON_ITS_WAY),
    (Until.IN_SERVICE, STUCK, LOST),
    (Until.STABLE, ("InService", *STUCK), ARRIVED),
    (Until.STABLE, TRANSITIONAL, ON_ITS_WAY),
    (Until.GONE, ("InService", "OutOfService", "UpdateRollbackFailed", *TRANSITIONAL), ON_ITS_WAY),
    (Until.GONE, ("Failed",), LOST),
]
ROWS = [(until, status, expected) for until, statuses, expected in VERDICTS for status in statuses]


@pytest.mark.parametrize(("until", "status", "expected"), ROWS)
@pytest.mark.parametrize("config_name", [None, "new"])
def test_arrival_by_status(until: Until, status: str, expected: str, config_name: str | None) -> None:
    assert outcome(Wait("rt", until, config_name), endpoint(status)) == expected


@pytest.mark.parametrize(("until", "status", "expected"), ROWS)
def test_only_who_waits_for_service_cares_for_the_configuration(until: Until, status: str, expected: str) -> None:
    is_rolled_back = until is Until.IN_SERVICE and status == "InService"
    assert outcome(Wait("rt", until, "new"), endpoint(status, "old")) == (LOST if is_rolled_back else expected)


NOT_THERE = [
    (Until.GONE, 0.0, ARRIVED),
    (Until.STABLE, 0.0, ARRIVED),
    (Until.IN_SERVICE, 0.0, ON_ITS_WAY),
    (Until.IN_SERVICE, 30.0, ON_ITS_WAY),
    (Until.IN_SERVICE, 31.0, LOST),
]


@pytest.mark.parametrize(("until", "waited", "expected"), NOT_THERE)
def test_an_endpoint_that_is_not_there(until: Until, waited: float, expected: str) -> None:
    assert outcome(Wait("rt", until), None, waited) == expected


def test_a_failed_endpoint_may_look_failed_for_a_moment_after_its_deletion_began() -> None:
    assert outcome(Wait("rt", Until.GONE), endpoint("Failed"), 5) == ON_ITS_WAY


def failure(wait: Wait, description: Options, **answers: Answer) -> str:
    with pytest.raises(RolloutFailed) as caught:
        look_at(FakeAws(DescribeEndpoint=description, **answers).api(), wait, 60)
    return str(caught.value)


def test_a_failure_names_reason_variants_and_logs() -> None:
    variants = [
        {"VariantName": "a", "VariantStatus": [{"Status": "Creating"}, {"Status": "Baking"}]},
        {"VariantName": "b", "VariantStatus": []},
        {"VariantName": "c"},
    ]
    description = endpoint("Failed", FailureReason="no capacity", ProductionVariants=variants)
    text = failure(Wait("rt", Until.IN_SERVICE, "new"), description)
    assert text.startswith(
        "the endpoint is Failed: no capacity; the next run deletes it and creates it again; variant a: Creating, "
        "Baking; "
    )
    assert "variant b" not in text
    assert "/aws/sagemaker/Endpoints/rt" in text
    assert "region=us-east-1#/endpoints/rt" in text


def test_a_failure_in_china_leads_to_its_console() -> None:
    description = endpoint("Failed", EndpointArn="arn:aws-cn:sagemaker:cn-north-1:111122223333:endpoint/rt")
    text = failure(Wait("rt", Until.IN_SERVICE, "new"), description)
    assert text.endswith("; https://console.amazonaws.cn/sagemaker/home?region=cn-north-1#/endpoints/rt")


@pytest.mark.parametrize("reason", [None, ""])
def test_a_rolled_back_update_names_both_configurations_even_without_a_reason(reason: str | None) -> None:
    description = endpoint("InService", "old", **({} if reason is None else {"FailureReason": reason}))
    text = failure(Wait("rt", Until.IN_SERVICE, "new"), description)
    assert "the update to new failed and was rolled back to old: AWS gives no reason" in text


STATES = {"MetricAlarms": [{"AlarmName": "slow", "StateValue": "ALARM"}, {"AlarmName": "calm", "StateValue": "OK"}]}


def test_a_rolled_back_update_names_the_alarms_that_rang() -> None:
    wait = Wait("rt", Until.IN_SERVICE, "new", alarms=("slow", "calm"))
    text = failure(wait, endpoint("InService", "old"), DescribeAlarms=STATES)
    assert "in ALARM: slow;" in text
    assert "calm" not in text


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            client_error("AccessDenied", "no"),
            "; the states of the alarms could not be read: DescribeAlarms: AccessDenied: no;",
        ),
        ({"MetricAlarms": STATES["MetricAlarms"][1:]}, ""),
    ],
)
def test_alarms_that_tell_nothing_do_not_hide_the_failure(answer: Answer, message: str) -> None:
    wait = Wait("rt", Until.IN_SERVICE, "new", alarms=("calm",))
    text = failure(wait, endpoint("InService", "old"), DescribeAlarms=answer)
    assert "the update to new failed and was rolled back" in text
    assert message in text
    assert "in ALARM" not in text


VARIANT: Options = {"VariantName": "v", "CurrentWeight": 0.10000000149011612, "CurrentInstanceCount": 2}
SERVERLESS = {"MemorySizeInMB": 1024, "MaxConcurrency": 5, "ProvisionedConcurrency": 2}
TAKEN: list[tuple[str, Options, Options, str]] = [
    ("weight", VARIANT, {"DesiredWeight": 0.1}, ARRIVED),
    ("weight as AWS may shorten it", {**VARIANT, "CurrentWeight": 0.1}, {"DesiredWeight": 0.1}, ARRIVED),
    ("weight rolled back", VARIANT, {"DesiredWeight": 0.2}, LOST),
    ("count", VARIANT, {"DesiredInstanceCount": 2}, ARRIVED),
    ("count rolled back", VARIANT, {"DesiredInstanceCount": 3}, LOST),
    ("both, one rolled back", VARIANT, {"DesiredInstanceCount": 3, "DesiredWeight": 0.1}, LOST),
    (
        "concurrency",
        {"VariantName": "v", "CurrentServerlessConfig": SERVERLESS},
        {"ServerlessUpdateConfig": {"MaxConcurrency": 5}},
        ARRIVED,
    ),
    (
        "concurrency rolled back",
        {"VariantName": "v", "CurrentServerlessConfig": SERVERLESS},
        {"ServerlessUpdateConfig": {"MaxConcurrency": 5, "ProvisionedConcurrency": 3}},
        LOST,
    ),
    ("a variant that is gone", {"VariantName": "other"}, {"DesiredInstanceCount": 2}, LOST),
]


@pytest.mark.parametrize(("variant", "asked", "expected"), [row[1:] for row in TAKEN], ids=[row[0] for row in TAKEN])
@pytest.mark.parametrize("variants", ["ProductionVariants", "ShadowProductionVariants"])
def test_a_change_in_place_has_arrived_when_the_variant_has_taken_it(
    variants: str, variant: Options, asked: Options, expected: str
) -> None:
    wait = Wait("rt", Until.IN_SERVICE, variants=({"VariantName": "v", **asked},))
    assert outcome(wait, endpoint("InService") | {variants: [variant]}) == expected
    assert outcome(wait, endpoint("Updating") | {variants: [variant]}) == ON_ITS_WAY


def test_an_old_failure_is_not_a_failure_of_this_update() -> None:
    assert outcome(Wait("rt", Until.IN_SERVICE, "new"), endpoint("InService", FailureReason="of last week")) == ARRIVED


def test_a_failed_deletion_names_its_reason() -> None:
    assert "grant missing" in failure(Wait("rt", Until.GONE), endpoint("Failed", FailureReason="grant missing"))


@given(SECONDS, SECONDS)
def test_looks_are_ever_rarer_and_never_too_rare(one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert 0 < poll_interval(early) <= poll_interval(late) <= 15
    assert poll_interval(0) <= 1


def test_an_arrival_is_seen_with_one_description() -> None:
    aws = FakeAws(DescribeEndpoint=[endpoint("Creating"), endpoint("InService"), missing("endpoint")])
    wait = Wait("rt", Until.IN_SERVICE, "new")
    assert [look_at(aws.api(), wait, 1).is_last, look_at(aws.api(), wait, 2).is_last] == [False, True]
    assert look_at(aws.api(), Wait("rt", Until.GONE), 3).is_last
    assert aws.named("DescribeEndpoint") == [{"EndpointName": "rt"}] * 3


def test_a_few_endpoints_are_not_listed() -> None:
    aws = FakeAws()
    assert listed(aws.api(), [Wait(f"e{number}", Until.GONE) for number in range(3)]) == Listed()
    assert aws.calls == []


def test_many_endpoints_are_listed_and_only_busy_ones_are_unfinished() -> None:
    statuses = {f"e{number}": status for number, status in enumerate((*TRANSITIONAL, *STUCK, "InService"))}
    entries = [listed_endpoint(name, status) for name, status in statuses.items()]
    aws = FakeAws(ListEndpoints=[{"Endpoints": entries[:4], "NextToken": "x"}, {"Endpoints": entries[4:]}])
    waits = [Wait(name, Until.IN_SERVICE) for name in [*statuses, "unlisted"]]
    waits += [Wait("e0", Until.GONE), Wait("deleted", Until.GONE)]
    busy = {name for name, status in statuses.items() if status in TRANSITIONAL}
    assert listed(aws.api(), waits) == Listed(busy, {"deleted"})
    assert len(aws.named("ListEndpoints")) == 2
