# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings about declarations that AWS accepts but that can never take effect. Nothing is rewritten."""

from __future__ import annotations

import typing as t

from ..problems import Problem, nearest, quoted
from . import alarm_expressions, durations, expressions, metrics, rollout_rules, schedules, variants
from .alarm_expressions import Alarm, AlarmExpression, SignalAlarm
from .alarm_rules import SHORT_PERIODS
from .arithmetic import measures
from .expression_reader import number_text
from .metrics import Metric
from .reader import Tree
from .scaling_keys import caller
from .schema import ALL
from .step_expressions import StepPolicy
from .values import segment
from .variant_rules import has_local_disk
from .variants import Variant
from .waking import may_wake

Problems = t.Iterator[Problem]

# Below this a latency in microseconds was probably meant in milliseconds.
SMALL_LATENCY = 5000
_INVOCATIONS_PER_INSTANCE = "SageMakerVariantInvocationsPerInstance"


def problems(tree: Tree) -> Problems:
    for name, model in tree["models"].items():
        for host, container in model["container_definitions"].items():
            yield from _container(container, f"models.{segment(name)}.container_definitions.{segment(host)}")
    for name, endpoint in tree["endpoints"].items():
        yield from _endpoint(endpoint, variants.endpoint_path(name))
    for variant in variants.of_inventory(tree):
        yield from _variant(variant)


def _warning(path: str, message: str) -> Problem:
    return Problem(path, message, is_warning=True)


def _container(container: Tree, path: str) -> Problems:
    address, is_archive = container["model_data_location"], (container["model_data_location"] or "").endswith(".tar.gz")
    if is_archive and container["compression_type"] == "UncompressedModel":
        yield _warning(f"{path}.compression_type", f"{quoted(address)} is an archive, so SageMaker unpacks it anyway")
    if is_archive and container["use_multiple_models"] is not None:
        reason = "is a single archive; with use_multiple_models, write the prefix under which the models are stored"
        yield _warning(f"{path}.model_data_location", f"{quoted(address)} {reason}")


def _endpoint(endpoint: Tree, path: str) -> Problems:
    provisioned = endpoint["provisioned"]
    if endpoint["encryption_key"] is not None:
        yield from _key(provisioned, f"{path}.encryption_key")
    yield from _deployment(endpoint["deployment"], f"{path}.deployment.wait_interval")
    yield from _rollback(endpoint, f"{path}.deployment.rollback_on")
    weights = [variant["initial_weight"] for variant in _production(provisioned)]
    if weights and not any(weights):
        where = f"{path}.provisioned.production_variants"
        yield _warning(where, "every initial_weight is 0, so no variant gets traffic")


def _deployment(deployment: Tree | None, path: str) -> Problems:
    if deployment is None or deployment["wait_interval"] != 0:
        return
    strategy = deployment["strategy"]
    if deployment["rollback_on"]:
        yield _warning(path, "a wait_interval of 0 seconds leaves the alarms of rollback_on no time to go off")
    elif strategy in rollout_rules.SIZES:
        shifted = f"strategy {quoted(strategy)} shifts the traffic nearly all at once"
        yield _warning(path, f"with a wait_interval of 0 seconds, {shifted}")


def _rollback(endpoint: Tree, path: str) -> Problems:
    """No page says whether SageMaker watches alarms on PromQL; the same is unknown for composite alarms."""
    wanted = (endpoint["deployment"] or {}).get("rollback_on") or ()
    variants_of = (endpoint["provisioned"] or {}).get("production_variants") or {}
    for variant, values in variants_of.items():
        for key, alarm in values["cloudwatch_alarms"].items():
            is_query = alarm["query"] or isinstance(alarm["expression"], SignalAlarm)
            if is_query and (wanted == ALL or key in wanted or f"{variant}/{key}" in wanted):
                reason = "is on a PromQL query, and AWS does not say whether such an alarm rolls an update back"
                yield _warning(path, f"{quoted(key)} {reason}")


def _key(provisioned: Tree | None, path: str) -> Problems:
    if provisioned is None:
        reason = "a serverless endpoint has neither volumes nor captured data to encrypt, so the key is not sent"
        yield _warning(path, reason)
        return
    asynchronous = provisioned["async_invocation_config"]
    if asynchronous and asynchronous["encryption_key"] is None:
        advice = "the responses in S3 are encrypted by async_invocation_config.encryption_key, which is not given"
        yield _warning(path, f"encrypts the volumes; {advice}")
    for instance_type in {variant["instance_type"] or "": None for variant in _production(provisioned)}:
        if has_local_disk(instance_type):
            yield _warning(path, f"does not encrypt the disks that {quoted(instance_type)} has of its own; AWS does")


def _production(provisioned: Tree | None) -> list[Tree]:
    return list(provisioned["production_variants"].values()) if provisioned else []


def _variant(variant: Variant) -> Problems:
    instance_type, volume = variant.values.get("instance_type"), variant.values.get("volume_size")
    if volume and has_local_disk(instance_type or ""):
        reason = f"{quoted(instance_type)} has disks of its own; AWS may refuse a volume size for it"
        yield _warning(f"{variant.path}.volume_size", f"{volume}: {reason}")
    if variant.scaling:
        policies = [policy for _key, policy, _path in variant.policies]
        yield from _scaling(variant.scaling, policies, f"{variant.path}.auto_scaling")
    for _key, policy, path in variant.policies:
        yield from _policy(policy, variant, path)
    for _key, schedule, path in variant.schedules:
        if schedule["time_zone"] is not None and not schedules.is_canonical(schedule["time_zone"]):
            reason = "AWS accepts names of the IANA database, such as Europe/Berlin, and may refuse an abbreviation"
            yield _warning(f"{path}.time_zone", f"{quoted(schedule['time_zone'])}: {reason}")
    for _key, alarm, path in variant.alarms:
        if alarm["expression"]:
            yield from _alarm(alarm["expression"], variant, f"{path}.expression")
            yield from _short_period(alarm, f"{path}.period")


def _scaling(scaling: Tree, policies: t.Sequence[Tree], path: str) -> Problems:
    low, high = scaling["minimum_capacity"], scaling["maximum_capacity"]
    if policies and low is not None and low == high:
        yield _warning(path, f"minimum_capacity and maximum_capacity are both {low}, so no policy can ever act")
    if not policies:
        yield _warning(f"{path}.policies", "there is no policy, so nothing ever scales")
    elif low == 0 and not any(may_wake(policy) for policy in policies):
        names = ", ".join(name for name, metric in metrics.CATALOGUE.items() if metric.is_of_queue)
        reason = "no policy acts while there is no instance, so nothing starts the first one again"
        advice = f"set wake_from_zero: true, or use a metric that has data then: {names}"
        yield _warning(f"{path}.minimum_capacity", f"0: {reason}; {advice}")


def _policy(policy: Tree, variant: Variant, path: str) -> Problems:
    expression: expressions.PolicyExpression | None = policy["expression"]
    if isinstance(expression, StepPolicy):
        yield from _alarm(expression.condition, variant, f"{path}.expression")
        yield from _short_period(caller(policy), f"{path}.alarm.period")
    elif isinstance(expression, expressions.MathPolicy):
        for name in dict.fromkeys(each.metric for each in measures(expression.term)):
            yield from _metric(name, variant, f"{path}.expression")
    elif expression is not None:
        yield from _tracking(expression, variant, f"{path}.expression")


def _tracking(expression: expressions.Policy, variant: Variant, path: str) -> Problems:
    if expression.metric in metrics.predefined():
        if expression.statistic:
            yield _warning(
                path, f"{quoted(expression.text)}: a predefined metric has its own statistic; this one is ignored"
            )
        if expression.metric == _INVOCATIONS_PER_INSTANCE and variant.kind == metrics.ASYNC:
            yield _unpublished(expression.metric, variant.kind, path)
        return
    yield from _metric(expression.metric, variant, path)
    low, high = metrics.reachable(metrics.metric_of(expression.metric), expression.statistic or "")
    if not low <= expression.target <= high or low == high:
        reason = _values(metrics.metric_of(expression.metric))
        yield _warning(path, f"{quoted(expression.text)} has nothing to track: {reason}{_sum_advice(expression)}")
    elif _is_small_latency(expression.metric, expression.statistic or "", expression.target):
        yield _small_latency(expression, expression.target, path)


def _alarm(expression: AlarmExpression, variant: Variant, path: str) -> Problems:
    for name in dict.fromkeys(name for name, _statistic in alarm_expressions.metrics_in(expression)):
        yield from _metric(name, variant, path)
    if isinstance(expression, Alarm):
        yield from _threshold(expression, path)
    if isinstance(expression, SignalAlarm) and variant.kind != metrics.REALTIME:
        # [D monitoring-cloudwatch-detailed-observability]
        yield _unpublished(expression.condition.signal, variant.kind, path)


def _short_period(alarm: Tree, path: str) -> Problems:
    names = [name for name, _statistic in alarm_expressions.metrics_in(alarm["expression"])]
    rare = next((name for name in names if metrics.metric_of(name).is_minutely and name in metrics.CATALOGUE), None)
    if rare and alarm["period"] in SHORT_PERIODS:
        period = durations.as_duration(alarm["period"])
        yield _warning(
            path, f"{quoted(period)}: {quoted(rare)} has one data point per minute, so most periods have no data"
        )


def _threshold(expression: Alarm, path: str) -> Problems:
    metric = metrics.metric_of(expression.metric)
    outcome = _outcome(expression, metrics.reachable(metric, expression.statistic))
    if outcome is not None:
        verdict = "is true whenever there is data" if outcome else "can never be true"
        yield _warning(path, f"{quoted(expression.text)} {verdict}: {_values(metric)}{_sum_advice(expression)}")
    elif _is_small_latency(expression.metric, expression.statistic, expression.threshold):
        yield _small_latency(expression, expression.threshold, path)


def _outcome(expression: Alarm, reachable: metrics.Interval) -> bool | None:
    """Whether the comparison is always true or always false, None if it depends on the data."""
    low, high = reachable
    always, never = {
        ">": (low > expression.threshold, high <= expression.threshold),
        ">=": (low >= expression.threshold, high < expression.threshold),
        "<": (high < expression.threshold, low >= expression.threshold),
        "<=": (high <= expression.threshold, low > expression.threshold),
    }[expression.operator]
    return True if always else False if never else None


def _metric(name: str, variant: Variant, path: str) -> Problems:
    """Warnings about metrics that the endpoint does not publish, or that are unknown."""
    if name not in metrics.CATALOGUE:
        taken = f"; it is treated as a metric of {metrics.INVOCATIONS} with EndpointName and VariantName"
        yield _warning(path, f"{quoted(name)} is not a known metric{nearest(name, metrics.CATALOGUE)}{taken}")
        return
    metric = metrics.metric_of(name)
    if metric.measured_by == "component":
        yield _warning(
            path, f"{quoted(name)} is published for inference components only, which this inventory does not make"
        )
    elif metric.kinds == (metrics.COMPONENTS,):
        reason = "is published only for endpoints that host inference components, which this inventory does not make"
        yield _warning(path, f"{quoted(name)} {reason}")
    elif variant.kind not in metric.kinds:
        yield _unpublished(name, variant.kind, path)
    elif metric.needs_multi_model and variant.model and not variants.hosts_many_models(variant.model):
        yield _warning(path, f"{quoted(name)} is published only for models with use_multiple_models")


def _unpublished(name: str, kind: str, path: str) -> Problem:
    article = "an" if kind == metrics.ASYNC else "a"
    return _warning(path, f"{quoted(name)} is not published for {article} {kind} endpoint, so there is never any data")


def _values(metric: Metric) -> str:
    low, high = (number_text(bound) if bound != float("inf") else "" for bound in metric.values)
    if low == high:
        return f"every data point is {low}"
    return f"every data point is between {low} and {high}" if high else f"every data point is {low} or more"


def _sum_advice(expression: Alarm | expressions.Policy) -> str:
    return "; Sum counts them" if metrics.metric_of(expression.metric).unit == metrics.PER_REQUEST else ""


def _is_small_latency(name: str, statistic: str, number: float) -> bool:
    is_latency = metrics.metric_of(name).unit == metrics.MICROSECONDS
    return is_latency and statistic not in ("SampleCount", "Sum") and 0 < number < SMALL_LATENCY


def _small_latency(expression: Alarm | expressions.Policy, number: float, path: str) -> Problem:
    milliseconds = number_text(number / 1000)
    return _warning(
        path, f"{quoted(expression.text)}: the metric is in microseconds, so this is {milliseconds} milliseconds"
    )
