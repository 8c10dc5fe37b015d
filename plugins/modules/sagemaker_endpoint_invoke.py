#!/usr/bin/python
# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sagemaker_endpoint_invoke
version_added: 0.1.0
short_description: Send a request to a SageMaker endpoint
description:
  - Sends one request to an endpoint and returns the response, for example to check after a deployment that the endpoint
    answers. The task fails if the model does not answer or answers with an error.
  - Requests to asynchronous endpoints go through S3, so this module cannot send them.
author:
  - Friends of Ansible (@friendsofansible)
options:
  endpoint_name:
    description:
      - The name of the endpoint.
    type: str
    required: true
  body:
    description:
      - The request, at most 25 MB. A dictionary or list is sent as JSON.
    type: raw
    required: true
  content_type:
    description:
      - The MIME type of O(body).
    type: str
    default: application/json
  accept:
    description:
      - The MIME type of the response. If not set, the model decides.
    type: str
  target_variant:
    description:
      - The variant that answers. If not set, the weights of the variants decide.
    type: str
  target_model:
    description:
      - The model that answers, if the endpoint has a container with several models.
    type: str
  target_container_hostname:
    description:
      - The container that answers, if the endpoint has several that are invoked directly.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - friendsofansible.sagemaker.requirements
attributes:
  check_mode:
    support: full
    description: Sends no request in check mode.
  diff_mode:
    support: none
    description: Changes nothing, so there is no diff.
notes:
  - Needs the permission C(sagemaker:InvokeEndpoint) on the endpoint.
seealso:
  - module: friendsofansible.sagemaker.sagemaker_endpoint
"""

EXAMPLES = r"""
- name: Check that the endpoint answers
  friendsofansible.sagemaker.sagemaker_endpoint_invoke:
    endpoint_name: realtime-endpoint
    body:
      inputs: What a lovely day
  register: answer

- name: Check that one variant answers in CSV
  friendsofansible.sagemaker.sagemaker_endpoint_invoke:
    endpoint_name: realtime-endpoint
    target_variant: demo-model
    content_type: text/csv
    accept: text/csv
    body: "1,2,3"
"""

RETURN = r"""
body:
  description: The response, as text.
  returned: when a request was sent
  type: str
  sample: '[{"label": "POSITIVE", "score": 0.99}]'
content_type:
  description: The MIME type of the response.
  returned: when a request was sent
  type: str
  sample: application/json
invoked_production_variant:
  description: The variant that answered.
  returned: when a request was sent
  type: str
  sample: demo-model
seconds:
  description: How long the response took, in seconds.
  returned: when a request was sent
  type: float
  sample: 0.21
"""

import json
import time
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.connection import connect
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.redaction import (
    new_module_with_redaction,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.service_model import (
    input_shape,
    to_api,
    violations,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.problems import InvalidInput, not_valid

SERVICE = "sagemaker-runtime"
OPERATION = "InvokeEndpoint"
# Members of the request. The service model has further ones, which no check of an endpoint needs.
OPTIONS: dict[str, t.Any] = {
    "endpoint_name": {"type": "str", "required": True},
    "body": {"type": "raw", "required": True},
    "content_type": {"type": "str", "default": "application/json"},
    "accept": {"type": "str"},
    "target_variant": {"type": "str"},
    "target_model": {"type": "str"},
    "target_container_hostname": {"type": "str"},
}


def request_of(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The request; raises InvalidInput with every problem at once."""
    options = {name: params[name] or None for name in OPTIONS} | {"body": as_bytes(params["body"])}
    shape = input_shape(SERVICE, OPERATION)
    request: dict[str, t.Any] = to_api(shape, options)
    if problems := list(violations(shape, request)):
        raise InvalidInput(problems)
    return request


def run(module: AnsibleAWSModule, request: dict[str, t.Any]) -> dict[str, t.Any]:
    """The response of the endpoint."""
    started = time.monotonic()
    try:
        api = connect(module, (SERVICE,))
        answer = api.call(SERVICE, OPERATION, **request)
    except CallFailed as failure:
        module.fail_json(msg=f"endpoint {module.params['endpoint_name']} did not answer: {failure}")
    return {
        "body": answer["Body"].read().decode(errors="replace"),
        "content_type": answer.get("ContentType"),
        "invoked_production_variant": answer.get("InvokedProductionVariant"),
        "seconds": round(time.monotonic() - started, 3),
    }


def as_bytes(body: object) -> bytes:
    """What is sent: text as it is, and anything else as JSON."""
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def main() -> None:
    module = new_module_with_redaction(argument_spec=OPTIONS, supports_check_mode=True)
    try:
        request = request_of(module.params)
    except InvalidInput as error:
        module.fail_json(msg=not_valid(error.problems))
    module.exit_json(changed=False, **({} if module.check_mode else run(module, request)))


if __name__ == "__main__":
    main()
