# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small valid inventories that the tests change."""

from __future__ import annotations

import copy
import functools
import typing as t

import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.compiler import (
    Compiled,
    compile_inventory,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput

Inventory = dict[str, t.Any]

ROLE = "arn:aws:iam::111122223333:role/demo"
TOPIC = "arn:aws:sns:us-east-1:111122223333:topic"
OTHER_TOPIC = "arn:aws:sns:us-east-1:111122223333:other"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd"

README = """
models:
  demo-model:
    iam_role_arn: arn:aws:iam::111122223333:role/service-role/AmazonSageMakerServiceCatalogProductsExecutionRole
    container_definitions:
      container1:
        image: 763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.19.0
        model_data_location: s3://demo-bucket/demo-model.tar.gz
endpoints:
  realtime-endpoint:
    provisioned:
      production_variants:
        demo-model:
          instance_type: ml.m5.large
          auto_scaling:
            policies:
              builtin-policy: {expression: "SageMakerVariantInvocationsPerInstance = 1000"}
              keep-invocations-near-100: {expression: "Invocations average = 100"}
          cloudwatch_alarms:
            invocations-greater-than-1000: {expression: "Invocations average > 1000"}
            invocation-5xx-errors-greater-than-10: {expression: "Invocation5XXErrors average >= 10"}
"""

_MODELS = f"""
models:
  m: {{iam_role_arn: "{ROLE}", container_definitions: {{c: {{image: "repo/image:1"}}}}}}
  other: {{iam_role_arn: "{ROLE}", container_definitions: {{c: {{image: "repo/image:1"}}}}}}
"""
_ENDPOINTS = {
    "realtime": """
endpoints:
  e:
    provisioned:
      production_variants:
        m:
          instance_type: ml.m5.large
          auto_scaling: {maximum_capacity: 2, policies: {p: {expression: "CPUUtilization average = 70"}}}
          cloudwatch_alarms: {a: {expression: "ModelLatency p99 > 500000"}}
""",
    "capture": """
endpoints:
  e:
    provisioned:
      production_variants: {m: {instance_type: ml.m5.large}}
      enable_data_capture: {s3_location_to_store_data_collected: "s3://bucket/captured"}
""",
    "async": """
endpoints:
  e:
    provisioned:
      production_variants: {m: {instance_type: ml.m5.large}}
      async_invocation_config: {s3_output_path: "s3://bucket/out"}
""",
    "shadow": """
endpoints:
  e:
    provisioned:
      production_variants: {m: {instance_type: ml.m5.large}}
      shadow_variants: {other: {instance_type: ml.m5.large}}
""",
    "serverless": """
endpoints:
  e: {serverless: {variant: {model_name: m, cloudwatch_alarms: {a: {expression: "Invocations sum > 5"}}}}}
""",
    "models": "",
}


def example(name: str) -> Inventory:
    """A fresh valid inventory: realtime, capture, async, shadow, serverless, or models alone."""
    return copy.deepcopy(_read(name))


@functools.cache
def _read(name: str) -> Inventory:
    inventory: Inventory = yaml.safe_load(_MODELS + _ENDPOINTS[name])
    return inventory


def change(inventory: Inventory, path: str, value: object) -> Inventory:
    """The same inventory with the value at *path* set, maps on the way made as needed."""
    *parents, last = path.split(".")
    place = inventory
    for parent in parents:
        place = place.setdefault(parent, {})
    place[last] = value
    return inventory


def without(inventory: Inventory, path: str) -> Inventory:
    *parents, last = path.split(".")
    place = inventory
    for parent in parents:
        place = place[parent]
    del place[last]
    return inventory


def options(compiled: Compiled) -> dict[str, t.Any]:
    return {kind: getattr(compiled, kind) for kind in ("models", "alarms", "endpoints", "targets")}


def flat(value: object, path: str = "") -> dict[str, object]:
    """Every scalar in the value by its path; empty maps and lists count as scalars."""
    if isinstance(value, dict) and value:
        return {where: leaf for key, inner in value.items() for where, leaf in flat(inner, f"{path}.{key}").items()}
    if isinstance(value, list) and value:
        return {where: leaf for at, inner in enumerate(value) for where, leaf in flat(inner, f"{path}[{at}]").items()}
    return {path.lstrip("."): value}


def refused(inventory: Inventory, strict: bool = False) -> list[str]:
    """The problems for which the inventory is refused, none if it is not."""
    try:
        compile_inventory(inventory, strict=strict)
    except InvalidInput as error:
        return [str(problem) for problem in error.problems]
    return []
