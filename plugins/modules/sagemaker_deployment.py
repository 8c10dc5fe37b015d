#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_deployment
version_added: 0.1.0
short_description: Manage models, alarms, endpoints and scaling as one deployment
description:
  - Does in one process what M(friendsofansible.sagemaker.sagemaker_model),
    M(friendsofansible.sagemaker.sagemaker_alarm), M(friendsofansible.sagemaker.sagemaker_endpoint) and
    M(friendsofansible.sagemaker.sagemaker_scaling) do for lists of resources, in this order. Deleting goes the other
    way.
  - A failure holds back only what depends on it. Everything else is brought to its end, and the task then fails with
    all that went wrong.
  - Endpoints serve the current generations of O(models), whose plain names their variants give.
author:
  - Friends of Ansible (@friendsofansible)
options:
  deployment:
    description:
      - The name of the deployment that owns the resources.
      - What is made or adopted is tagged with it, under V(friendsofansible.sagemaker/deployment), which alone tells
        whose it is. Beside it V(managed-by=Ansible) is set, unless the C(tags) of the resource say otherwise.
      - What belongs to another deployment is refused, and only what carries this tag is deleted.
      - It has 1 to 256 letters, digits, spaces and any of C(_.:/=+-@), as AWS takes them for the value of a tag.
    type: str
    required: true
  parts:
    description:
      - Which parts are looked at. V(endpoints) includes the models, for an endpoint needs them.
    type: list
    elements: str
    choices: [models, alarms, endpoints, scaling, prune]
    default: [models, alarms, endpoints, scaling, prune]
  prune:
    description:
      - Whether endpoints, configurations and models of the deployment that are not listed are deleted, with their
        scaling and alarms, where nothing has failed before.
      - They are looked for in AWS's index of tags, so what has been made in the last minutes or hours may go one run
        later; the tags that the service itself tells decide. With O(verify=full), and without C(tag:GetResources), the
        tags of everything in the region are asked for one by one.
      - Models that an endpoint configuration names which stays, of whomever and whether it is served or not, stay too,
        with a warning.
      - It asks for O(models) and O(endpoints), or for both keys of the inventory, be they empty. It is refused where
        another host of the play has the same account, region and deployment; a task that runs once has no other host.
    type: bool
    default: false
  prune_limit:
    description:
      - Nothing is pruned, and the task fails, if more endpoints than this would be.
    type: int
    default: 5
  keep_generations:
    description:
      - How many superseded configurations of an endpoint and generations of a model are kept for the way back. Of
        configurations only those count that have served.
    type: int
    default: 1
  allow_replace:
    description:
      - Whether endpoints that do not set it may be deleted and made again, with an outage, where AWS offers no update.
    type: bool
  adopt:
    description:
      - Whether endpoints, alarms and targets that do not set it may be changed although they are there already and no
        deployment owns them.
    type: bool
  source:
    description:
      - Where the resources come from, V(options) of the task, or the V(inventory), which is the variables that
        M(friendsofansible.sagemaker.sagemaker_inference_compile) reads without options, and which is checked as a whole
        before anything is called.
      - A diff names what changes in the same words. A path of the inventory is the one that causes the change, such as
        V(models.demo) where the configuration of an endpoint changes because its model does. What no single path
        causes, tags for one, keeps the option's name.
    type: str
    choices: [options, inventory]
    default: options
  strict:
    description:
      - Whether warnings about the inventory make the task fail.
    type: bool
    default: false
extends_documentation_fragment:
  - friendsofansible.sagemaker.deployment
  - friendsofansible.sagemaker.common
  - friendsofansible.sagemaker.common.wait
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: friendsofansible.sagemaker.sagemaker_inference_compile
"""

EXAMPLES = r"""
- name: Run an endpoint with its model and its scaling
  friendsofansible.sagemaker.sagemaker_deployment:
    deployment: demo
    models:
      - model_name: demo-model
        execution_role_arn: arn:aws:iam::111122223333:role/sagemaker
        containers:
          - image: 763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.19.0
            model_data_url: s3://demo-bucket/demo-model.tar.gz
    endpoints:
      - endpoint_name: realtime-endpoint
        production_variants:
          - variant_name: demo-model
            model_name: demo-model
            instance_type: ml.m5.large
            initial_instance_count: 1
    targets:
      - endpoint_name: realtime-endpoint
        variant_name: demo-model
        min_capacity: 1
        max_capacity: 4

- name: Run what the variables of the play declare
  friendsofansible.sagemaker.sagemaker_deployment:
    deployment: demo
    source: inventory

- name: Delete all that belongs to the deployment
  friendsofansible.sagemaker.sagemaker_deployment:
    deployment: demo
    prune: true
    models: []
    endpoints: []
"""

RETURN = r"""
models:
  description: The models that were looked at, each with its generation.
  returned: always
  type: list
  elements: dict
  sample: [{name: demo-model, changed: true, effect: create, model_name: demo-model}]
alarms:
  description: The alarms that were looked at.
  returned: always
  type: list
  elements: dict
endpoints:
  description: The endpoints that were looked at.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name of the endpoint.
      type: str
      returned: always
      sample: realtime-endpoint
    changed:
      description: Whether it was changed.
      type: bool
      returned: always
    effect:
      description: What was done or would be.
      type: str
      returned: always
      sample: redeploy
    error:
      description: Why the work on it stopped.
      type: str
      returned: on failure
    endpoint_arn:
      description: Its ARN; none while it has not been made.
      type: str
      returned: when O(state=present)
    endpoint_status:
      description: Its status; none while it has not been made.
      type: str
      returned: when O(state=present)
      sample: InService
    endpoint_config_name:
      description: The configuration that it serves; in check mode the one that it would serve.
      type: str
      returned: when O(state=present)
    invocation_url:
      description:
        - Where it is invoked, with requests that are signed. That of an asynchronous endpoint is another.
      type: str
      returned: when it is there, in the partitions aws, aws-cn and aws-us-gov
      sample: https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/realtime-endpoint/invocations
    console_url:
      description: Its page in the console of AWS.
      type: str
      returned: when it is there, in the partitions aws, aws-cn and aws-us-gov
      sample: https://console.aws.amazon.com/sagemaker/home?region=us-east-1#/endpoints/realtime-endpoint
    log_group:
      description: The group of its logs, which AWS makes with the first entry.
      type: str
      returned: when it is there
      sample: /aws/sagemaker/Endpoints/realtime-endpoint
    logs_url:
      description: The page of its logs in the console.
      type: str
      returned: when it is there, in the partitions aws, aws-cn and aws-us-gov
targets:
  description: The scalable targets that were looked at.
  returned: always
  type: list
  elements: dict
report:
  description: What the whole run did, or in check mode would do, for those who come next.
  returned: always
  type: dict
  contains:
    changed:
      description: Whether anything was changed.
      type: bool
      returned: always
    failed:
      description: Whether anything failed.
      type: bool
      returned: always
    endpoints:
      description:
        - The endpoints that are there, by name.
        - Each has C(name), C(arn), C(status) and, as in RV(endpoints), C(invocation_url), C(console_url), C(log_group)
          and C(logs_url).
      type: dict
      returned: always
    changes:
      description: A line for each change.
      type: list
      elements: str
      returned: always
      sample: [endpoint realtime-endpoint (redeploy; +1 ml.c5.large while both fleets run)]
    summary:
      description: Failures and changes in Markdown, the gravest changes first, in a table of at most 100 rows.
      type: str
      returned: always
      sample: "Nothing to change: everything is as declared."
errors:
  description: A line for each failure.
  returned: on failure
  type: list
  elements: str
"""

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.connection import connect
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.deployment_spec import (
    argument_spec,
    declaration_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import (
    carried_of,
    finish,
    pending_of,
    settings_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.redaction import (
    new_module_with_redaction,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._deployment.run import Deployment


def main() -> None:
    module = new_module_with_redaction(argument_spec=argument_spec(), supports_check_mode=True)
    params = module.params
    settings = settings_of(params, module.check_mode, module.warn)
    api = connect(module, SERVICES)
    deployment = Deployment(declaration_of(params), api, settings, pending_of(params), carried_of(params))
    finish(module, deployment.run())


if __name__ == "__main__":
    main()
