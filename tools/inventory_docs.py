# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/inventory.md from the schema and the metric catalogue: ``python tools/inventory_docs.py``."""

from __future__ import annotations

import typing as t
from pathlib import Path

import botocore
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import service_model as shapes
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import (
    alarm_expressions,
    durations,
    expression_reader,
    expressions,
    metric_queries,
    metrics,
    rollout_rules,
    rules,
    signals,
    step_expressions,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import (
    ALL,
    DOCUMENTED_TYPE,
    MODEL,
    RESERVED_TAGS,
    UPDATE,
    Key,
    Member,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.rollout_policy import (
    EXCLUDED,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.names import INSTANCE_COUNT

from .inventory_prose import HEAD, METRICS_HEAD, RULES

_UNLIMITED = ("policy", "alarm", "at", "cron", "moment", "time zone", "boolean", "object", "parameters")
_MOST_MEMBERS = 4
"""How many members of requests are listed with a key; of more, only the operations."""
PAGE = Path(__file__).parent.parent / "docs" / "inventory.md"
_KINDS = {metrics.COMPONENTS: "endpoints with inference components"}


def page() -> str:
    fitting = (name for name, dimension in metrics.predefined().items() if dimension == INSTANCE_COUNT)
    head = HEAD.format(
        version=botocore.__version__,
        units=_listed(f"{unit}s" for unit in reversed(durations.SECONDS)),
        policy=expressions.POLICY_FORM,
        steps=step_expressions.STEP_FORM,
        alarm=alarm_expressions.ALARM_FORM,
        most_metrics=metric_queries.MOST_METRICS,
        signals=_listed(signals.SIGNALS),
        promql=signals.SINCE,
        predefined=_listed(fitting),
        operators=_listed(alarm_expressions.OPERATORS),
        statistics=_listed(expression_reader.statistics()),
        reserved=_listed(RESERVED_TAGS, "or"),
    )
    return head + "\n".join([*_sections(INVENTORY, ""), _rules(), _metrics()])


def _sections(key: Key, path: str) -> t.Iterator[str]:
    yield f"## {f'`{path}`' if path else 'The three parts'}\n"
    if path:
        yield f"{key.help}\n"
    yield "| Key | Meaning |\n|---|---|"
    for child in key.keys:
        yield _row(child)
    yield ""
    for child in key.keys:
        if child.keys:
            inner = f"{path}.{child.name}".lstrip(".")
            yield from _sections(child, f"{inner}.*" if child.kind == "map of objects" else inner)


def _row(key: Key) -> str:
    """Two columns, which fit a phone: what is small stands below what is read first."""
    name = f"*`{key.name}`*" if key.added else f"`{key.name}`"
    default = "required" if key.required else "" if key.default is None else f"default `{_yaml(key.default)}`"
    kind = ", ".join(filter(None, (DOCUMENTED_TYPE[key.kind], default)))
    members = ", ".join(f"`{member}`" for member in _few(key.members))
    small = [f"{title}: {text}" for title, text in (("Allowed", allowed(key)), ("In AWS", members)) if text]
    cells = [f"{name}<br><small>{kind}</small>", "<br>".join([key.help, *(f"<small>{text}</small>" for text in small)])]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _few(members: t.Sequence[Member]) -> t.Sequence[str]:
    """The members, or of many the operations alone, whose requests the key decides as a whole."""
    if len(members) <= _MOST_MEMBERS:
        return list(map(str, members))
    return list(dict.fromkeys(member.operation for member in members))


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def allowed(key: Key) -> str:
    """The limits of a value in words, those of the schema first."""
    if key.choices:
        return _listed(map(str, key.choices), "or")
    limits = key.limit.metadata if key.limit and key.kind not in _UNLIMITED else {}
    low, high = limits.get("min"), limits.get("max")
    if key.kind == "duration":
        longest = key.high or (durations.as_duration(high) if high else None)
        return f"{key.low or durations.as_duration(low or 0)} to {longest}" if longest else ""
    if key.kind in ("integer", "number"):
        low = key.low if key.low is not None else low
        return "" if low is high is None else shapes.interval(low, high)
    unit = "characters" if key.kind == "text" else "entries"
    low = low if "list" in key.kind else key.low
    size = f"{low} to {high} {unit}" if low and high else f"up to {high} {unit}" if high else ""
    pattern = f"`{limits['pattern']}`" if "pattern" in limits else ""
    names = (
        f"names: up to {key.names.shape.metadata['max']} characters, `{key.names.shape.metadata['pattern']}`"
        if key.names
        else ""
    )
    whole = f"`{ALL}`" if key.kind == "all or list of alarms" else ""
    return "; ".join(part for part in (whole, size, pattern, names) if part)


def _rules() -> str:
    most = MODEL("Tags").shape.metadata["max"]
    alarms = UPDATE("DeploymentConfig.AutoRollbackConfiguration.Alarms").shape.metadata["max"]
    sizes = (f"{low}% to {high}% for `{strategy}`" for strategy, (low, high) in rollout_rules.SIZES.items())
    head = RULES.format(
        tags=most - rules.OWN_TAGS,
        own_tags=rules.OWN_TAGS,
        excluded=EXCLUDED.rstrip("."),
        sizes=", ".join(sizes),
        alarms=alarms,
    )
    return head + "".join(f"| {feature} | {', '.join(traits)} |\n" for feature, traits in rules.UNFIT.items())


def _metrics() -> str:
    rows = METRICS_HEAD.format(invocations=metrics.INVOCATIONS)
    for name, metric in metrics.CATALOGUE.items():
        kinds = ", ".join(_KINDS.get(kind, kind) for kind in metric.kinds)
        kinds += " (with `use_multiple_models`)" if metric.needs_multi_model else ""
        place = f"<small>`{metric.namespace}`: {', '.join(metric.dimension_names)}</small>"
        cells = [f"`{name}`<br>{place}", kinds, _data_point(metric)]
        rows += "| " + " | ".join(cells) + " |\n"
    return rows


def _data_point(metric: metrics.Metric) -> str:
    low, high = metric.values
    unit = metric.unit if metric.unit != metrics.PER_REQUEST else ""
    interval = "0 or more" if high == float("inf") else f"{low:g} to {high:g}" if low != high else f"always {low:g}"
    return f"{interval} {unit}".strip()


def _listed(words: t.Iterable[str], last: str = "and") -> str:
    *most, final = (f"`{word}`" for word in words)
    return f"{', '.join(most)} {last} {final}" if most else final


if __name__ == "__main__":
    PAGE.write_text(page())
