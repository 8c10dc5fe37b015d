#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_inference_compile
version_added: 0.1.0
short_description: Convert an inventory of SageMaker inference to module options
description:
  - Reads models and endpoints in the documented schema, with its expressions and durations, and returns the options of
    M(friendsofansible.sagemaker.sagemaker_model), M(friendsofansible.sagemaker.sagemaker_alarm),
    M(friendsofansible.sagemaker.sagemaker_endpoint) and M(friendsofansible.sagemaker.sagemaker_scaling).
  - One message lists every problem of the inventory, each with its path, the value and what is allowed. The module
    makes no AWS calls.
  - A declaration that AWS accepts but that can never take effect, such as an alarm on an average that is always 1, is a
    warning.
author:
  - Friends of Ansible (@friendsofansible)
options:
  models:
    description:
      - The models, by name.
      - If neither this nor O(endpoints) is set, the variables C(sagemaker_inference_models),
        C(sagemaker_inference_endpoints) and C(sagemaker_inference_additional_tags_all) are read. If neither of the
        first two is set either, the variables C(models), C(endpoints) and C(additional_tags_all) are read.
    type: dict
  endpoints:
    description:
      - The endpoints, by name.
    type: dict
  additional_tags_all:
    description:
      - Tags for all resources. They take precedence over the tags of a model or endpoint.
    type: dict
  strict:
    description:
      - Whether warnings make the task fail.
    type: bool
    default: false
extends_documentation_fragment:
  - friendsofansible.sagemaker.attributes.controller_only
notes:
  - The result contains values of environment variables, so callbacks show it as censored. The values never appear in
    messages.
requirements:
  - python >= 3.11, on the controller
  - botocore >= 1.38.23, on the controller
seealso:
  - module: friendsofansible.sagemaker.sagemaker_model
  - module: friendsofansible.sagemaker.sagemaker_endpoint
  - module: friendsofansible.sagemaker.sagemaker_scaling
  - module: friendsofansible.sagemaker.sagemaker_alarm
"""

EXAMPLES = r"""
- name: Compile the models and endpoints in the variables of the play
  friendsofansible.sagemaker.sagemaker_inference_compile:
  register: compiled

- name: Create the models
  friendsofansible.sagemaker.sagemaker_model:
    models: "{{ compiled.models }}"

- name: Compile an inventory in the task, and fail on warnings
  friendsofansible.sagemaker.sagemaker_inference_compile:
    strict: true
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
              auto_scaling:
                maximum_capacity: 4
                policies:
                  cpu: {expression: "CPUUtilization average = 70"}
              cloudwatch_alarms:
                server-errors: {expression: "Invocation5XXErrors sum >= 10", period: 5 minutes}
"""

RETURN = r"""
models:
  description: The options of M(friendsofansible.sagemaker.sagemaker_model), one entry for each model.
  returned: success
  type: list
  elements: dict
alarms:
  description: The options of M(friendsofansible.sagemaker.sagemaker_alarm), one entry for each alarm.
  returned: success
  type: list
  elements: dict
endpoints:
  description: The options of M(friendsofansible.sagemaker.sagemaker_endpoint), one entry for each endpoint.
  returned: success
  type: list
  elements: dict
targets:
  description: The options of M(friendsofansible.sagemaker.sagemaker_scaling), one entry for each scaled variant.
  returned: success
  type: list
  elements: dict
"""
