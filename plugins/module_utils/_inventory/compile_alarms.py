# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of a variant to the options of sagemaker_alarm."""

from __future__ import annotations

import typing as t

from . import alarm_expressions, metrics
from .alarm_keys import ALARM_KEYS
from .expression_reader import statistics
from .module_options import Options, given
from .reader import Tree
from .variants import Variant, tags_of
from .walker import compiled


def alarm_options(variant: Variant, tree: Tree) -> t.Iterator[Options]:
    for key, alarm, _path in variant.alarms:
        expression: alarm_expressions.Alarm = alarm["expression"]
        yield given(
            alarm_name=variant.named(key),
            namespace=metrics.metric_of(expression.metric).namespace,
            metric_name=expression.metric,
            dimensions=metrics.dimensions(expression.metric, variant.endpoint, variant.name),
            **_statistic(expression.statistic),
            comparison_operator=alarm_expressions.OPERATORS[expression.operator],
            threshold=expression.threshold,
            **compiled(ALARM_KEYS, alarm),
            tags=tags_of(variant, tree),
            adopt=tree["endpoints"][variant.endpoint]["adopt"],
        )


def _statistic(name: str) -> Options:
    return {"statistic" if name in statistics() else "extended_statistic": name}
