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
  - Does in one process, and in this order, what M(friendsofansible.sagemaker.sagemaker_model),
    M(friendsofansible.sagemaker.sagemaker_alarm), M(friendsofansible.sagemaker.sagemaker_endpoint) and
    M(friendsofansible.sagemaker.sagemaker_scaling) do for lists of resources. Deleting goes in the opposite order.
  - If a resource fails, only what depends on it is skipped. Everything else is completed, and the task then fails with
    a message that lists all failures.
  - Variants refer to models by their names in O(models), and endpoints serve the current generations of these models.
author:
  - Friends of Ansible (@friendsofansible)
options:
  state:
    description:
      - V(present) creates or updates the resources, V(absent) deletes them.
      - V(rolled_back) updates the endpoints in O(endpoints) to the configurations that served before the current ones,
        as in M(friendsofansible.sagemaker.sagemaker_endpoint). No other resources can be listed beside them, and
        O(parts) and O(prune) have no effect.
    type: str
    choices: [present, absent, rolled_back]
    default: present
  deployment:
    description:
      - The name of the deployment that owns the resources.
      - A resource that is created or adopted gets the tag V(friendsofansible.sagemaker/deployment) with this name. Only
        this tag decides who owns the resource. It also gets V(managed-by=Ansible), unless its C(tags) say otherwise.
      - A resource of another deployment is refused, and only resources with this tag are deleted.
      - The name has 1 to 256 letters, digits, spaces and any of C(_.:/=+-@), as AWS allows for the value of a tag.
    type: str
    required: true
  parts:
    description:
      - Which parts of the deployment the task handles. V(endpoints) includes the models, because endpoints need them.
    type: list
    elements: str
    choices: [models, alarms, endpoints, scaling, prune]
    default: [models, alarms, endpoints, scaling, prune]
  keep_generations:
    description:
      - How many old generations of an endpoint configuration or a model are kept for rollback. Only configurations that
        have served are counted.
    type: int
    default: 1
  allow_replace:
    description:
      - Whether endpoints that AWS cannot update may be deleted and created again, which is an outage. It applies to
        each endpoint that does not set it.
    type: bool
  adopt:
    description:
      - Whether existing endpoints, alarms and targets that no deployment owns may be changed. It applies to each entry
        that does not set it.
    type: bool
  source:
    description:
      - Where the resources come from. V(options) are the options of the task. V(inventory) are the variables that
        M(friendsofansible.sagemaker.sagemaker_inference_compile) reads without options; they are checked completely
        before the first AWS call.
      - With O(state=rolled_back), O(endpoints) names the endpoints, and of the variables only the names of the models
        matter, for the diff.
      - With V(inventory), a diff has the inventory path of each resource in its header and the inventory's own keys and
        values below it. What the inventory cannot express is shown with the name of the option.
    type: str
    choices: [options, inventory]
    default: options
  diff:
    description:
      - With O(source=inventory), V(full) adds to a diff all differences between the requests to AWS, below C(request),
        with the tags that the collection sets.
    type: str
    choices: [inventory, full]
    default: inventory
  strict:
    description:
      - Whether warnings about the inventory make the task fail.
    type: bool
    default: false
extends_documentation_fragment:
  - friendsofansible.sagemaker.deployment
  - friendsofansible.sagemaker.deployment.prune
  - friendsofansible.sagemaker.deployment.plan_files
  - friendsofansible.sagemaker.common
  - friendsofansible.sagemaker.common.wait
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - friendsofansible.sagemaker.requirements
seealso:
  - module: friendsofansible.sagemaker.sagemaker_inference_compile
"""

EXAMPLES = r"""
- name: Deploy an endpoint with its model and its scaling
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

- name: Deploy what the variables of the play declare
  friendsofansible.sagemaker.sagemaker_deployment:
    deployment: demo
    source: inventory

- name: Roll an endpoint back
  friendsofansible.sagemaker.sagemaker_deployment:
    deployment: demo
    source: inventory
    state: rolled_back
    endpoints:
      - endpoint_name: realtime-endpoint

- name: Delete everything that belongs to the deployment
  friendsofansible.sagemaker.sagemaker_deployment:
    deployment: demo
    prune: true
    models: []
    endpoints: []
"""

RETURN = r"""
models:
  description: The models that the task handled, each with its current generation.
  returned: always
  type: list
  elements: dict
  sample: [{name: demo-model, changed: true, effect: create, model_name: demo-model}]
alarms:
  description: The alarms that the task handled.
  returned: always
  type: list
  elements: dict
endpoints:
  description:
    - The endpoints that the task handled.
    - Each has C(name), C(changed), C(effect), C(error), C(cause), C(endpoint_arn), C(endpoint_status),
      C(endpoint_config_name), C(variants), C(invocation_url), C(console_url), C(log_group) and C(logs_url), as in
      RV(friendsofansible.sagemaker.sagemaker_endpoint#module:endpoints).
  returned: always
  type: list
  elements: dict
targets:
  description: The scalable targets that the task handled.
  returned: always
  type: list
  elements: dict
report:
  description: The changes that the whole run made, or that check mode would make.
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
        - The existing endpoints, by name.
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
    outcome:
      description: C(none) if nothing changes, C(changes), or C(failed).
      type: str
      returned: always
    digest:
      description: Identifies the changes, for O(approved_plan).
      type: str
      returned: always
    lines:
      description: The lines that are shown at the end of the run, each with a setting C(COLOR_<name>) of ansible-core.
      type: list
      elements: list
      returned: always
    summary:
      description: Failures and changes in Markdown, with the most severe changes first, in a table of at most 100 rows.
      type: str
      returned: always
      sample: "**Applied to us-east-1 (deployment default) in 12 s: nothing to change**"
errors:
  description: A line for each failure.
  returned: on failure
  type: list
  elements: str
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.comparable import (
    without_masked_requests,
    without_requests,
)
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
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._deployment.run import (
    roll_back,
    run_deployment,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._deployment.run_state import RunState
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import Plan


def main() -> None:
    module = new_module_with_redaction(argument_spec=argument_spec(), supports_check_mode=True)
    params = module.params
    settings = settings_of(params, module.check_mode, module.warn)
    api = connect(module, SERVICES)
    declaration, pending = declaration_of(params), pending_of(params)
    if params["state"] == "rolled_back":
        result = roll_back(declaration.scope, declaration.entries["endpoints"], api, settings, pending)
    else:
        result = run_deployment(RunState(declaration, api, settings, pending, carried_of(params)))
    if result.plans:
        result = result.replaced(plans=_for_action(module, result.plans))
    finish(module, result)


def _for_action(module: AnsibleAWSModule, plans: list[Plan]) -> list[Plan]:
    """The plans as the action plugin needs them, which shows those of an inventory in the inventory's words."""
    if module.params["source"] == "inventory":
        return without_masked_requests(plans, module.no_log_values)
    return without_requests(plans)


if __name__ == "__main__":
    main()
