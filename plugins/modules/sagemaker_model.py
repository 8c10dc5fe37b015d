#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_model
version_added: 0.1.0
short_description: Manage Amazon SageMaker models
description:
  - Creates and deletes SageMaker models, one or many in a task.
  - SageMaker models are immutable. A changed model becomes a new generation next to the old one, with a digest of its
    content in its name. The old generation stays for the endpoints that use it.
  - If any existing generation of the model equals the options, it is adopted under its current name.
author:
  - Friends of Ansible (@friendsofansible)
extends_documentation_fragment:
  - friendsofansible.sagemaker.model
  - friendsofansible.sagemaker.common
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - friendsofansible.sagemaker.requirements
seealso:
  - module: friendsofansible.sagemaker.sagemaker_endpoint
"""

EXAMPLES = r"""
- name: Create a model
  friendsofansible.sagemaker.sagemaker_model:
    model_name: demo-model
    execution_role_arn: arn:aws:iam::111122223333:role/sagemaker
    containers:
      - container_hostname: container1
        image: 763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.19.0
        model_data_url: s3://demo-bucket/demo-model.tar.gz
        environment:
          LOG_LEVEL: info
    tags:
      team: search

- name: Create many models at once
  friendsofansible.sagemaker.sagemaker_model:
    models:
      - model_name: first
        execution_role_arn: arn:aws:iam::111122223333:role/sagemaker
        primary_container:
          image: 763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.19.0
          model_data_url: s3://demo-bucket/first.tar.gz
      - model_name: second
        execution_role_arn: arn:aws:iam::111122223333:role/sagemaker
        primary_container:
          image: 763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.19.0
          model_data_url: s3://demo-bucket/second.tar.gz

- name: Delete a model with all its generations
  friendsofansible.sagemaker.sagemaker_model:
    model_name: demo-model
    state: absent
"""

RETURN = r"""
model:
  description:
    - The model, in the options of this module.
    - What O(api_parameters) sets stands beside the options, by its name in snake_case.
  returned: when the option O(models) is not used
  type: dict
  contains: &model
    name:
      description: The declared name of the model.
      type: str
      returned: always
      sample: demo-model
    model_name:
      description: The name of the current generation. In check mode, the name that it would get.
      type: str
      returned: when O(state=present)
      sample: demo-model-1f0c2a9b
    model_arn:
      description: The ARN. None if the resource has not been created.
      type: str
      returned: when O(state=present)
      sample: arn:aws:sagemaker:us-east-1:111122223333:model/demo-model-1f0c2a9b
    changed:
      description: Whether this model was changed.
      type: bool
      returned: always
    effect:
      description:
        - The change that was made, or that check mode would make.
        - C(no change), C(tags only), C(create) or C(delete).
      type: str
      returned: always
      sample: create
    error:
      description: Why this model failed.
      type: str
      returned: on failure
    tags:
      description: The tags.
      type: dict
      returned: when O(state=present)
models:
  description: The models, in the order of the list.
  returned: when the option O(models) is used
  type: list
  elements: dict
  contains: *model
errors:
  description: A line for each failure.
  returned: on failure of a resource
  type: list
  elements: str
"""

from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import MODEL
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.entry import connect_and_run, scope_of
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import ModelKind


def main() -> None:
    module = MODEL.new_module()
    connect_and_run(module, MODEL, ModelKind(scope_of(module.params)))


if __name__ == "__main__":
    main()
