# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/inventory.md from the schema and the metric catalogue: ``python tools/inventory_docs.py``."""

from __future__ import annotations

import typing as t
from pathlib import Path

import botocore
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import service_model as shapes
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import (
    durations,
    expressions,
    metrics,
    rules,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory import (
    rollout_rules as deployment_rules,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import (
    ALL,
    DOCUMENTED_TYPE,
    MODEL,
    RESERVED_TAGS,
    UPDATE,
    Key,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.rollout_policy import (
    EXCLUDED,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.names import INSTANCE_COUNT

PAGE = Path(__file__).parent.parent / "docs" / "inventory.md"

HEAD = """\
<!-- Written by tools/inventory_docs.py from the schema in the code. Change it there. -->
# The inventory

The models and endpoints of a deployment, in the words of the documented schema. The role `sagemaker_inference` and the
action `sagemaker_inference_compile` read it from `sagemaker_inference_models`, `sagemaker_inference_endpoints` and
`sagemaker_inference_additional_tags_all`. Only if neither of the first two is set, they read it from `models`,
`endpoints` and `additional_tags_all`.

Everything is checked before the first call to AWS, and every problem is told at once, with its path:

```
The inventory has 2 problems; nothing was sent to AWS:
- endpoints.realtime.provisioned.production_variants.demo.instance_typ: unknown key; did you mean "instance_type"?
- endpoints.realtime.provisioned.production_variants.demo.instance_type: required
```

What AWS takes but what can never do what it says is a warning; `sagemaker_inference_strict: true` makes warnings fail.
So is a value that the installed botocore does not list, such as an instance type newer than it.

The limits below are those of botocore {version}; at run time those of the installed botocore hold.
A key that is null is not given. *Italic* keys are additions to the documented schema.

## Ways of writing

**Text** is text: a number, a boolean or a date where text belongs is refused, so that an account number or a version
does not turn into something else on the way. Put it in quotes, or end a template with `| string`.
A **number** may be text that holds one, for that is what templates often give.

**Durations** are `<number> <unit>`, with {units} in singular or plural and any case, the largest unit first, each at
most once: `5 minutes`, `1 hour 30 minutes`.

**Sizes** are a share of a variant's instances or a number of them: `10%`, `1 instance`, `2 instances`.

**Expressions of scaling policies** are `{policy}`: `CPUUtilization average = 70`. A predefined metric of Application
Auto Scaling needs no statistic; those that fit are {predefined}.

**Expressions of alarms** are `{alarm}`: `ModelLatency p99 > 500000`. The operator is one of {operators}.

A **statistic**, in any case, is one of {statistics}; for alarms also an extended one such as `p99`, `p99.9`, `tm90`,
`tc90`, `ts90`, `wm90`, `IQM`, `PR(1:10)` or `TM(10%:90%)`. A **number** is one such as `100`, `0.5`, `-1` or `1e6`.

**Tags**: those of the model or endpoint, then those of the variant, then `additional_tags_all`; of two with the same
key the later one wins. Keys must not start with {reserved}.

**Names**: a model and an endpoint have the name of their key, a variant the name of its key, and an alarm and a scaling
policy are named `<endpoint>/<variant>/<key>`. A serverless variant, which has no key, has its `variant_name`. Without
one it keeps the name that it has in AWS, and a new one has the name of its model.

"""

RULES = """\
## Rules between keys

- A model: one to 15 containers. A `CompressedModel` is at a `.tar.gz`, unless `use_multiple_models` is given; then
  the address is a prefix, and the compression stays `CompressedModel`. `use_multiple_models` and `UncompressedModel`
  need a `model_data_location`. All `environment_variables` of a model have at most 32 KB together.
- An endpoint: exactly one of `provisioned` and `serverless`. The names of two endpoints differ in more than case.
- Shadow variants: one production and one shadow variant, with different names, real-time, not on `ml.inf1` instances.
- An asynchronous endpoint has one variant and no data capture.
- Data capture: at least one of `prediction_request` and `prediction_response`; a `capture_content_type` has a list.
- Scaling: not with burstable `ml.t2` instances; `minimum_capacity` is at most `maximum_capacity`, and 0 only for an
  asynchronous endpoint. AWS takes one policy for a metric, or for each statistic of a metric that needs one.
- Alarms: the period in whole minutes; all `evaluation_periods` together at most a day, or seven days with a period of
  an hour or more; `datapoints_to_alarm` at most `evaluation_periods`. The names of alarms have at most 255 characters,
  those of scaling policies 256, with endpoint and variant.
- Serverless: `provisioned_concurrency` is at most `max_concurrency`.
- Deployment: not for a serverless endpoint, and not on `{excluded}` instances, for which AWS silently updates all at
  once. `size` goes with every strategy but `all_at_once`. Allowed are, of each variant's instances,
  {sizes};
  a number of instances is held against `initial_instance_count` and, for a scaled variant, its capacities. `rolling`
  has no `termination_wait`, and takes one production variant. `maximum_execution_timeout` is longer than all the waits
  together. `rollback_on` names one to {alarms} alarms of the endpoint, each by a key that only one of them has.
- Tags: at most {tags} on a resource, together, for the collection adds up to {own_tags} of its own.

| Not together with | A model that has |
|---|---|
"""

METRICS_HEAD = """\
## Metrics

The metric decides the namespace and the dimensions of an alarm or a policy. Any other metric is taken for one of
`{invocations}` with `EndpointName` and `VariantName`, with a warning.

| Metric | Namespace | Dimensions | Published for | One data point |
|---|---|---|---|---|
"""


def page() -> str:
    fitting = (name for name, dimension in metrics.predefined().items() if dimension == INSTANCE_COUNT)
    head = HEAD.format(
        version=botocore.__version__,
        units=_listed(f"{unit}s" for unit in reversed(durations.SECONDS)),
        policy=expressions.POLICY_FORM,
        alarm=expressions.ALARM_FORM,
        predefined=_listed(fitting),
        operators=_listed(expressions.OPERATORS),
        statistics=_listed(expressions.statistics()),
        reserved=_listed(RESERVED_TAGS, "or"),
    )
    return head + "\n".join([*_sections(INVENTORY, ""), _rules(), _metrics()])


def _sections(key: Key, path: str) -> t.Iterator[str]:
    yield f"## {f'`{path}`' if path else 'The three parts'}\n"
    if path:
        yield f"{key.help}\n"
    yield "| Key | Type | Default | Allowed | Meaning | In AWS |\n|---|---|---|---|---|---|"
    for child in key.keys:
        yield _row(child)
    yield ""
    for child in key.keys:
        if child.keys:
            inner = f"{path}.{child.name}".lstrip(".")
            yield from _sections(child, f"{inner}.*" if child.kind == "map of objects" else inner)


def _row(key: Key) -> str:
    name = f"*`{key.name}`*" if key.added else f"`{key.name}`"
    default = "required" if key.required else "" if key.default is None else f"`{_yaml(key.default)}`"
    cells = [name, DOCUMENTED_TYPE[key.kind], default, allowed(key), key.help, "<br>".join(map(str, key.members))]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def allowed(key: Key) -> str:
    """The limits of a value in words, those of the schema first."""
    if key.choices:
        return _listed(map(str, key.choices), "or")
    limits = key.limit.metadata if key.limit and key.kind not in ("policy", "alarm", "boolean", "object") else {}
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
    whole = f"`{ALL}`" if key.kind == "all or list of text" else ""
    return "; ".join(part for part in (whole, size, pattern, names) if part)


def _rules() -> str:
    most = MODEL("Tags").shape.metadata["max"]
    alarms = UPDATE("DeploymentConfig.AutoRollbackConfiguration.Alarms").shape.metadata["max"]
    sizes = (f"{low}% to {high}% for `{strategy}`" for strategy, (low, high) in deployment_rules.SIZES.items())
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
        wide = ["EndpointName", *(["VariantName"] if metric.has_variant else [])]
        kinds = ", ".join(metric.kinds) or "inference components only"
        kinds += " (with `use_multiple_models`)" if metric.needs_multi_model else ""
        cells = [f"`{name}`", f"`{metric.namespace}`", ", ".join(wide), kinds, _data_point(metric)]
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
