#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_inference_info
version_added: 0.1.0
short_description: Read SageMaker endpoints with all that belongs to them, and export them as an inventory
description:
  - Reads endpoints with their configurations, models, live variants, scaling and alarms, whoever made them.
  - Returns them in the options of the other modules, and as an inventory in the documented schema, to be saved as
    variables of a host or group. Applied as it is, the inventory changes nothing but tags by which the collection knows
    what is its own.
  - What the schema has no words for is listed. The inventory is compiled again and compared with what was read, so
    that nothing is left out in silence.
  - V(deployment), V(allow_replace) and V(adopt) of an endpoint are orders for a run and no properties of what exists,
    so they are not part of the inventory.
author:
  - Friends of Ansible (@friendsofansible)
options:
  endpoint_names:
    description:
      - The endpoints to read. Without them, and without O(deployment), all of the region are read.
    type: list
    elements: str
  deployment:
    description:
      - Reads the endpoints that this deployment owns, and those of its models that no endpoint uses.
      - A blank name is refused.
    type: str
  include_environment:
    description:
      - Whether the inventory holds the values of environment variables. Callbacks then show the result as censored.
      - Without them every variable has the value null in the inventory. An apply is refused, before the first call to
        AWS, until they are filled in.
    type: bool
    default: false
  parallelism:
    description:
      - How many calls to AWS are made side by side.
    type: int
    default: 10
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
attributes:
  action:
    support: full
    description: Runs the module, and keeps its result out of sight if it holds values of environment variables.
  check_mode:
    support: full
    description: Does the same in check mode, for it changes nothing.
  diff_mode:
    support: none
    description: Changes nothing, so there is no difference to show.
notes:
  - The values of environment variables are never in RV(endpoints), and in RV(inventory) only with
    O(include_environment=true).
  - Models of the deployment that no endpoint uses are found by C(tag:GetResources), which may be behind by minutes.
    Without that permission they are not looked for, with a warning.
seealso:
  - module: friendsofansible.sagemaker.sagemaker_inference_compile
"""

EXAMPLES = r"""
- name: Read all that a deployment owns
  friendsofansible.sagemaker.sagemaker_inference_info:
    deployment: production
  register: sagemaker

- name: Read two endpoints as an inventory
  friendsofansible.sagemaker.sagemaker_inference_info:
    endpoint_names: [realtime-endpoint, other-endpoint]
  register: sagemaker

- name: Tell what the inventory does not say
  ansible.builtin.debug:
    msg: "{{ sagemaker.not_expressed }}"

- name: Read every endpoint of the region
  friendsofansible.sagemaker.sagemaker_inference_info:
"""

RETURN = r"""
endpoints:
  description: The endpoints, ordered by name.
  returned: success
  type: list
  elements: dict
  contains:
    endpoint_name:
      description: Its name.
      type: str
      returned: always
      sample: realtime-endpoint
    endpoint_arn:
      description: Its ARN.
      type: str
      returned: always
      sample: arn:aws:sagemaker:us-east-1:111122223333:endpoint/realtime-endpoint
    endpoint_status:
      description: Its status.
      type: str
      returned: always
      sample: InService
    failure_reason:
      description: Why it failed or was rolled back, if AWS says so.
      type: str
      returned: always
    invocation_url:
      description:
        - Where it is invoked, with requests that are signed. That of an asynchronous endpoint is another.
      type: str
      returned: in the partitions aws, aws-cn and aws-us-gov
      sample: https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/realtime-endpoint/invocations
    console_url:
      description: Its page in the console of AWS.
      type: str
      returned: in the partitions aws, aws-cn and aws-us-gov
      sample: https://console.aws.amazon.com/sagemaker/home?region=us-east-1#/endpoints/realtime-endpoint
    log_group:
      description: The group of its logs, which AWS makes with the first entry.
      type: str
      returned: always
      sample: /aws/sagemaker/Endpoints/realtime-endpoint
    logs_url:
      description: The page of its logs in the console.
      type: str
      returned: in the partitions aws, aws-cn and aws-us-gov
    deployment:
      description: The deployment that owns it, if any.
      type: str
      returned: always
      sample: default
    tags:
      description: Its tags.
      type: dict
      returned: always
    endpoint_config:
      description:
        - What it serves, in the options of M(friendsofansible.sagemaker.sagemaker_endpoint), with
          C(endpoint_config_name), C(endpoint_config_arn) and C(tags). None if it has been deleted.
      type: dict
      returned: always
    variants:
      description: Its variants as they run.
      type: list
      elements: dict
      returned: always
      contains:
        variant_name:
          description: The name of the variant.
          type: str
          returned: always
          sample: demo-model
        current_weight:
          description: Its share of the traffic.
          type: float
          returned: when AWS tells it
        desired_weight:
          description: The share that it is to have.
          type: float
          returned: when AWS tells it
        current_instance_count:
          description: How many instances it runs.
          type: int
          returned: when AWS tells it
        desired_instance_count:
          description: How many it is to run.
          type: int
          returned: when AWS tells it
        current_serverless_config:
          description: The concurrency of a serverless variant.
          type: dict
          returned: when AWS tells it
        desired_serverless_config:
          description: The concurrency that it is to have.
          type: dict
          returned: when AWS tells it
    last_deployment_config:
      description: How the last update was rolled out, if AWS says so.
      type: dict
      returned: always
    models:
      description:
        - Its models, in the options of M(friendsofansible.sagemaker.sagemaker_model), with C(name), the name without
          the generation, C(model_arn) and C(tags). Values of environment variables are hidden.
      type: list
      elements: dict
      returned: always
    scaling:
      description:
        - The scalable targets of its variants, in the options of M(friendsofansible.sagemaker.sagemaker_scaling), with
          C(policies), C(scheduled_actions), C(scalable_target_arn) and C(tags).
      type: list
      elements: dict
      returned: always
    alarms:
      description:
        - The metric alarms on it but for those that target tracking makes, in the options of
          M(friendsofansible.sagemaker.sagemaker_alarm), with C(state_value), C(alarm_arn) and C(tags).
      type: list
      elements: dict
      returned: always
inventory:
  description:
    - The documented C(models), C(endpoints) and, where all have tags in common, C(additional_tags_all), with defaults
      left out.
    - They are written as a file of variables has to hold them. Braces that begin a template elsewhere are themselves
      written as one.
  returned: success
  type: dict
  sample:
    models:
      demo-model:
        iam_role_arn: arn:aws:iam::111122223333:role/demo-sagemaker
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
account:
  description: The number of the account that was read; none where nothing was found in it and STS does not tell.
  returned: success
  type: str
  sample: "111122223333"
region:
  description: The region that was read.
  returned: success
  type: str
  sample: us-east-1
collection_version:
  description: The version of the collection that has read it.
  returned: success
  type: str
  sample: 0.1.0
not_expressed:
  description: What was read and is not in the inventory, or not as it is.
  returned: success
  type: list
  elements: dict
  contains:
    resource:
      description: The kind and name of the resource.
      type: str
      returned: always
      sample: endpoint realtime-endpoint
    path:
      description: What of it, in options; empty for the whole resource.
      type: str
      returned: always
      sample: production_variants.demo-model.routing_config.routing_strategy
    value:
      description: The value, if there is one to show.
      type: raw
      returned: always
      sample: LEAST_OUTSTANDING_REQUESTS
    would_change:
      description: Whether an apply of the inventory changes it, one that does not prune and that may adopt.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why it is not in the inventory, and what an apply does about it.
      type: str
      returned: always
      sample: an apply would remove it
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.connection import connect
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.redaction import (
    new_module_with_redaction,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import sealed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES, CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.exporter import as_variables, export
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.fleet import Fleet, read_fleet
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.fleet_options import endpoint_options
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.version import VERSION


def run(module: AnsibleAWSModule) -> None:
    """Ends the module's process with its result."""
    api = connect(module, SERVICES)
    try:
        fleet = read_fleet(api, module.params["endpoint_names"] or (), module.params["deployment"])
    except CallFailed as failure:
        module.fail_json(msg=f"the endpoints cannot be read: {failure}")
    exported = export(fleet, module.params["include_environment"])
    told = {
        "changed": False,
        "account": account_of(fleet) or asked_account(module),
        "region": api.region,
        "collection_version": VERSION,
        "endpoints": [endpoint_options(endpoint, fleet) for endpoint in fleet.endpoints],
        "inventory": as_variables(exported.inventory),
        "not_expressed": [each.told for each in exported.not_expressed],
    }
    module.exit_json(**sealed(told))


def account_of(fleet: Fleet) -> str | None:
    """The account, as the ARN of anything that was read tells it."""
    arns = [*(each.arn for each in fleet.endpoints), *(each.arn for each in fleet.models.values())]
    return arns[0].split(":")[4] if arns else None


def asked_account(module: AnsibleAWSModule) -> str | None:
    """The account, as STS tells it; [D] everybody may ask, but not from everywhere, so it is not waited for long."""
    api = connect(module, ("sts",), connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 2})
    try:
        return str(api.call("sts", "GetCallerIdentity")["Account"])
    except CallFailed:
        return None


def main() -> None:
    module = new_module_with_redaction(
        argument_spec={
            "endpoint_names": {"type": "list", "elements": "str"},
            "deployment": {"type": "str"},
            "include_environment": {"type": "bool", "default": False},
            "parallelism": {"type": "int", "default": 10},
        },
        mutually_exclusive=[("endpoint_names", "deployment")],
        supports_check_mode=True,
    )
    run(module)


if __name__ == "__main__":
    main()
