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
    "application-autoscaling:DeleteScalingPolicy": "a policy that is declared no more goes",
    "application-autoscaling:DeregisterScalableTarget": "scaling goes, or stands aside for a new instance type",
    "application-autoscaling:DescribeScalableTargets": "what scales, and between which bounds",
    "application-autoscaling:DescribeScalingPolicies": "its policies",
    "application-autoscaling:DescribeScheduledActions": "what has to come back after scaling stood aside",
    "application-autoscaling:ListTagsForResource": "whose the scaling is",
    "application-autoscaling:PutScalingPolicy": "scaling policies",
    "application-autoscaling:PutScheduledAction": "puts scheduled actions of others back after scaling stood aside",
    "application-autoscaling:RegisterScalableTarget": "scaling",
    "application-autoscaling:TagResource": "marks the scaling as the deployment's",
    "application-autoscaling:UntagResource": "removes a tag that is declared no more",
    "cloudwatch:DeleteAlarms": "alarms that are declared no more; those that target tracking made, in your name",
    "cloudwatch:DescribeAlarms": "alarms as they are",
    "cloudwatch:ListTagsForResource": "whose an alarm is",
    "cloudwatch:PutMetricAlarm": "alarms; those that target tracking makes, in your name",
    "cloudwatch:TagResource": "marks an alarm as the deployment's",
    "cloudwatch:UntagResource": "removes a tag that is declared no more",
    "iam:PassRole": "models run in their role",
    "sagemaker:AddTags": "marks what is made as the deployment's",
    "sagemaker:CreateEndpoint": "endpoints",
    "sagemaker:CreateEndpointConfig": "each generation of an endpoint",
    "sagemaker:CreateModel": "each generation of a model",
    "sagemaker:DeleteEndpoint": "destroy, prune, and replacing what failed",
    "sagemaker:DeleteEndpointConfig": "generations that are superseded",
    "sagemaker:DeleteModel": "generations that are superseded",
    "sagemaker:DeleteTags": "removes a tag that is declared no more",
    "sagemaker:DescribeEndpoint": "endpoints as they are; those of others too, for what they use is never deleted",
    "sagemaker:DescribeEndpointConfig": "the same; and registering scaling needs it",
    "sagemaker:DescribeModel": "models as they are",
    "sagemaker:ListEndpointConfigs": "the generations of an endpoint",
    "sagemaker:ListEndpoints": "who uses a generation; waiting for many; prune",
    "sagemaker:ListModels": "the generations of a model",
    "sagemaker:ListTags": "whose a resource is; prune asks it of what the index has, without that of all",
    "sagemaker:UpdateEndpoint": "a new generation of an endpoint",
    "sagemaker:UpdateEndpointWeightsAndCapacities": "weights and counts in place; registering scaling needs it",
    "tag:GetResources": "optional: tags of many resources in one call; without it each is asked, with a warning",
}

_HEAD = """# Permissions

The least that a run needs, for the inventory of `examples/basic` in account 111122223333, region us-east-1. Written by
`python -m tools.permissions --docs` from the calls that deploying, updating, scaling, tagging, undeclaring, pruning,
destroying, rolling back and exporting were seen to make. In all of `tests/scenarios` the simulator refuses the
collection whatever these policies, with the names that the scenario has declared, do not allow.

For an inventory of yours: `python -m tools.permissions --inventory group_vars/sagemaker.yml --account … --region …`.
Names are those that are declared, with their generations (`<name>-????????`); what a run is to prune has to be named
too, so keep an endpoint in the policy until it is gone. An inventory names alarms `<endpoint>/<variant>/<key>`; to what
the module sagemaker_alarm makes by itself under another name the policy has to be widened. Actions on `*` know no
narrower resource; a scalable target's name is given by AWS. Whatever others have is only looked at, but for alarms that
call a step policy which comes back under a new ARN; under other names they ask for `cloudwatch:PutMetricAlarm` on them.
To take over an endpoint whose configuration or model has another name than the inventory gives, allow
`sagemaker:AddTags` on those. An export that finds nothing asks STS which account it is in, for which nobody needs a
permission.

The first scalable target of an account makes AWS create the service-linked role of Application Auto Scaling, which asks
for `iam:CreateServiceLinkedRole` on
`arn:aws:iam::*:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/*` once. A customer managed key
asks for `kms:CreateGrant` on it, by the documentation of SageMaker. Neither call is made by the collection.

Nothing of this was tried on AWS itself. Which action knows which resource is written after the Service Authorization
Reference from memory, and was not held against it; that `cloudwatch:DescribeAlarms` wants `*`, and that the names in
SageMaker's ARNs are in lower case, is a guess.
"""


def page(planning: Needed, applying: Needed, reading: Needed, seen: Narrowing) -> str:
    rows = [
        f"| `{action}` | {_yes(action in planning)} | {_yes(action in reading)} | {PURPOSES[action]} |"
        for action in sorted({*planning, *applying, *reading})
    ]
    return "\n".join(
        [
            _HEAD,
            "## What each action is for\n",
            "| Action | Planning | Export | For |\n| --- | --- | --- | --- |",
            *rows,
            "\n## For planning (check mode)\n",
            *_fenced(document(planning, seen, example())),
            "\n## For the export and `sagemaker_inference_info`\n",
            "Of everything in the account, whoever made it.\n",
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
