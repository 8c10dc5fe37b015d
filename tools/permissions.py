# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM policies for an inventory, from the calls that runs were seen to make; --docs writes docs/permissions.md."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pytest
import yaml

from simulator.process import running
from tests.scenarios.fault_matrix import new_world
from tests.scenarios.needed import Needed, applied, document, looked_at, needed, planned, watched
from tests.scenarios.policies import EXAMPLE, PAGE, Narrowing, example

PURPOSES = {
    "application-autoscaling:DeleteScalingPolicy": "delete policies that are no longer declared",
    "application-autoscaling:DeleteScheduledAction": "delete scheduled actions that are no longer declared",
    "application-autoscaling:DeregisterScalableTarget": "remove scaling, also during an update to a new instance type",
    "application-autoscaling:DescribeScalableTargets": "read scalable targets and their bounds",
    "application-autoscaling:DescribeScalingPolicies": "read scaling policies",
    "application-autoscaling:DescribeScheduledActions": "read scheduled actions, also those to restore after an update",
    "application-autoscaling:ListTagsForResource": "find the owner of a scalable target",
    "application-autoscaling:PutScalingPolicy": "create and update scaling policies",
    "application-autoscaling:PutScheduledAction": "create, update and restore scheduled actions",
    "application-autoscaling:RegisterScalableTarget": "register scalable targets",
    "application-autoscaling:TagResource": "mark scalable targets as owned by the deployment",
    "application-autoscaling:UntagResource": "remove tags that are no longer declared",
    "cloudwatch:DeleteAlarms": "delete undeclared alarms; AWS deletes target tracking alarms in your name",
    "cloudwatch:DescribeAlarms": "read alarms",
    "cloudwatch:ListTagsForResource": "find the owner of an alarm",
    "cloudwatch:PutCompositeAlarm": "create and update composite alarms; only `composite_alarms` needs it",
    "cloudwatch:PutMetricAlarm": "create and update alarms; AWS creates target tracking alarms in your name",
    "cloudwatch:TagResource": "mark alarms as owned by the deployment",
    "cloudwatch:UntagResource": "remove tags that are no longer declared",
    "iam:PassRole": "pass a model its role, and an endpoint that has one of its own",
    "sagemaker:AddTags": "mark resources as owned by the deployment",
    "sagemaker:CreateEndpoint": "create endpoints",
    "sagemaker:CreateEndpointConfig": "create a generation of an endpoint configuration",
    "sagemaker:CreateModel": "create a generation of a model",
    "sagemaker:DeleteEndpoint": "destroy, prune, and replace failed endpoints",
    "sagemaker:DeleteEndpointConfig": "delete old generations",
    "sagemaker:DeleteModel": "delete old generations",
    "sagemaker:DeleteTags": "remove tags that are no longer declared",
    "sagemaker:DescribeEndpoint": "read endpoints, also those of others, because nothing that they use is deleted",
    "sagemaker:DescribeEndpointConfig": "read endpoint configurations, also those of others; register scalable targets",
    "sagemaker:DescribeModel": "read models",
    "sagemaker:ListEndpointConfigs": "find the generations of an endpoint configuration",
    "sagemaker:ListEndpoints": "find who uses a generation; wait for many endpoints; prune",
    "sagemaker:ListModels": "find the generations of a model",
    "sagemaker:ListTags": "find the owner of a resource; without the tag index, prune asks this of everything",
    "sagemaker:UpdateEndpoint": "update an endpoint to a new generation",
    "sagemaker:UpdateEndpointWeightsAndCapacities": "change weights and counts in place; register scalable targets",
    "tag:GetResources": "optional: read many resources' tags in one call; without it one call each, and a warning",
}

_HEAD = """# Permissions

This page lists the minimum permissions of a run, for the inventory of `examples/basic` in account 111122223333, region
us-east-1. `python -m tools.permissions --docs` wrote it from the calls that runs made while they deployed, updated,
scaled, tagged, removed, pruned, destroyed, rolled back and exported. In all of `tests/scenarios`, the simulator denies
every call that these policies do not allow, with the names that the scenario declares.

To get the policies for your own inventory, run
`python -m tools.permissions --inventory group_vars/sagemaker.yml --account … --region …`.

- **Names.** The policies name what the inventory declares, and its generations (`<name>-????????`). A run can only
  prune what the policy still names, so keep an endpoint in the policy until it is deleted.
- **Alarms.** Alarms of an inventory are named `<endpoint>/<variant>/<key>`, composite alarms `<endpoint>/<key>`.
  If you use the module `sagemaker_alarm` with other names, extend the policy.
- **`*` as resource.** These actions accept no narrower resource. For scalable targets, AWS chooses the name.
- **Resources of others.** A run only reads them, with one exception: alarms that call a step policy which was restored
  with a new ARN. If such alarms have other names, also allow `cloudwatch:PutMetricAlarm` on them.
- **Adoption.** To adopt an endpoint whose configuration or model has a different name than in the inventory, allow
  `sagemaker:AddTags` on those too.
- **Account number.** An export that finds nothing asks STS for the account number, which needs no permission.
- **Audit and smoke test.** An audit needs the permissions for planning and for the export. A smoke test needs those for
  planning, and `sagemaker:InvokeEndpoint` on the endpoints that it invokes.
- **Service-linked role.** The first scalable target of an account makes AWS create the service-linked role of
  Application Auto Scaling. This needs `iam:CreateServiceLinkedRole` once, on
  `arn:aws:iam::*:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/*`. The collection does not make
  this call itself.
- **KMS.** According to the SageMaker documentation, a customer managed key needs `kms:CreateGrant` on the key. The
  collection does not make this call itself.

None of this has been tested on AWS. Which action accepts which resource was written from memory of the Service
Authorization Reference, and was not compared with it. It is a guess that `cloudwatch:DescribeAlarms` needs `*`, and
that names in SageMaker's ARNs are in lower case.
"""


def page(planning: Needed, applying: Needed, reading: Needed, seen: Narrowing) -> str:
    rows = [
        f"| `{action}` | {_yes(action in planning)} | {_yes(action in reading)} | {PURPOSES[action]} |"
        for action in sorted({*planning, *applying, *reading})
    ]
    return "\n".join(
        [
            _HEAD,
            "## What each action is needed for\n",
            "| Action | Planning | Export | Needed to |\n| --- | --- | --- | --- |",
            *rows,
            "\n## For planning (check mode)\n",
            *_fenced(document(planning, seen, example())),
            "\n## For the export and `sagemaker_inference_info`\n",
            "These allow reading everything in the account, whoever created it.\n",
            *_fenced(document(reading, seen, example())),
            "\n## For applying, pruning, destroying and rolling back\n",
            *_fenced(document(applying, seen, example())),
            "",
        ]
    )


def _yes(is_needed: bool) -> str:
    return "yes" if is_needed else ""


def _fenced(policy: dict[str, object]) -> list[str]:
    return ["```json", json.dumps(policy, indent=2), "```"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--inventory", type=Path, default=EXAMPLE)
    parser.add_argument("--account", default="111122223333")
    parser.add_argument("--region", default="us-east-1")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--plan", action="store_true", help="the policy for check mode only")
    only.add_argument("--export", action="store_true", help="the policy for the export only")
    options = parser.parse_args()
    with running() as simulator, pytest.MonkeyPatch.context() as patch:
        world = new_world(simulator, patch, is_bound=False)
        planning, applying, reading = (needed(calls(world)) for calls in (planned, applied, looked_at))
        seen = watched(world.account)
    if options.docs:
        PAGE.write_text(page(planning, applying, reading, seen), encoding="utf-8")
    else:
        declared = yaml.safe_load(options.inventory.read_text(encoding="utf-8"))
        wanted = Narrowing(declared, options.region, options.account)
        asked = planning if options.plan else reading if options.export else applying
        print(json.dumps(document(asked, seen, wanted), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
