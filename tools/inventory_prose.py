# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of docs/inventory.md, with places for what the code knows."""

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
mark values that are not valid. The role also checks the rules between keys. The schema is part of the collection. Name
its path, relative to the variables file, in the first line of that file:

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

A policy can also track a value that is computed from metrics, for example
`(CPUUtilization average / 2 + MemoryUtilization average) / 2 = 60`. The arithmetic is that of alarms, described below;
a predefined metric cannot be a part of it. As with any metric that a policy tracks, the result has to fall when
capacity is added.

A policy with steps has the form `{steps}`, for example `CPUUtilization average >= 60 then +1, >= 90 then +3`: one more
instance from 60 percent on, three more from 90 percent on. It becomes a step policy and an alarm of the same name that
calls it, which are created, changed and deleted together. The part before `then` is an expression of an alarm, on a
metric or on arithmetic. `+1` and `-1` change the capacity by a number, `+50%` and `-50%` by a percentage, and `4` sets
it to that number; all steps of a policy change it in one of these ways. Each further step begins with `>=`, or with
`<=` if the first one begins with `<` or `<=`, because AWS includes the number itself. The `alarm` of the policy says
how long the condition has to hold. If somebody mutes the alarm, it stays muted, and each run says so.

**Expressions of alarms** have one of these forms:

- `{alarm}`, for example `ModelLatency p99 > 500000`. The operator is one of {operators}. A metric that counts
  something, such as `Invocation5XXErrors`, needs no statistic: its sum is taken.
- arithmetic over metrics, for example `Invocation5XXErrors / Invocations > 1%`, with `+`, `-`, `*`, `/`, parentheses
  and numbers. Each metric may have its statistic, as in `ModelLatency p99 - OverheadLatency p99 > 500000`. Write a
  space on both sides of each sign. A percentage is a fraction: `1%` is 0.01. While nothing is invoked, a rate has no
  data, and `treat_missing_data` applies. An expression has at most {most_metrics} metrics.
- a band around the values that CloudWatch expects, for example `ModelLatency p90 outside 2 bands`, also with `above`
  or `below`. A band is one standard deviation. CloudWatch trains a model for the metric, an anomaly detector. It keeps
  and charges for the detector until somebody deletes it, also after the alarm has been deleted.
- a signal of a container for large language models, for example `TimeToFirstToken p99 > 2 s for 5 minutes`. The
  signals are {signals}. The first two take a percentile and a threshold in `s` or `ms`, the others one of `Average`,
  `Maximum`, `Minimum` and `Sum` over the instances. `for` says how long the condition has to hold.

A signal becomes a PromQL query over detailed observability, which the endpoint must publish and which only vLLM
containers fill under these names; the query is in the diff of the alarm. For SGLang and everything else, write a
`query` of your own. How AWS spells the names of these metrics is not verified: its blog and people who measured write
`vllm:time_to_first_token_seconds`, its developer guide `vllm_time_to_first_token_seconds_bucket`. An alarm on a name
that does not exist stays `OK`, so each query asks for both spellings. In a query of your own, put labels with dots in
quotes, as in `{{"aws.sagemaker.endpoint.name"="my-endpoint"}}`; with underscores instead of the dots it finds nothing.
Make such an alarm go off once before you rely on it. Whether SageMaker watches alarms on PromQL in
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

METRICS_HEAD = """\
## Metrics

The metric determines the namespace and the dimensions of an alarm or a policy. A metric that is not in this table is a
warning, and is assumed to be in `{invocations}` with `EndpointName` and `VariantName`.

| Metric | Published for | One data point |
|---|---|---|
"""
