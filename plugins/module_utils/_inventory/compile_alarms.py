# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of a variant to the options of sagemaker_alarm."""

from __future__ import annotations

import typing as t

from .._engine.canonical import without
from .._engine.requests import Options, given
from .._resources.names import composite_named
from . import composite_rule, metric_queries, metrics, variants
from .alarm_expressions import OPERATORS, SIDES, Alarm, AlarmExpression, BandAlarm, MathAlarm, SignalAlarm
from .alarm_keys import ALARM_KEYS, COMPOSITE_KEYS
from .arithmetic import Measure
from .expression_reader import statistics
from .merged_tags import merged_tags, merged_tags_of_variant
from .reader import Tree
from .scaling_keys import caller
from .signals import query_of
from .variants import Variant
from .walker import compiled

ACTIONS = {"alarm": "alarm_actions", "ok": "ok_actions", "insufficient_data": "insufficient_data_actions"}
TOPIC = "notification_sns_topic"
_BY_TOPIC = ("alarm_actions", "ok_actions")
"""The actions that `notification_sns_topic` is one of."""


def alarm_options(variant: Variant, tree: Tree) -> t.Iterator[Options]:
    for key, alarm, _path in variant.alarms:
        yield given(
            alarm_name=variant.named(key),
            **_watched(variant, alarm, compiled(ALARM_KEYS, alarm)),
            **actions(alarm),
            tags=merged_tags_of_variant(variant, tree),
            adopt=tree["endpoints"][variant.endpoint]["adopt"],
        )


def calling_alarm(variant: Variant, policy: Tree) -> Options:
    """The alarm that calls a policy with steps, without its name and without that call."""
    alarm = caller(policy)
    return given(**_watched(variant, alarm, compiled(ALARM_KEYS, alarm)), **actions(alarm))


def composite_options(name: str, tree: Tree) -> t.Iterator[Options]:
    """The options of the composite alarms of an endpoint, by key."""
    endpoint = tree["endpoints"][name]
    words = variants.alarm_aliases(variants.of_endpoint(name, endpoint, tree["models"]))
    for key, alarm in endpoint["composite_alarms"].items():
        yield given(
            alarm_name=composite_named(name, key),
            alarm_rule=composite_rule.text({how: _named(alarm[how], words) for how in composite_rule.OPERATORS}),
            **compiled(COMPOSITE_KEYS, alarm),
            **actions(alarm),
            tags=merged_tags(endpoint, tree["additional_tags_all"]),
            adopt=endpoint["adopt"],
        )


def _named(keys: t.Sequence[str] | None, words: t.Mapping[str, t.Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(words[key][0] for key in keys or ()))


def _watched(variant: Variant, alarm: Tree, options: Options) -> Options:
    """The options of the alarm, including its metric, metrics or query."""
    expression: AlarmExpression | None = alarm["expression"]
    if expression is None or isinstance(expression, SignalAlarm):
        options.pop("period")
        interval = options.pop("evaluation_interval")
        return _promql(variant, alarm, interval) | without(("evaluation_periods",), options)
    options.pop("evaluation_interval")
    if isinstance(expression, Alarm):
        return _metric(variant, expression) | options | given(unit=alarm["unit"])
    of_metrics = {"period": options.pop("period"), "unit": alarm["unit"]}
    if isinstance(expression, BandAlarm):
        return _band(variant, expression, of_metrics) | options
    return _math(variant, expression, of_metrics) | options


def _promql(variant: Variant, alarm: Tree, interval: int) -> Options:
    expression: SignalAlarm | None = alarm["expression"]
    criteria = given(
        query=query_of(expression.condition, variant.id) if expression else alarm["query"],
        pending_period=(expression.pending or None) if expression else alarm["pending_period"],
        recovery_period=alarm["recovery_period"],
    )
    return {"evaluation_criteria": {"prom_ql_criteria": criteria}, "evaluation_interval": interval}


def _metric(variant: Variant, expression: Alarm) -> Options:
    return {
        "namespace": metrics.metric_of(expression.metric).namespace,
        "metric_name": expression.metric,
        "dimensions": metrics.dimensions(expression.metric, variant.endpoint, variant.name),
        "statistic" if expression.statistic in statistics() else "extended_statistic": expression.statistic,
        "comparison_operator": OPERATORS[expression.operator],
        "threshold": expression.threshold,
    }


def _math(variant: Variant, expression: MathAlarm, of_metrics: Options) -> Options:
    return {
        "metrics": metric_queries.of_term(expression.term, variant.id, **of_metrics),
        "comparison_operator": OPERATORS[expression.operator],
        "threshold": expression.threshold,
    }


def _band(variant: Variant, expression: BandAlarm, of_metrics: Options) -> Options:
    measure = Measure(expression.metric, expression.statistic)
    return {
        "metrics": metric_queries.of_band(measure, expression.width, variant.id, **of_metrics),
        "threshold_metric_id": metric_queries.BAND,
        "comparison_operator": SIDES[expression.side],
    }


def actions(alarm: Tree) -> Options:
    """The topic first, then the other actions, each once."""
    topic, more = alarm[TOPIC], alarm["actions"] or {}
    found: Options = {}
    for word, option in ACTIONS.items():
        called = [topic] if topic and option in _BY_TOPIC else []
        called += more.get(word) or []
        if called:
            found[option] = list(dict.fromkeys(called))
    return found
