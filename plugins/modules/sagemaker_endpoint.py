#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_endpoint
version_added: 0.1.0
short_description: Manage Amazon SageMaker endpoints
description:
  - Creates, updates and deletes SageMaker endpoints with their endpoint configurations, one or many in a task.
  - Endpoint configurations are immutable. For a change, the module creates a new configuration, with a digest of
    its content in its name, and updates the endpoint to it. The update has succeeded if the endpoint is in service
    I(and) serves that configuration. A rolled-back update is a failure.
  - Weights, instance counts and serverless concurrency are compared with the live values, and changed in place. The
    module does not change the count of a variant under autoscaling.
  - An existing endpoint that equals the options is adopted, whatever the name of its configuration.
author:
  - Friends of Ansible (@friendsofansible)
options:
  state:
    description:
      - V(present) creates or updates the endpoint. V(absent) deletes it with its configurations.
      - V(rolled_back) updates the endpoint to the configuration that served before the current one, with the live
        counts, weights and concurrency. A rollback never goes to a configuration that has never served, nor to one that
        an earlier rollback left. Of the endpoint's options, only O(deployment_config) can be combined with it.
    type: str
    choices: [present, absent, rolled_back]
    default: present
  model_generations:
    description:
      - Maps the model names that variants use to the names of the current generations.
      - RV(friendsofansible.sagemaker.sagemaker_model#module:models) contains them, see the examples.
      - A model that is not in the map has the name that the variant uses.
    type: dict
    default: {}
  keep_generations:
    description:
      - How many old generations of an endpoint configuration, and of a model in O(model_generations), are kept for
        rollback.
      - Only configurations that have served are counted. Older ones, and those that never served, are deleted once the
        endpoint serves the new one, unless an endpoint uses them.
    type: int
    default: 1
extends_documentation_fragment:
  - friendsofansible.sagemaker.endpoint
  - friendsofansible.sagemaker.common
  - friendsofansible.sagemaker.common.wait
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - friendsofansible.sagemaker.requirements
seealso:
  - module: friendsofansible.sagemaker.sagemaker_model
  - module: friendsofansible.sagemaker.sagemaker_scaling
"""

EXAMPLES = r"""
- name: Create an endpoint and wait until it is in service
  friendsofansible.sagemaker.sagemaker_endpoint:
    endpoint_name: realtime-endpoint
    production_variants:
      - variant_name: demo-model
        model_name: demo-model
        instance_type: ml.m5.large
        initial_instance_count: 1

- name: Create two serverless endpoints at once
  friendsofansible.sagemaker.sagemaker_endpoint:
    endpoints:
      - endpoint_name: serverless-one
        production_variants:
          - variant_name: demo-model
            model_name: demo-model
            serverless_config: {max_concurrency: 20, memory_size_in_mb: 1024}
      - endpoint_name: serverless-two
        production_variants:
          - variant_name: demo-model
            model_name: demo-model
            serverless_config: {max_concurrency: 5, memory_size_in_mb: 2048}

- name: Create a model, or a new generation of it
  friendsofansible.sagemaker.sagemaker_model:
    models:
      - model_name: demo-model
        execution_role_arn: arn:aws:iam::111122223333:role/sagemaker
        containers:
          - image: 763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.19.0
            model_data_url: s3://demo-bucket/demo-model.tar.gz
  register: result

- name: Update the endpoint to the current generation, on larger instances
  friendsofansible.sagemaker.sagemaker_endpoint:
    endpoint_name: realtime-endpoint
    production_variants:
      - variant_name: demo-model
        model_name: demo-model
        instance_type: ml.m5.xlarge
        initial_instance_count: 1
    model_generations: "{{ result.models | items2dict(key_name='name', value_name='model_name') }}"

- name: Roll the endpoint back
  friendsofansible.sagemaker.sagemaker_endpoint:
    endpoint_name: realtime-endpoint
    state: rolled_back

- name: Delete an endpoint with its configurations
  friendsofansible.sagemaker.sagemaker_endpoint:
    endpoint_name: realtime-endpoint
    state: absent
"""

RETURN = r"""
endpoint:
  description:
    - The endpoint, in the options of this module.
    - What O(api_parameters) sets stands beside the options, by its name in snake_case.
  returned: when the option O(endpoints) is not used
  type: dict
  contains: &endpoint
    name:
      description: The name of the endpoint.
      type: str
      returned: always
      sample: realtime-endpoint
    endpoint_arn:
      description: The ARN. None if the resource has not been created.
      type: str
      returned: unless O(state=absent)
      sample: arn:aws:sagemaker:us-east-1:111122223333:endpoint/realtime-endpoint
    endpoint_status:
      description: The status. None if the endpoint has not been created.
      type: str
      returned: unless O(state=absent)
      sample: InService
    endpoint_config_name:
      description: The configuration that the endpoint serves. In check mode, the one that it would serve.
      type: str
      returned: unless O(state=absent)
      sample: realtime-endpoint-5d41402a
    failure_reason:
      description: The failure reason from AWS, which may be older than this run.
      type: str
      returned: unless O(state=absent)
    variants:
      description: The production variants, each with its C(name), its C(weight) and its number of C(instances) now.
      type: list
      elements: dict
      returned: when it exists
    invocation_url:
      description:
        - The URL for invocations, which need signed requests. An asynchronous endpoint has a different URL.
      type: str
      returned: when the endpoint exists, in the partitions aws, aws-cn and aws-us-gov
      sample: https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/realtime-endpoint/invocations
    console_url:
      description: The URL of its page in the AWS console.
      type: str
      returned: when the endpoint exists, in the partitions aws, aws-cn and aws-us-gov
      sample: https://console.aws.amazon.com/sagemaker/home?region=us-east-1#/endpoints/realtime-endpoint
    log_group:
      description: The log group, which AWS creates with the first log entry.
      type: str
      returned: when the endpoint exists
      sample: /aws/sagemaker/Endpoints/realtime-endpoint
    logs_url:
      description: The URL of its logs in the AWS console.
      type: str
      returned: when the endpoint exists, in the partitions aws, aws-cn and aws-us-gov
    changed:
      description: Whether this endpoint was changed.
      type: bool
      returned: always
    effect:
      description:
        - The change that was made, or that check mode would make.
        - C(no change), C(tags only), C(in place), C(redeploy), C(redeploy with scaling), C(replace with outage),
          C(create) or C(delete).
      type: str
      returned: always
      sample: redeploy
    error:
      description: Why this endpoint failed.
      type: str
      returned: on failure
    cause:
      description: The error without the names of models, so that endpoints that fail for the same cause have the same.
      type: str
      returned: when the endpoint is skipped because a model failed
    tags:
      description: The tags.
      type: dict
      returned: unless O(state=absent)
endpoints:
  description: The endpoints, in the order of the list.
  returned: when the option O(endpoints) is used
  type: list
  elements: dict
  contains: *endpoint
errors:
  description: A line for each failure.
  returned: on failure of a resource
  type: list
  elements: str
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import ENDPOINT
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.connection import connect
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import (
    carried_of,
    connect_and_run,
    desired_or_exit,
    pending_of,
    run_and_finish,
    scope_of,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.resource_spec import (
    WAITING,
    WITH_ROLLBACK,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint import kept_names
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.kind import EndpointKind
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.rollback import (
    RollbackKind,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.state import begun_by


def main() -> None:
    module = ENDPOINT.new_module(
        **WAITING,
        **WITH_ROLLBACK,
        model_generations={"type": "dict", "default": {}},
        keep_generations={"type": "int", "default": 1},
    )
    if module.params["state"] == "rolled_back":
        roll_back(module)
    else:
        run(module)


def roll_back(module: AnsibleAWSModule) -> None:
    """Ends the module's process with its result."""
    params = module.params
    connect_and_run(module, ENDPOINT, RollbackKind(scope_of(params), begun_by(pending_of(params))))


def run(module: AnsibleAWSModule) -> None:
    """Ends the module's process with its result."""
    params = module.params
    scope = scope_of(params)
    entries = ENDPOINT.entries(params)
    desired_or_exit(module, ENDPOINT, EndpointKind(scope, {}), entries)
    api = connect(module, EndpointKind.services)
    carried = carried_of(params)
    seen = kept_names.see(api, entries) if params["state"] == "present" and carried is None else {}
    names = kept_names.names_in(seen) if carried is None else carried["variant_names"]
    entries = kept_names.endpoints_with(names, entries)
    kind = EndpointKind(
        scope,
        params["model_generations"],
        params["keep_generations"],
        seen=seen,
        begun=begun_by(pending_of(params)),
    )
    desired = [kind.resolved(each) for each in desired_or_exit(module, ENDPOINT, kind, entries)]
    run_and_finish(module, api, ENDPOINT, kind, desired, carried={"variant_names": names})


if __name__ == "__main__":
    main()
