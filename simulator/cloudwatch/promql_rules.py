# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What PutMetricAlarm refuses of a PromQL alarm. [D CW EvaluationCriteria] for the rules; the texts are guesses.

Queries are not evaluated. That an unbalanced query is refused when it is put, and nothing else about it, is a guess.
"""

from __future__ import annotations

import re

from ..types import Params
from .alarm_errors import invalid, missing, wrong_combination
from .statistic_rules import is_regular

_FORBIDDEN = (
    "Namespace", "MetricName", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic", "Metrics",
    "Threshold", "ComparisonOperator", "ThresholdMetricId", "EvaluationPeriods", "DatapointsToAlarm",
    "EvaluationWindow",
)  # fmt: skip
_LITERAL = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def check_promql(alarm: Params) -> None:
    extra = [name for name in _FORBIDDEN if name in alarm]
    if extra:
        raise wrong_combination(f"{', '.join(extra)} cannot be specified together with EvaluationCriteria")
    if "EvaluationInterval" not in alarm:
        raise missing("EvaluationInterval")
    if not is_regular(alarm["EvaluationInterval"]):
        raise invalid("EvaluationInterval must be 10, 20, 30 or a multiple of 60")
    query = alarm["EvaluationCriteria"]["PromQLCriteria"]["Query"]
    if not _is_balanced(query):
        raise invalid("The PromQL query is not valid: it has an unclosed quote or bracket")


def _is_balanced(query: str) -> bool:
    bare = _LITERAL.sub("", query)
    if any(quote in bare for quote in "\"'`"):
        return False
    opened: list[str] = []
    for sign in bare:
        if sign in _PAIRS.values():
            opened.append(sign)
        elif sign in _PAIRS and (not opened or opened.pop() != _PAIRS[sign]):
            return False
    return not opened
