# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serverless variants that keep the name that they have in AWS, and with it their alarms and their scaling.

Another name would be another variant: a needless rollout, after which alarms and scaling of the old name see no data.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..._aws import cloudwatch, sagemaker
from ..._aws.client import Api, CallFailed, Result
from ..._aws.endpoint_descriptions import variants_of
from ..._engine.requests import Options
from ..names import VariantId, action_taken_apart, endpoint_of, taken_apart

KEEP = "keep_variant_name"

Seen: t.TypeAlias = "dict[str, Result | CallFailed]"
Lists: t.TypeAlias = "dict[str, list[Options]]"


def see(api: Api, endpoints: t.Iterable[Options]) -> Seen:
    """Those of the endpoints that are there and may keep the name of their variant, each as it is described."""
    names = [each["endpoint_name"] for each in endpoints if each.get(KEEP)]
    answers = api.each(lambda name: sagemaker.describe_endpoint(api, name), names)
    return {name: answer for name, answer in zip(names, answers, strict=True) if answer}


def names_in(seen: Seen) -> dict[str, str]:
    """By endpoint, the name of its only variant, where that is serverless; while it is updated, the one that comes."""
    found = {name: _only_variant(answer) for name, answer in seen.items() if not isinstance(answer, CallFailed)}
    return {name: variant for name, variant in found.items() if variant}


def _only_variant(description: Result) -> str | None:
    variants = variants_of(description.get("PendingDeploymentSummary", {})) or variants_of(description)
    serverless = ("CurrentServerlessConfig", "DesiredServerlessConfig")
    found = [name for name, each in variants.items() if any(member in each for member in serverless)]
    return found[0] if len(found) == len(variants) == 1 else None


def names_of_alarms(api: Api, endpoints: t.Iterable[Options], seen: Seen) -> dict[str, str]:
    """By endpoint that is gone, the variant that its alarms are still named after."""
    gone = {each["endpoint_name"]: each for each in endpoints if each.get(KEEP) and each.get("alarm_names")}
    asked = [name for name in gone if name not in seen]
    found = cloudwatch.alarms_of_endpoints(api, asked)
    names = {name: _named_after(gone[name], found) for name in asked}
    return {name: variant for name, variant in names.items() if variant}


def _named_after(endpoint: Options, alarms: t.Iterable[str]) -> str | None:
    declared = _declared(endpoint)
    variants = {
        name.of.variant
        for name in filter(None, map(taken_apart, alarms))
        if name.of._replace(variant=declared).named(name.key) in endpoint["alarm_names"]
    }
    return None if declared in variants or len(variants) != 1 else variants.pop()


def _declared(endpoint: Options) -> str:
    return str(endpoint["production_variants"][0]["variant_name"])


def with_names(lists: t.Mapping[str, t.Sequence[Options]], names: t.Mapping[str, str]) -> Lists:
    """The lists of endpoints, alarms and targets with each variant under the name that it keeps."""
    declared = {each["endpoint_name"]: _declared(each) for each in lists["endpoints"] if each["endpoint_name"] in names}
    kept = {name: _Kept(name, variant, names[name]) for name, variant in declared.items() if names[name] != variant}
    renaming = {"endpoints": _Kept.of_endpoint, "alarms": _Kept.of_alarm, "targets": _Kept.of_target}
    return {
        plural: [_renamed(kept.get(endpoint_name_in(each)), rename, each) for each in lists[plural]]
        for plural, rename in renaming.items()
    }


def endpoints_with(names: t.Mapping[str, str], endpoints: t.Sequence[Options]) -> list[Options]:
    """The options of endpoints with each variant under the name that it keeps."""
    return with_names({"endpoints": endpoints, "alarms": [], "targets": []}, names)["endpoints"]


def endpoint_name_in(options: Options) -> str:
    """The endpoint that a target is of, or an alarm named after."""
    return str(options.get("endpoint_name") or endpoint_of(options["alarm_name"]))


def _renamed(kept: _Kept | None, rename: t.Callable[[_Kept, Options], Options], options: Options) -> Options:
    return rename(kept, options) if kept else options


@dataclass(frozen=True)
class _Kept:
    """A variant that is declared under one name and has another."""

    endpoint: str
    declared: str
    name: str

    def of_endpoint(self, options: Options) -> Options:
        renamed = options | {"production_variants": [self._variant(each) for each in options["production_variants"]]}
        if options.get("alarm_names") is not None:
            renamed["alarm_names"] = [self._named(each) for each in options["alarm_names"]]
        if options.get("scaled_variants") is not None:
            renamed["scaled_variants"] = [self._of(each) for each in options["scaled_variants"]]
        return renamed

    def of_alarm(self, options: Options) -> Options:
        return self._watching(options) | {"alarm_name": self._named(options["alarm_name"])}

    def _watching(self, options: Options) -> Options:
        """The options of an alarm, with what it watches."""
        renamed = self._measuring(options)
        if options.get("alarm_rule") is not None:
            renamed["alarm_rule"] = self._of_rule(options["alarm_rule"])
        query = ((options.get("evaluation_criteria") or {}).get("prom_ql_criteria") or {}).get("query")
        if query:
            criteria = options["evaluation_criteria"]["prom_ql_criteria"] | {"query": self._of_query(query)}
            renamed["evaluation_criteria"] = {"prom_ql_criteria": criteria}
        return renamed

    def _measuring(self, options: Options) -> Options:
        """The options of an alarm or a policy, with its metric or its metrics."""
        renamed = options | self._dimensions(options)
        if options.get("metrics") is not None:
            renamed["metrics"] = [self._query(each) for each in options["metrics"]]
        return renamed

    def _of_rule(self, rule: str) -> str:
        """The rule of a composite alarm of the endpoint."""
        declared, name = (VariantId(self.endpoint, each).named("") for each in (self.declared, self.name))
        return rule.replace(f'("{declared}', f'("{name}')

    def _of_query(self, query: str) -> str:
        """A PromQL query, with the label of the variant as CloudWatch has it."""
        label = '"aws.sagemaker.variant.name"='
        return query.replace(f'{label}"{self.declared}"', f'{label}"{self.name}"')

    def of_target(self, options: Options) -> Options:
        renamed = self._variant(options)
        if options.get("policies") is not None:
            renamed["policies"] = [self._policy(each) for each in options["policies"]]
        if options.get("scheduled_actions") is not None:
            renamed["scheduled_actions"] = [self._action(each) for each in options["scheduled_actions"]]
        return renamed

    def _action(self, options: Options) -> Options:
        own = action_taken_apart(options["scheduled_action_name"])
        if own is None or own.of != (self.endpoint, self.declared):
            return options
        name = own.of._replace(variant=self.name).action_named(own.key)
        return options | {"scheduled_action_name": name}

    def _policy(self, options: Options) -> Options:
        renamed = options | {"policy_name": self._named(options["policy_name"])}
        if options.get("alarm") is not None:
            renamed["alarm"] = self._watching(options["alarm"])
        tracking = options.get("target_tracking_scaling_policy_configuration") or {}
        metric = tracking.get("customized_metric_specification")
        if metric:
            tracked = tracking | {"customized_metric_specification": self._measuring(metric)}
            renamed["target_tracking_scaling_policy_configuration"] = tracked
        return renamed

    def _query(self, options: Options) -> Options:
        """A metric query."""
        stat = options.get("metric_stat")
        if not stat:
            return options
        return options | {"metric_stat": stat | {"metric": stat["metric"] | self._dimensions(stat["metric"])}}

    def _dimensions(self, metric: Options) -> Options:
        if metric.get("dimensions") is None:
            return {}
        return {
            "dimensions": [
                each | {"value": self._of(each["value"])} if each["name"] == "VariantName" else each
                for each in metric["dimensions"]
            ]
        }

    def _variant(self, options: Options) -> Options:
        return options | {"variant_name": self._of(options["variant_name"])}

    def _of(self, variant: str) -> str:
        return self.name if variant == self.declared else variant

    def _named(self, name: str) -> str:
        """The name of an alarm or a policy of the variant."""
        own = taken_apart(name)
        if own is None or own.of != (self.endpoint, self.declared):
            return name
        return own.of._replace(variant=self.name).named(own.key)
