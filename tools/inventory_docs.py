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
    rules,
    signals,
    step_expressions,
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
    Member,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.rollout_policy import (
    EXCLUDED,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.names import INSTANCE_COUNT

_UNLIMITED = ("policy", "alarm", "at", "cron", "moment", "time zone", "boolean", "object", "parameters")
_MOST_MEMBERS = 4
"""How many members of requests are listed with a key; of more, only the operations."""
PAGE = Path(__file__).parent.parent / "docs" / "inventory.md"

HEAD = """\
<!-- Written by tools/inventory_docs.py from the schema in the code. Change it there. -->
# The inventory

The inventory declares the models and endpoints of a deployment, in the documented schema. The role
`sagemaker_inference` and the action `sagemaker_inference_compile` read it from the variables
`sagemaker_inference_models`, `sagemaker_inference_endpoints` and `sagemaker_inference_additional_tags_all`. If neither
of the first two is set, they read `models`, `endpoints` and `additional_tags_all` instead.

Everything is checked before the first AWS call, and one message lists every problem with its path:

```
The inventory has 2 problems; nothing was sent to AWS:
- endpoints.realtime.provisioned.production_variants.demo.instance_typ: unknown key; did you mean "instance_type"?
- endpoints.realtime.provisioned.production_variants.demo.instance_type: required
```

Two things are warnings: a declaration that AWS accepts but that can never take effect, and a value that the installed
botocore does not list, such as a newer instance type. With `sagemaker_inference_strict: true`, warnings make the run
fail.

The limits on this page are those of botocore {version}; at run time, those of the installed botocore apply. A key with
the value null counts as not set. *Italic* keys are additions to the documented schema.

## In an editor

[inventory.schema.json](inventory.schema.json) is this page as a JSON schema, for editors with the YAML language server,
such as VS Code with Red Hat's YAML extension. They complete keys, instance types and choices, show what each means, and
mark values that are wrong by themselves. The role checks the rest. The schema is part of the collection. Name its path,
relative to the variables file, in the first line of that file:

```yaml
# yaml-language-server: $schema=../collections/ansible_collections/friendsofansible/sagemaker/docs/inventory.schema.json
```

Or name it for all variables files in `.vscode/settings.json`:

```json
{{
  "yaml.schemas": {{
    "collections/ansible_collections/friendsofansible/sagemaker/docs/inventory.schema.json": "group_vars/sagemaker*.yml"
  }}
}}
```

The language mode of the file must be YAML; files in the mode Ansible are not checked. Any value may be a template such
as `{{{{ image }}}}`. Other variables may be in the same file, but one that begins with `sagemaker_inference_` must be a
variable of the role.

## Types of values

**Strings**: a number, a boolean or a date in place of a string is refused, because YAML could otherwise change it, for
example an account number or a version. Put the value in quotes, or end a template with `| string`.

**Numbers** may be strings that contain a number, because templates often return strings.

**Durations** are `<number> <unit>`, with the units {units}, in singular or plural and in any case. Write the largest
unit first, and each unit at most once: `5 minutes`, `1 hour 30 minutes`.

**Sizes** are a percentage of a variant's instances, or a number of instances: `10%`, `1 instance`, `2 instances`.

**Expressions of scaling policies** have the form `{policy}`, for example `CPUUtilization average = 70`. A predefined
metric of Application Auto Scaling needs no statistic; allowed are {predefined}.

A policy can also track what is computed from metrics, for example
`(CPUUtilization average / 2 + MemoryUtilization average) / 2 = 60`. The arithmetic is that of alarms, described below;
a predefined metric cannot be a part of it. The result has to fall when capacity is added, as that of any metric that a
policy tracks.

A policy with steps has the form `{steps}`, for example `CPUUtilization average >= 60 then +1, >= 90 then +3`: one more
instance from 60 percent on, three more from 90 percent on. It becomes a step policy and an alarm of the same name that
calls it, which are created, changed and deleted together. What stands before `then` is an expression of an alarm, on a
metric or on arithmetic. `+1` and `-1` change the capacity by a number, `+50%` and `-50%` by a percentage, and `4` to
that number; all steps of a policy do the same. Further steps begin with `>=`, or with `<=` if the first one begins with
`<` or `<=`, because AWS counts the number itself to them. The `alarm` of the policy says how long the condition has to
hold. If somebody mutes the alarm, it stays muted, and each run says so.

**Expressions of alarms** have one of these forms:

- `{alarm}`, for example `ModelLatency p99 > 500000`. The operator is one of {operators}. A metric that counts
  something, such as `Invocation5XXErrors`, needs no statistic: its sum is taken.
- arithmetic over metrics, for example `Invocation5XXErrors / Invocations > 1%`, with `+`, `-`, `*`, `/`, parentheses
  and numbers. Each metric may have its statistic, as in `ModelLatency p99 - OverheadLatency p99 > 500000`. Put blanks
  around the signs. A threshold in percent is a part of 1: `1%` is 0.01. While nothing is invoked, a rate has no data,
  and `treat_missing_data` applies. At most {most_metrics} metrics.
- a band around the values that CloudWatch expects, for example `ModelLatency p90 outside 2 bands`, also with `above`
  or `below`. A band is one standard deviation. CloudWatch trains a model for the metric, which it keeps and charges
  for when the alarm is gone, until somebody deletes the anomaly detector.
- a signal of a container for large language models, for example `TimeToFirstToken p99 > 2 s for 5 minutes`. The
  signals are {signals}. Durations take a percentile and a threshold in `s` or `ms`, the others one of `Average`,
  `Maximum`, `Minimum` and `Sum` over the instances. After `for` stands how long it has to last.

A signal becomes a PromQL query over detailed observability, which the endpoint must publish and which only vLLM
containers fill under these names; the query is in the diff of the alarm. For SGLang and everything else, write a
`query` of your own. How AWS spells the names of these metrics is not verified: its blog and people who measured write
`vllm:time_to_first_token_seconds`, its developer guide `vllm_time_to_first_token_seconds_bucket`. An alarm on a name
that does not exist stays `OK`, so each query asks for both spellings. In a query of your own, put labels with
dots in quotes, as in `{{"aws.sagemaker.endpoint.name"="my-endpoint"}}`; with underscores instead of the dots it finds
nothing. Make such an alarm go off once before you rely on it. Whether SageMaker watches alarms on PromQL in
`rollback_on` is not documented. These alarms need botocore {promql} or later.

**Statistics** are {statistics}, in any case. Alarms also accept extended statistics such as `p99`, `p99.9`, `tm90`,
`tc90`, `ts90`, `wm90`, `IQM`, `PR(1:10)` or `TM(10%:90%)`. The **number** of an expression can be written as `100`,
`0.5`, `-1` or `1e6`.

**Tags** are merged in this order: those of the model or endpoint, those of the variant, `additional_tags_all`. If a key
occurs twice, the later value applies. Keys must not start with {reserved}.

**Names**: the key of a model, an endpoint or a variant is its name. Alarms and scaling policies are named
`<endpoint>/<variant>/<key>`. A serverless variant has no key; its name is `variant_name`. If that is not set, an
existing variant keeps its name in AWS, and a new one gets the name of its model.

"""

RULES = """\
## Rules between keys

- **Models** have one to 15 containers. For a `CompressedModel`, the location ends in `.tar.gz`. With
  `use_multiple_models`, the location is a prefix, and `compression_type` must stay `CompressedModel`.
  `use_multiple_models` and `UncompressedModel` require a `model_data_location`. All `environment_variables` of a model
  together have at most 32 KB.
- **Endpoints** have exactly one of `provisioned` and `serverless`. The names of two endpoints must differ in more than
  upper and lower case.
- **Shadow variants** require exactly one production and one shadow variant, with different names, on a real-time
  endpoint, and not on `ml.inf1` instances.
- **Asynchronous endpoints** have one variant and no data capture.
- **Data capture** requires at least one of `prediction_request` and `prediction_response`. A `capture_content_type`
  requires at least one list.
- **Scaling** is not allowed with burstable `ml.t2` instances. `minimum_capacity` must not exceed `maximum_capacity`,
  and can be 0 only for an asynchronous endpoint. AWS accepts one policy for each metric or, if the metric needs a
  statistic, one for each statistic of it. This does not hold for policies with steps. A policy with steps and an alarm
  in `cloudwatch_alarms` of the same variant cannot have the same key.
- **Alarms** have periods in whole minutes, or of 10, 20 or 30 seconds. All `evaluation_periods` together are at most
  one day, or seven days if the period is one hour or more. `datapoints_to_alarm` must not exceed `evaluation_periods`.
  Including endpoint and variant, the name of an alarm has at most 255 characters, and the name of a scaling policy 256.
- **Serverless variants**: `provisioned_concurrency` must not exceed `max_concurrency`.
- **Rollout policies** (`deployment`) are not allowed for a serverless endpoint. They are not allowed on `{excluded}`
  instances either, because AWS would silently update those all at once. Every strategy except `all_at_once` requires
  `size`. As a percentage of each variant's instances, it can be {sizes}. A number of instances is checked against
  `initial_instance_count` and, for a scaled variant, against its capacities. `rolling` has no `termination_wait`, and
  allows only one production variant. `maximum_execution_timeout` must be longer than all waits together. `rollback_on`
  names one to {alarms} alarms of the endpoint, each by a key that only one of them has.
- **Tags**: at most {tags} for a resource after merging, because the collection adds up to {own_tags} of its own.

| Feature | Not allowed with a model that has |
|---|---|
"""

_KINDS = {metrics.COMPONENTS: "endpoints with inference components"}
METRICS_HEAD = """\
## Metrics

The metric determines the namespace and the dimensions of an alarm or a policy. A metric that is not in this table is a
warning, and is assumed to be in `{invocations}` with `EndpointName` and `VariantName`.

| Metric | Published for | One data point |
|---|---|---|
"""


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
