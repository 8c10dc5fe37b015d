# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS requires of an alarm and of the composite alarms of an endpoint.

Source: CloudWatch API reference (PutMetricAlarm, MetricDataQuery, PutCompositeAlarm).
"""

from __future__ import annotations

import re
import typing as t

from .._aws import service_model as shapes
from ..problems import Problem, quoted
from . import durations, metrics, variants
from .alarm_expressions import Alarm, AlarmExpression, SignalAlarm, is_percentage, metrics_in
from .compile_alarms import ACTIONS, actions
from .composite_rule import OPERATORS, QUOTE
from .expression_reader import number_text
from .metric_queries import MOST_METRICS
from .reader import Tree
from .rollout_rules import unclear
from .schema import ALARM
from .signals import SINCE
from .values import segment
from .variants import Variant

Problems = t.Iterator[Problem]

MINUTE, HOUR, DAY = (durations.SECONDS[unit] for unit in ("minute", "hour", "day"))
MOST_ACTIONS = 5
_NOT_OF_QUERIES = ("treat_missing_data", "datapoints_to_alarm", "evaluate_low_sample_count_percentile", "unit")
_PERCENTILE = re.compile(r"p[0-9.]+")
SHORT_PERIODS = (10, 20, 30)
"""In seconds."""
MOST_CHILDREN = 100


def problems(alarm: Tree, path: str) -> Problems:
    if alarm["expression"] is not None:
        yield from _expression(alarm["expression"], f"{path}.expression")
    if alarm["query"] is not None or isinstance(alarm["expression"], SignalAlarm):
        yield from _promql(alarm, path)
    elif alarm["pending_period"] is not None or alarm["recovery_period"] is not None:
        name = "pending_period" if alarm["pending_period"] is not None else "recovery_period"
        yield Problem(f"{path}.{name}", "allowed only for an alarm on a query or on a signal of the container")
    yield from _periods(alarm, path)
    yield from action_problems(alarm, path)
    if alarm["evaluate_low_sample_count_percentile"] is not None and alarm["expression"] is not None:
        yield from _low_sample(alarm["expression"], f"{path}.evaluate_low_sample_count_percentile")


def too_many_metrics(count: int, path: str) -> Problems:
    """Of an alarm or a policy on arithmetic."""
    if count > MOST_METRICS:
        yield Problem(path, f"uses {count} statistics of metrics; CloudWatch allows {MOST_METRICS}")


def _expression(expression: AlarmExpression, path: str) -> Problems:
    yield from too_many_metrics(len(list(metrics_in(expression))), path)
    if isinstance(expression, Alarm) and is_percentage(expression):
        metric = metrics.metric_of(expression.metric)
        if metric.values == metrics.PERCENT or metric.unit == metrics.PERCENT_OF_EACH:
            number = number_text(round(expression.threshold * 100, 6))
            yield Problem(path, f"{quoted(expression.text)}: the metric is in percent by itself; write {number}")


def _promql(alarm: Tree, path: str) -> Problems:
    """[D EvaluationCriteria] AWS refuses the members of all other alarms, and a missing interval."""
    query, expression, period = alarm["query"], alarm["expression"], alarm["period"]
    member = ALARM("EvaluationCriteria")
    if query is not None and expression is not None:
        yield Problem(f"{path}.query", "an alarm has either an expression or a query")
    elif query is None and not member.is_known:
        installed = shapes.botocore_version()
        yield Problem(
            f"{path}.expression", f"{quoted(expression.text)} needs botocore {SINCE} or later; {installed} is installed"
        )
    if expression is not None and alarm["pending_period"] is not None:
        yield Problem(
            f"{path}.pending_period",
            "not allowed with an expression; write for and the duration at the end of the expression",
        )
    for name in _NOT_OF_QUERIES:
        if alarm[name] is not None:
            yield Problem(f"{path}.{name}", "has no meaning for an alarm on a query; leave it out")
    if (alarm["evaluation_periods"] or 1) > 1:
        yield Problem(
            f"{path}.evaluation_periods",
            "not allowed for an alarm on a query; write for and a duration, or pending_period, instead",
        )
    if period and period > HOUR:
        yield Problem(
            f"{path}.period", f"{quoted(durations.as_duration(period))}: a query is evaluated at least once an hour"
        )


def _low_sample(expression: AlarmExpression, path: str) -> Problems:
    if not isinstance(expression, Alarm):
        yield Problem(path, f"{quoted(expression.text)} is not on a percentile of one metric")
    elif not _PERCENTILE.fullmatch(expression.statistic):
        yield Problem(path, f"{expression.statistic} is not a percentile, such as p99")


def action_problems(alarm: Tree, path: str) -> Problems:
    for word, found in (alarm["actions"] or {}).items():
        for index, action in enumerate(found or ()):
            if action is not None and not action.startswith("arn:"):
                yield Problem(f"{path}.actions.{word}[{index}]", f"{quoted(action)} is not an ARN")
    for option, found in actions(alarm).items():
        if len(found) > MOST_ACTIONS:
            word = {name: word for word, name in ACTIONS.items()}[option]
            reason = f"{len(found)} actions, including notification_sns_topic; CloudWatch allows {MOST_ACTIONS}"
            yield Problem(f"{path}.actions.{word}", reason)


def _periods(alarm: Tree, path: str) -> Problems:
    period, periods, breaching = alarm["period"], alarm["evaluation_periods"], alarm["datapoints_to_alarm"]
    if period and period % MINUTE and period not in SHORT_PERIODS:
        allowed = ", ".join(str(each) for each in SHORT_PERIODS)
        reason = f"is neither a whole number of minutes nor one of {allowed} seconds"
        yield Problem(f"{path}.period", f"{quoted(durations.as_duration(period))} {reason}")
    longest = 7 * DAY if period and period >= HOUR else DAY
    if period and periods and period * periods > longest:
        window = f"{periods} periods of {durations.as_duration(period)}"
        allowed = f"{durations.as_duration(longest)} together, {longest // period} periods"
        yield Problem(f"{path}.evaluation_periods", f"{window} are too long for CloudWatch; allowed: {allowed}")
    if breaching and periods and breaching > periods:
        yield Problem(f"{path}.datapoints_to_alarm", f"{breaching} is more than evaluation_periods, {periods}")


def composite_problems(endpoint: Tree, found: t.Sequence[Variant], path: str) -> Problems:
    words = variants.alarm_aliases(found)
    for key, alarm in endpoint["composite_alarms"].items():
        where = f"{path}.composite_alarms.{segment(key)}"
        if "/" in key:
            yield Problem(where, "a slash would make it the alarm of a variant; use another character")
        yield from _watched(alarm, words, where)
        yield from action_problems(alarm, where)


def _watched(alarm: Tree, words: t.Mapping[str, t.Sequence[str]], path: str) -> Problems:
    given = [how for how in OPERATORS if alarm[how]]
    if len(given) != 1:
        yield Problem(path, "exactly one of any_of and all_of must be given, with the keys of alarms")
    for how in given:
        if len(alarm[how]) > MOST_CHILDREN:
            yield Problem(f"{path}.{how}", f"{len(alarm[how])} alarms; CloudWatch allows {MOST_CHILDREN}")
        for index, word in enumerate(alarm[how]):
            where = f"{path}.{how}[{index}]"
            if word is not None and len(words.get(word, ())) != 1:
                yield Problem(where, unclear(word, words))
            elif word is not None and QUOTE in words[word][0]:
                yield Problem(where, f"{quoted(word)}: a name with a quotation mark cannot be in the rule of an alarm")
