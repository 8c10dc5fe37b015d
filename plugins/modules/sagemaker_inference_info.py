#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_inference_info
version_added: 0.1.0
short_description: Read SageMaker endpoints, and export them as an inventory
description:
  - Reads endpoints with their configurations, models, live variants, scaling and alarms, whoever created them.
  - Returns them in the options of the other modules, and as an inventory in the documented schema, which can be saved
    as variables of a host or group. Applying this inventory unchanged only sets the tags by which the collection
    recognises what it owns.
  - The result lists what the schema cannot express. The module compiles the inventory again and compares it with what
    it read, so nothing is left out silently.
  - V(deployment), V(allow_replace) and V(adopt) of an endpoint are instructions for a run and not properties of a
    resource, so the inventory does not contain them.
author:
  - Friends of Ansible (@friendsofansible)
options:
  endpoint_names:
    description:
      - The endpoints to read. If neither this nor O(deployment) is set, all endpoints of the region are read.
    type: list
    elements: str
  deployment:
    description:
      - Reads the endpoints that this deployment owns, and its models that no endpoint uses.
      - A blank name is refused.
    type: str
  include_environment:
    description:
      - Whether the inventory contains the values of environment variables. Callbacks then show the result as censored.
      - If V(false), every variable has the value null in the inventory. An apply of the inventory is refused, before
        the first AWS call, until the values are filled in.
    type: bool
    default: false
  parallelism:
    description:
      - How many AWS calls are made in parallel.
    type: int
    default: 10
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - friendsofansible.sagemaker.requirements
attributes:
  action:
    support: full
    description: Runs the module, and hides its result if it contains values of environment variables.
  check_mode:
    support: full
    description: Does the same in check mode, because it changes nothing.
  diff_mode:
    support: none
    description: Changes nothing, so there is no diff.
notes:
  - RV(endpoints) never contains values of environment variables, and RV(inventory) only with
    O(include_environment=true).
  - Models of the deployment that no endpoint uses are found with C(tag:GetResources), which may lag by minutes. Without
    that permission, the module does not look for them and prints a warning.
seealso:
  - module: friendsofansible.sagemaker.sagemaker_inference_compile
"""

EXAMPLES = r"""
- name: Read everything that a deployment owns
  friendsofansible.sagemaker.sagemaker_inference_info:
    deployment: production
  register: sagemaker

- name: Read two endpoints as an inventory
  friendsofansible.sagemaker.sagemaker_inference_info:
    endpoint_names: [realtime-endpoint, other-endpoint]
  register: sagemaker

- name: Show what the inventory cannot express
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
      description: The name of the endpoint.
      type: str
      returned: always
      sample: realtime-endpoint
    endpoint_arn:
      description: The ARN of the endpoint.
      type: str
      returned: always
      sample: arn:aws:sagemaker:us-east-1:111122223333:endpoint/realtime-endpoint
    endpoint_status:
      description: The status of the endpoint.
      type: str
      returned: always
      sample: InService
    failure_reason:
      description: Why it failed or was rolled back, if AWS says so.
      type: str
      returned: always
    invocation_url:
      description:
        - The URL for invocations, which need signed requests. An asynchronous endpoint has a different URL.
      type: str
      returned: in the partitions aws, aws-cn and aws-us-gov
      sample: https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/realtime-endpoint/invocations
    console_url:
      description: The URL of its page in the AWS console.
      type: str
      returned: in the partitions aws, aws-cn and aws-us-gov
      sample: https://console.aws.amazon.com/sagemaker/home?region=us-east-1#/endpoints/realtime-endpoint
    log_group:
      description: The log group, which AWS creates with the first log entry.
      type: str
      returned: always
      sample: /aws/sagemaker/Endpoints/realtime-endpoint
    logs_url:
      description: The URL of its logs in the AWS console.
      type: str
      returned: in the partitions aws, aws-cn and aws-us-gov
    deployment:
      description: The deployment that owns it, if any.
      type: str
      returned: always
      sample: default
    tags:
      description: The tags.
      type: dict
      returned: always
    endpoint_config:
      description:
        - The configuration that it serves, in the options of M(friendsofansible.sagemaker.sagemaker_endpoint), with
          C(endpoint_config_name), C(endpoint_config_arn) and C(tags). None if the configuration has been deleted.
      type: dict
      returned: always
    variants:
      description: The live variants of the endpoint.
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
          description: The current share of the traffic.
          type: float
          returned: when AWS returns it
        desired_weight:
          description: The target share of the traffic.
          type: float
          returned: when AWS returns it
        current_instance_count:
          description: The current number of instances.
          type: int
          returned: when AWS returns it
        desired_instance_count:
          description: The target number of instances.
          type: int
          returned: when AWS returns it
        current_serverless_config:
          description: The current concurrency of a serverless variant.
          type: dict
          returned: when AWS returns it
        desired_serverless_config:
          description: The target concurrency of a serverless variant.
          type: dict
          returned: when AWS returns it
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
        - The metric alarms on the endpoint, except those that target tracking creates, in the options of
          M(friendsofansible.sagemaker.sagemaker_alarm), with C(state_value), C(alarm_arn) and C(tags).
      type: list
      elements: dict
      returned: always
inventory:
  description:
    - The documented C(models), C(endpoints) and, if all resources have tags in common, C(additional_tags_all), without
      default values.
    - The values can be written to a variables file as they are. Braces that would begin a template are escaped.
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
  description: The account number. None if nothing was found and STS does not return it.
  returned: success
  type: str
  sample: "111122223333"
region:
  description: The region.
  returned: success
  type: str
  sample: us-east-1
collection_version:
  description: The version of the collection.
  returned: success
  type: str
  sample: 0.1.0
not_expressed:
  description: What was read and cannot be expressed, or not exactly, in the inventory.
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
      description: The option, or empty for the whole resource.
      type: str
      returned: always
      sample: production_variants.demo-model.core_dump_config.destination_s3_uri
    value:
      description: The value, if it can be shown.
      type: raw
      returned: always
      sample: s3://demo-bucket/dumps/
    would_change:
      description: Whether an apply of the inventory, without prune and with adopt, would change it.
      type: bool
      returned: always
      sample: true
    reason:
      description: Why it is not in the inventory, and what an apply would do.
      type: str
      returned: always
      sample: an apply would remove it
risks:
  description:
    - What is risky about the endpoints, whatever the inventory declares. The list is not complete.
    - The checks find endpoints that are not in service, whose last update failed or whose configuration was deleted;
      volumes without a KMS key; variants that do not scale, whose scaling is suspended or that have one instance;
      endpoints without alarms, alarms that can never go into ALARM, have no data or whose actions are disabled; and
      models without network isolation.
  returned: success
  type: list
  elements: dict
  contains:
    resource:
      description: The kind and name of the resource.
      type: str
      returned: always
      sample: variant realtime-endpoint/demo-model
    risk:
      description: What is risky about it.
      type: str
      returned: always
      sample: does not scale
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.connection import (
    caller_account,
    connect,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.redaction import (
    new_module_with_redaction,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.sealed import sealed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES, CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.exporter import as_variables, export
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.fleet import read_fleet
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.fleet_options import endpoint_options
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._export.risks import risks_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.version import VERSION


def run(module: AnsibleAWSModule) -> None:
    """Ends the module's process with its result."""
    api = connect(module, SERVICES)
    try:
        fleet = read_fleet(api, module.params["endpoint_names"] or (), module.params["deployment"])
    except CallFailed as failure:
        module.fail_json(msg=f"the endpoints cannot be read: {failure}")
    exported = export(fleet, module.params["include_environment"])
    endpoints = [endpoint_options(endpoint, fleet) for endpoint in fleet.endpoints]
    result = {
        "changed": False,
        "account": fleet.account or caller_account(module),
        "region": api.region,
        "collection_version": VERSION,
        "endpoints": endpoints,
        "inventory": as_variables(exported.inventory),
        "not_expressed": [each.as_data for each in exported.not_expressed],
        "risks": [risk for endpoint in endpoints for risk in risks_of(endpoint)],
    }
    module.exit_json(**sealed(result))


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
