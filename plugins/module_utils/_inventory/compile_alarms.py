# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of a variant to the options of sagemaker_alarm."""

from __future__ import annotations

import typing as t

from . import metric_queries, metrics
from .alarm_actions import actions
from .alarm_expressions import OPERATORS, SIDES, Alarm, AlarmExpression, BandAlarm, MathAlarm
from .alarm_keys import ALARM_KEYS
from .arithmetic import Measure
from .expression_reader import statistics
from .module_options import Options, given
from .reader import Tree
from .variants import Variant, tags_of
from .walker import compiled


def alarm_options(variant: Variant, tree: Tree) -> t.Iterator[Options]:
    for key, alarm, _path in variant.alarms:
        yield given(
            alarm_name=variant.named(key),
            **_watched(variant, alarm["expression"], compiled(ALARM_KEYS, alarm)),
            **actions(alarm),
            tags=tags_of(variant, tree),
            adopt=tree["endpoints"][variant.endpoint]["adopt"],
        )


def _watched(variant: Variant, expression: AlarmExpression, options: Options) -> Options:
    """The options of the alarm, with what it watches."""
    if isinstance(expression, Alarm):
        return _metric(variant, expression) | options
    period = options.pop("period")
    if isinstance(expression, BandAlarm):
        return _band(variant, expression, period) | options
    return _math(variant, expression, period) | options


def _metric(variant: Variant, expression: Alarm) -> Options:
    return {
        "namespace": metrics.metric_of(expression.metric).namespace,
        "metric_name": expression.metric,
        "dimensions": metrics.dimensions(expression.metric, variant.endpoint, variant.name),
        "statistic" if expression.statistic in statistics() else "extended_statistic": expression.statistic,
        "comparison_operator": OPERATORS[expression.operator],
        "threshold": expression.threshold,
    }


def _math(variant: Variant, expression: MathAlarm, period: int) -> Options:
    return {
        "metrics": metric_queries.of_term(expression.term, variant.id, period=period),
        "comparison_operator": OPERATORS[expression.operator],
        "threshold": expression.threshold,
    }


def _band(variant: Variant, expression: BandAlarm, period: int) -> Options:
    measure = Measure(expression.metric, expression.statistic)
    return {
        "metrics": metric_queries.of_band(measure, expression.width, variant.id, period=period),
        "threshold_metric_id": metric_queries.BAND,
        "comparison_operator": SIDES[expression.side],
    }
