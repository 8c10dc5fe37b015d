# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms on arithmetic, on bands and on signals of the container live as those on one metric do."""

from __future__ import annotations

import re
import typing as t

import pytest

from .exports import exported, info
from .harness import World
from .inventories import Inventory, inventory, provisioned, serverless, variant
from .scenario import Scenario, play

RATE = "Invocation5XXErrors / Invocations > 1%"
BAND = "ModelLatency p90 outside 2 bands"
SIGNAL = "TimeToFirstToken p99 > 2 s for 5 minutes"
ON_METRICS = (RATE, BAND)
EXPRESSIONS = (*ON_METRICS, SIGNAL)
NAME = "e/v/a"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:on-call"
OURS = [{"Key": "friendsofansible.sagemaker/deployment", "Value": "default"}]

OnMetrics = pytest.mark.parametrize("expression", ON_METRICS)
Expressions = pytest.mark.parametrize("expression", EXPRESSIONS)


def watched(expression: str, **more: t.Any) -> Inventory:
    return inventory(provisioned(v=variant(cloudwatch_alarms={"a": {"expression": expression, **more}})))


def live(world: World, name: str = NAME) -> dict[str, t.Any]:
    (found,) = world.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return t.cast("dict[str, t.Any]", found)


def put(world: World, **changes: t.Any) -> None:
    """Somebody puts the alarm again with these changes; what is None is left out."""
    result = ("AlarmArn", "AlarmConfigurationUpdatedTimestamp", "EvaluationState")
    alarm = {name: value for name, value in live(world).items() if not name.startswith("State") and name not in result}
    request = {name: value for name, value in (alarm | changes).items() if value not in (None, [])}
    world.client("cloudwatch").put_metric_alarm(**request)


def test_arithmetic_is_put_as_metric_math(world: World) -> None:
    assert not world.apply(watched(RATE, period="5 minutes")).error
    alarm = live(world)
    assert [(query["Id"], query["ReturnData"]) for query in alarm["Metrics"]] == [
        ("m1", False),
        ("m2", False),
        ("e1", True),
    ]
    assert alarm["Metrics"][2]["Expression"] == "m1 / m2"
    first = alarm["Metrics"][0]["MetricStat"]
    assert (first["Metric"]["MetricName"], first["Stat"], first["Period"]) == ("Invocation5XXErrors", "Sum", 300)
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0.01, "GreaterThanThreshold")
    assert "Period" not in alarm


def test_a_band_is_put_as_anomaly_detection(world: World) -> None:
    assert not world.apply(watched(BAND)).error
    alarm = live(world)
    assert alarm["Metrics"][1]["Expression"] == "ANOMALY_DETECTION_BAND(m1, 2)"
    assert (alarm["ThresholdMetricId"], alarm["ComparisonOperator"]) == (
        "ad1",
        "LessThanLowerOrGreaterThanUpperThreshold",
    )
    assert "Threshold" not in alarm


def test_a_signal_is_put_as_a_promql_alarm(world: World) -> None:
    assert not world.apply(watched(SIGNAL, period="30 seconds", recovery_period="10 minutes")).error
    alarm = live(world)
    criteria = alarm["EvaluationCriteria"]["PromQLCriteria"]
    assert criteria["Query"].startswith("(histogram_quantile(0.99, sum(rate(vllm:time_to_first_token_seconds{")
    assert '"aws.sagemaker.endpoint.name"="e", "aws.sagemaker.variant.name"="v"' in criteria["Query"]
    assert (criteria["PendingPeriod"], criteria["RecoveryPeriod"], alarm["EvaluationInterval"]) == (300, 600, 30)
    assert "EvaluationPeriods" not in alarm


def test_the_query_is_shown_before_it_is_put(world: World) -> None:
    planned = world.apply(watched(SIGNAL), check=True)
    assert "histogram_quantile(0.99" in planned.diff


QUERY = {"query": 'sum(sglang:num_queue_reqs{"aws.sagemaker.endpoint.name"="e"}) > 10', "pending_period": "5 minutes"}


def test_a_query_of_ones_own_is_put_and_exported_as_it_is(world: World) -> None:
    wanted = inventory(provisioned(v=variant(cloudwatch_alarms={"a": QUERY})))
    assert not world.apply(wanted).error
    assert live(world)["EvaluationCriteria"] == {"PromQLCriteria": {"Query": QUERY["query"], "PendingPeriod": 300}}
    variants = exported(world, deployment="default")["endpoints"]["e"]["provisioned"]["production_variants"]
    assert variants["v"]["cloudwatch_alarms"] == {"a": QUERY}


def test_a_query_that_somebody_changed_is_put_back(world: World) -> None:
    def other(world: World) -> None:
        put(world, EvaluationCriteria={"PromQLCriteria": {"Query": "up == 0"}})

    play(
        Scenario(
            "another query",
            given=(watched(SIGNAL),),
            happened=other,
            wanted=watched(SIGNAL),
            effect="no change",
            writes=["PutMetricAlarm"],
            shows="histogram_quantile",
        ),
        world,
    )


WHOLE = {
    "expression": SIGNAL,
    "period": "30 seconds",
    "recovery_period": "10 minutes",
    "description": "The first word comes late.",
    "notification_sns_topic": TOPIC,
    "actions": {"alarm": [f"{TOPIC}-2"], "ok": [f"{TOPIC}-3"], "insufficient_data": [f"{TOPIC}-4"]},
    "actions_enabled": False,
}


def _criteria(**changes: t.Any) -> t.Callable[[World], None]:
    """Somebody changes what the query is evaluated by; what is None is left out."""

    def happened(world: World) -> None:
        criteria = live(world)["EvaluationCriteria"]["PromQLCriteria"] | changes
        kept = {name: value for name, value in criteria.items() if value is not None}
        put(world, EvaluationCriteria={"PromQLCriteria": kept})

    return happened


def _member(**changes: t.Any) -> t.Callable[[World], None]:
    return lambda world: put(world, **changes)


DRIFT = {
    "pending period": (_criteria(PendingPeriod=60), "-expression: TimeToFirstToken p99 > 2 s for 1 minute"),
    "pending period gone": (_criteria(PendingPeriod=None), "-expression: TimeToFirstToken p99 > 2 s\n"),
    "recovery period": (_criteria(RecoveryPeriod=60), "recovery_period: 1 minute"),
    "recovery period gone": (_criteria(RecoveryPeriod=None), "recovery_period"),
    "interval": (_member(EvaluationInterval=60), "period"),
    "description": (_member(AlarmDescription="Late."), "description: Late."),
    "description gone": (_member(AlarmDescription=None), "description"),
    "actions enabled": (_member(ActionsEnabled=True), "actions_enabled"),
    "alarm actions": (_member(AlarmActions=[TOPIC]), "actions.alarm"),
    "ok actions": (_member(OKActions=[TOPIC]), "actions.ok"),
    "insufficient data actions": (_member(InsufficientDataActions=None), "actions.insufficient_data"),
    "another kind": (
        _member(
            EvaluationCriteria=None,
            EvaluationInterval=None,
            Namespace="AWS/SageMaker",
            MetricName="Invocations",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
        ),
        "expression",
    ),
}


@pytest.mark.parametrize(("happened", "message"), DRIFT.values(), ids=DRIFT)
def test_each_member_of_an_alarm_on_a_query_that_somebody_changed_is_put_back(
    world: World, happened: t.Callable[[World], None], message: str
) -> None:
    wanted = inventory(provisioned(v=variant(cloudwatch_alarms={"a": WHOLE})))
    assert not world.apply(wanted).error
    before = live(world)
    happened(world)
    assert not world.apply(wanted, check=True, verify="full").error
    play(Scenario("x", wanted=wanted, effect="no change", writes=["PutMetricAlarm"], shows=message), world)
    times = ("AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp")
    after = live(world)
    assert {name: value for name, value in after.items() if name not in times} == {
        name: value for name, value in before.items() if name not in times
    }


ADDED = {
    "recovery period": _criteria(RecoveryPeriod=60),
    "description": _member(AlarmDescription="Late."),
    "alarm actions": _member(AlarmActions=[TOPIC]),
}


@pytest.mark.parametrize("happened", ADDED.values(), ids=ADDED)
def test_what_somebody_added_to_an_alarm_on_a_query_goes(world: World, happened: t.Callable[[World], None]) -> None:
    wanted = watched(SIGNAL)
    assert not world.apply(wanted).error
    happened(world)
    play(Scenario("x", wanted=wanted, effect="no change", writes=["PutMetricAlarm"]), world)
    assert not world.apply(wanted).changed


def test_the_tags_of_an_alarm_on_a_query_are_set_again(world: World) -> None:
    wanted = watched(SIGNAL) | {"additional_tags_all": {"team": "ml"}}
    assert not world.apply(wanted).error
    world.client("cloudwatch").untag_resource(ResourceARN=live(world)["AlarmArn"], TagKeys=["team"])
    play(Scenario("x", wanted=wanted, effect="no change", writes=["TagResource"]), world)


@OnMetrics
@pytest.mark.parametrize("more", [{}, {"unit": "Microseconds"}])
def test_is_exported_as_it_was_written(world: World, expression: str, more: dict[str, str]) -> None:
    wanted = watched(expression, period="2 minutes", evaluation_periods=3, **more)
    assert not world.apply(wanted).error
    variants = exported(world, deployment="default")["endpoints"]["e"]["provisioned"]["production_variants"]
    assert (
        variants["v"]["cloudwatch_alarms"]
        == wanted["endpoints"]["e"]["provisioned"]["production_variants"]["v"]["cloudwatch_alarms"]
    )


def test_a_signal_is_exported_as_it_was_written(world: World) -> None:
    alarm = {"expression": SIGNAL, "period": "30 seconds", "recovery_period": "10 minutes"}
    assert not world.apply(inventory(provisioned(v=variant(cloudwatch_alarms={"a": alarm})))).error
    found = exported(world, deployment="default")
    variants = found["endpoints"]["e"]["provisioned"]["production_variants"]
    assert variants["v"]["cloudwatch_alarms"] == {"a": alarm}
    assert not world.apply(found).changed


def _other_statistic(world: World) -> None:
    queries = live(world)["Metrics"]
    queries[0]["MetricStat"]["Stat"] = "Maximum"
    put(world, Metrics=queries)


@OnMetrics
def test_what_somebody_changed_is_put_back(world: World, expression: str) -> None:
    play(
        Scenario(
            "a statistic that somebody changed",
            given=(watched(expression),),
            happened=_other_statistic,
            wanted=watched(expression),
            effect="no change",
            writes=["PutMetricAlarm"],
            shows="cloudwatch_alarms.a: in place",
        ),
        world,
    )


@OnMetrics
def test_the_order_of_queries_and_dimensions_means_nothing(world: World, expression: str) -> None:
    def turned(world: World) -> None:
        queries = live(world)["Metrics"][::-1]
        for query in queries:
            if "MetricStat" in query:
                query["MetricStat"]["Metric"]["Dimensions"].reverse()
        put(world, Metrics=queries)

    wanted = watched(expression)
    play(Scenario("turned", given=(wanted,), happened=turned, wanted=wanted, effect="no change", writes=[]), world)


@Expressions
@pytest.mark.parametrize("other", [*EXPRESSIONS, "ModelLatency p99 > 500000"])
def test_one_kind_becomes_another(world: World, expression: str, other: str) -> None:
    writes = [] if expression == other else ["PutMetricAlarm"]
    wanted = watched(other)
    play(Scenario("x", given=(watched(expression),), wanted=wanted, effect="no change", writes=writes), world)


@Expressions
def test_one_that_is_declared_no_more_goes(world: World, expression: str) -> None:
    play(
        Scenario(
            "gone",
            given=(watched(expression),),
            wanted=inventory(),
            effect="no change",
            writes=["DeleteAlarms"],
            shows="cloudwatch_alarms.a: delete\n-expression: ",
        ),
        world,
    )


IDS = {"m1": "errors", "m2": "invocations", "e1": "rate", "ad1": "band"}


@OnMetrics
def test_other_ids_and_a_label_mean_nothing(world: World, expression: str) -> None:
    """As other tools name and label the queries of an alarm."""

    def by_others(world: World) -> None:
        queries = live(world)["Metrics"]
        for query in queries:
            query["Id"] = IDS[query["Id"]]
            if "Expression" in query:
                query["Expression"] = re.sub(r"m[12]", lambda match: IDS[match[0]], query["Expression"])
                query["Label"] = "What is computed"
        named = {"ThresholdMetricId": "band"} if expression == BAND else {}
        put(world, Metrics=queries, **named)
        world.client("cloudwatch").untag_resource(ResourceARN=live(world)["AlarmArn"], TagKeys=[OURS[0]["Key"]])
        assert not any(each["would_change"] for each in info(world)["not_expressed"])

    wanted = watched(expression)
    play(
        Scenario("x", given=(wanted,), happened=by_others, wanted=wanted, effect="no change", writes=["TagResource"]),
        world,
    )
    assert not world.apply(watched(expression, evaluation_periods=2)).error
    (labelled,) = (query for query in live(world)["Metrics"] if "Expression" in query)
    assert (labelled["Id"], labelled["Label"]) == ("e1" if expression == RATE else "ad1", "What is computed")


@Expressions
def test_one_that_nobody_owns_is_adopted_when_it_is_equal(world: World, expression: str) -> None:
    def by_others(world: World) -> None:
        world.client("cloudwatch").untag_resource(ResourceARN=live(world)["AlarmArn"], TagKeys=[OURS[0]["Key"]])

    wanted = watched(expression)
    play(
        Scenario("x", given=(wanted,), happened=by_others, wanted=wanted, effect="no change", writes=["TagResource"]),
        world,
    )


@Expressions
@pytest.mark.parametrize("is_pruned", [True, False])
def test_it_goes_with_its_endpoint(world: World, expression: str, is_pruned: bool) -> None:
    nothing: Inventory = {"models": {}, "endpoints": {}}
    assert not world.apply(watched(expression)).error
    done = world.prune(nothing) if is_pruned else world.destroy(watched(expression))
    assert not done.error
    assert world.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


@Expressions
def test_it_guards_an_update(world: World, expression: str) -> None:
    """Which kinds SageMaker takes is not documented; the simulator takes all but composite alarms, a guess."""
    deployment = {"deployment": {"strategy": "canary", "size": "50%", "rollback_on": ["a"]}}
    guarded = watched(expression)
    guarded["endpoints"]["e"] |= deployment
    assert not world.apply(guarded).error
    guarded["models"]["m"]["container_definitions"]["main"]["image"] = "registry/image:2"
    done = world.apply(guarded)
    assert (done.error, done.effect("e")) == ("", "redeploy")


@Expressions
def test_a_serverless_variant_keeps_its_name_in_every_query(world: World, expression: str) -> None:
    alarm = {"cloudwatch_alarms": {"a": {"expression": expression}}}
    assert not world.apply(inventory(serverless(variant_name="AllTraffic", **alarm))).error
    unnamed = inventory(serverless(**alarm))
    play(Scenario("kept", wanted=unnamed, effect="no change", writes=[]), world)
    found = live(world, "e/AllTraffic/a")
    if expression == SIGNAL:
        text: str = found["EvaluationCriteria"]["PromQLCriteria"]["Query"]
        assert text.count('"aws.sagemaker.variant.name"="AllTraffic"') == 2
        return
    queries = found["Metrics"]
    named = [query["MetricStat"]["Metric"]["Dimensions"] for query in queries if "MetricStat" in query]
    assert all({"Name": "VariantName", "Value": "AllTraffic"} in dimensions for dimensions in named)
