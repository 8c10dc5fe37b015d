# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms back to expressions and words: what compile_alarms made of them."""

from __future__ import annotations

from .._engine.canonical import Request
from .._inventory import alarm_expressions, api_parameters
from .._inventory.alarm_keys import ALARM_KEYS
from .._inventory.reader import Tree
from .._inventory.walker import exported
from .._resources.alarm import RULES
from .omissions import Unsupported

_WORDS = {name: sign for sign, name in alarm_expressions.OPERATORS.items()}


def alarm_tree(request: Request) -> Tree:
    """Raises Unsupported."""
    more = api_parameters.exported(ALARM_KEYS, request, RULES)
    return exported(ALARM_KEYS, request, expression=str(_alarm(request)), api_parameters=more)


def _alarm(request: Request) -> alarm_expressions.Alarm:
    statistic = request.get("Statistic") or request.get("ExtendedStatistic")
    if "MetricName" not in request or not statistic or "Threshold" not in request:
        raise Unsupported("it is not an alarm on a statistic of one metric")
    if request["ComparisonOperator"] not in _WORDS:
        raise Unsupported(f"the schema has no word for {request['ComparisonOperator']}")
    operator, threshold = _WORDS[request["ComparisonOperator"]], float(request["Threshold"])
    return alarm_expressions.Alarm(request["MetricName"], statistic, operator, threshold)
