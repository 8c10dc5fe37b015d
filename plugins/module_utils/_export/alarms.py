# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms back to expressions and words: what compile_alarms made of them."""

from __future__ import annotations

import re
import typing as t

from .._engine.canonical import Request
from .._inventory import api_parameters, composite_rule, durations, metric_queries
from .._inventory.alarm_expressions import (
    OPERATORS,
    SIDES,
    Alarm,
    AlarmExpression,
    BandAlarm,
    MathAlarm,
    SignalAlarm,
    parse_alarm,
)
from .._inventory.alarm_keys import ALARM_KEYS, COMPOSITE_KEYS
from .._inventory.arithmetic import Operation
from .._inventory.expression_reader import ExpressionError
from .._inventory.reader import Tree
from .._inventory.signals import condition_of
from .._inventory.walker import exported
from .._resources.alarm import RULES
from .._resources.names import composite_taken_apart, taken_apart
from .omissions import Unsupported

_WORDS = {name: sign for sign, name in OPERATORS.items()}
_ACTIONS = {"alarm": "AlarmActions", "ok": "OKActions", "insufficient_data": "InsufficientDataActions"}
_TOPIC = re.compile(r"arn:[^:]*:sns:[^:]*:[^:]*:.+")
_SIDES = {name: side for side, name in SIDES.items()}


def alarm_tree(request: Request) -> Tree:
    """Raises Unsupported."""
    if "EvaluationCriteria" in request:
        return _of_query(request)
    expression, whole = watched(request)
    more = api_parameters.exported(ALARM_KEYS, request, RULES)
    by_hand = {"expression": str(expression), "api_parameters": more, **actions_tree(request)}
    return exported(ALARM_KEYS, whole, unit=whole.get("Unit"), **by_hand)


def watched(request: Request) -> tuple[AlarmExpression, Request]:
    """The expression of an alarm on metrics, and the alarm as if it had itself what these have in common.

    Raises Unsupported.
    """
    try:
        return _expression(request), request | _of_metrics(request)
    except ValueError as error:
        raise Unsupported(str(error)) from None


def composite_tree(request: Request, words: t.Collection[str]) -> Tree:
    """Raises Unsupported for a rule on anything but alarms of the endpoint, which are among *words*."""
    own, rule = composite_taken_apart(request["AlarmName"]), composite_rule.read(request["AlarmRule"])
    if own is None or rule is None:
        raise Unsupported("its rule is not any_of or all_of over alarms of one endpoint")
    how, names = rule
    keys = [name.removeprefix(f"{own[0]}/") for name in names]
    if others := [name for name, key in zip(names, keys, strict=True) if key not in words or name == key]:
        raise Unsupported(f"its rule names {', '.join(others)}, which is not an exported alarm of the endpoint")
    more = api_parameters.exported(COMPOSITE_KEYS, request, RULES)
    return exported(COMPOSITE_KEYS, request, api_parameters=more, **{how: keys}, **actions_tree(request))


def composite_key(name: str, endpoint: str) -> str:
    """The key of a composite alarm; raises Unsupported where it is not named as the schema names."""
    own = composite_taken_apart(name)
    if own is None or own[0] != endpoint or not own[1]:
        raise Unsupported(f"it is not named {endpoint}/<key>")
    return own[1]


def _of_query(request: Request) -> Tree:
    criteria = request["EvaluationCriteria"].get("PromQLCriteria")
    own = taken_apart(request["AlarmName"])
    if criteria is None or own is None:
        raise Unsupported("it is not an alarm on a PromQL query")
    condition, pending = condition_of(criteria["Query"], own.of), criteria.get("PendingPeriod")
    waits = {"recovery_period": _words(criteria.get("RecoveryPeriod"))}
    watched: Tree
    if condition and pending != 0:
        watched = {"expression": str(SignalAlarm(condition, pending or 0))}
    else:
        watched = {"query": criteria["Query"], "pending_period": _words(pending), "expression": None}
    more = api_parameters.exported(ALARM_KEYS, request, RULES)
    found = {"query": None, "pending_period": None, **watched, **waits, **actions_tree(request)}
    return exported(ALARM_KEYS, request, api_parameters=more, **found)


def _words(seconds: int | None) -> str | None:
    return None if seconds is None else durations.as_duration(seconds)


def actions_tree(request: Request) -> Tree:
    """One topic for both states is a key of its own."""
    found = {word: list(request.get(member) or ()) for word, member in _ACTIONS.items()}
    alone = found["alarm"][:1]
    is_topic = len(alone) == 1 and _TOPIC.fullmatch(alone[0])
    if is_topic and found == {"alarm": alone, "ok": alone, "insufficient_data": []}:
        return {"notification_sns_topic": alone[0], "actions": None}
    called = {word: each for word, each in found.items() if each}
    return {"notification_sns_topic": None, "actions": called or None}


def _expression(request: Request) -> AlarmExpression:
    if "Metrics" not in request:
        return _on_metric(request)
    found = _on_band(request) if "ThresholdMetricId" in request else _on_math(request)
    if not _is_readable(found):
        raise Unsupported(f"no expression can state {found}")
    return found


def _on_metric(request: Request) -> Alarm:
    statistic = request.get("Statistic") or request.get("ExtendedStatistic")
    if "MetricName" not in request or not statistic or "Threshold" not in request:
        raise Unsupported("it is not an alarm on a statistic of one metric")
    return Alarm(request["MetricName"], statistic, _operator(request), float(request["Threshold"]))


def _on_math(request: Request) -> MathAlarm:
    term = metric_queries.to_term(request["Metrics"])
    if not isinstance(term, Operation):
        raise Unsupported("its metric math has no arithmetic, only a single metric")
    return MathAlarm(term, _operator(request), float(request["Threshold"]))


def _on_band(request: Request) -> BandAlarm:
    measure, width = metric_queries.to_band(request["Metrics"], request["ThresholdMetricId"])
    return BandAlarm(measure.metric, measure.statistic, _SIDES[request["ComparisonOperator"]], width)


def _operator(request: Request) -> str:
    if request["ComparisonOperator"] not in _WORDS:
        raise Unsupported(f"the schema cannot express {request['ComparisonOperator']}")
    return _WORDS[request["ComparisonOperator"]]


def _is_readable(expression: AlarmExpression) -> bool:
    try:
        return parse_alarm(str(expression)) == expression
    except ExpressionError:
        return False


def _of_metrics(request: Request) -> Request:
    if "Metrics" not in request:
        return {}
    return {member: metric_queries.common(request["Metrics"], member) for member in ("Period", "Unit")}
