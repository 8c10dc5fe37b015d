# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signals of containers for large language models, as PromQL queries over detailed observability, and back.

AWS spells the names of metrics in two ways: its blog writes ``vllm:time_to_first_token_seconds``, which others have
measured, its developer guide ``vllm_time_to_first_token_seconds_bucket``. A query that names what is not there finds
nothing and so never alarms. Each query therefore asks for both; whichever is there counts.
Sources: SageMaker Developer Guide (monitoring-detailed-observability-promql); AWS Machine Learning Blog, "Monitor and
debug generative AI inference" (2026-06-18).
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from decimal import Decimal

from .._resources.names import VariantId
from .expression_reader import number_text

ENDPOINT_LABEL = "aws.sagemaker.endpoint.name"
VARIANT_LABEL = "aws.sagemaker.variant.name"
SINCE = "1.42.85"
"""A botocore that has alarms on PromQL; 1.42.78 has not."""

_OF_ENDPOINT = re.compile(rf"""{re.escape(ENDPOINT_LABEL)}["']?\s*=\s*["']([^"']+)["']""")
_WINDOW = "5m"
_AGGREGATIONS = {"Average": "avg", "Maximum": "max", "Minimum": "min", "Sum": "sum"}
_STATISTICS = {name: statistic for statistic, name in _AGGREGATIONS.items()}
_PERCENTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,10})?|100)")
_QUERY = re.compile(
    r"\((?:histogram_quantile\((?P<quantile>[0-9.]+), sum\(rate\(|(?P<aggregation>avg|max|min|sum)\()"
    r"vllm:(?P<metric>[a-z_]+)\{.*\) (?P<operator>[<>]=?) (?P<threshold>\S+)"
)


@dataclass(frozen=True, kw_only=True)
class Signal:
    """*metric* is its name without its prefix; with *is_duration* it is in seconds, and a histogram."""

    metric: str
    is_duration: bool = False

    @property
    def statistics(self) -> str:
        return "a percentile such as p99" if self.is_duration else ", ".join(_AGGREGATIONS)


SIGNALS: t.Mapping[str, Signal] = {
    "TimeToFirstToken": Signal(metric="time_to_first_token_seconds", is_duration=True),
    "InterTokenLatency": Signal(metric="inter_token_latency_seconds", is_duration=True),
    "KVCacheUtilization": Signal(metric="kv_cache_usage_perc"),
    "QueueDepth": Signal(metric="num_requests_waiting"),
}
_NAMES = {signal.metric: name for name, signal in SIGNALS.items()}


class Condition(t.NamedTuple):
    """When an alarm on a signal goes off."""

    signal: str
    statistic: str
    operator: str
    threshold: float


def takes(signal: str, statistic: str) -> bool:
    """Whether the signal has the statistic."""
    if SIGNALS[signal].is_duration:
        return _PERCENTILE.fullmatch(statistic) is not None
    return statistic in _AGGREGATIONS


def endpoints_of(query: str) -> set[str]:
    """The endpoints that a query names by their label."""
    return set(_OF_ENDPOINT.findall(query))


def query_of(condition: Condition, of: VariantId) -> str:
    """The PromQL query that returns something while the condition is met."""
    signal = SIGNALS[condition.signal]
    labels = f'{{"{ENDPOINT_LABEL}"="{of.endpoint}", "{VARIANT_LABEL}"="{of.variant}"}}'
    if signal.is_duration:
        quantile = _decimal(Decimal(condition.statistic[1:]).scaleb(-2))
        spellings = (
            f"histogram_quantile({quantile}, sum(rate(vllm:{signal.metric}{labels}[{_WINDOW}])))",
            f"histogram_quantile({quantile}, sum by (le) (rate(vllm_{signal.metric}_bucket{labels}[{_WINDOW}])))",
        )
    else:
        aggregation = _AGGREGATIONS[condition.statistic]
        spellings = (
            f"{aggregation}(vllm:{signal.metric}{labels})",
            f"{aggregation}(vllm_{signal.metric}{labels})",
        )
    return f"({' or '.join(spellings)}) {condition.operator} {number_text(condition.threshold)}"


def condition_of(query: str, of: VariantId) -> Condition | None:
    """The condition that becomes this query; None for any other query."""
    match = _QUERY.fullmatch(query)
    if match is None or match["metric"] not in _NAMES:
        return None
    statistic = _percentile(match["quantile"]) if match["quantile"] else _STATISTICS[match["aggregation"]]
    try:
        found = Condition(_NAMES[match["metric"]], statistic, match["operator"], float(match["threshold"]))
    except ValueError:
        return None
    return found if takes(found.signal, statistic) and query_of(found, of) == query else None


def _percentile(quantile: str) -> str:
    return f"p{_decimal(Decimal(quantile).scaleb(2))}" if re.fullmatch(r"[0-9]+(\.[0-9]+)?", quantile) else ""


def _decimal(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
