# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of sagemaker_endpoint."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.single_and_list_docs import (
    TAGS,
    single_and_list_docs,
)

OPTIONS = """\
endpoint_name:
  description:
    - The name of the endpoint.
  type: str
  required: %name%
production_variants:
  description:
    - The variants that serve.
  type: list
  elements: dict
  suboptions: &variant
    variant_name:
      description: The name of the variant; a change of it is another variant.
      type: str
      required: true
    model_name:
      description: The model, by its own name or by one that O(model_generations) translates.
      type: str
    instance_type:
      description: The instance type.
      type: str
    initial_instance_count:
      description: The number of instances; the count of a variant under autoscaling is left to its target.
      type: int
    initial_variant_weight:
      description: The share of the traffic, relative to the other variants.
      type: float
    volume_size_in_gb:
      description: The size of the storage volume.
      type: int
    model_data_download_timeout_in_seconds:
      description: For how long artifacts may take to download.
      type: int
    container_startup_health_check_timeout_in_seconds:
      description: For how long the container may take to pass its health check.
      type: int
    enable_ssm_access:
      description: Whether instances may be reached through Systems Manager.
      type: bool
    inference_ami_version:
      description: The machine image of the instances.
      type: str
    routing_config:
      description: V(routing_strategy), such as V(LEAST_OUTSTANDING_REQUESTS).
      type: dict
    serverless_config:
      description: Makes the variant serverless; no instance options then.
      type: dict
      suboptions:
        max_concurrency:
          description: How many invocations run at once.
          type: int
          required: true
        memory_size_in_mb:
          description: The memory of one.
          type: int
          required: true
        provisioned_concurrency:
          description: How many are kept warm.
          type: int
shadow_production_variants:
  description:
    - A variant that gets a copy of the traffic.
  type: list
  elements: dict
  suboptions: *variant
data_capture_config:
  description:
    - What of requests and responses is captured, and where to.
  type: dict
  suboptions:
    enable_capture:
      description: Whether capturing is on.
      type: bool
    initial_sampling_percentage:
      description: The share of requests that is captured.
      type: int
      required: true
    destination_s3_uri:
      description: Where captures are stored.
      type: str
      required: true
    kms_key_id:
      description: The key that encrypts captures.
      type: str
    capture_options:
      description: A list of V(capture_mode), each V(Input), V(Output) or V(InputAndOutput).
      type: list
      elements: dict
      required: true
    capture_content_type_header:
      description: V(csv_content_types) and V(json_content_types), lists of content types.
      type: dict
async_inference_config:
  description:
    - Makes the endpoint asynchronous.
  type: dict
  suboptions:
    output_config:
      description:
        - Where responses go, as V(s3_output_path), V(s3_failure_path), V(kms_key_id) and V(notification_config).
      type: dict
      required: true
    client_config:
      description: V(max_concurrent_invocations_per_instance).
      type: dict
kms_key_id:
  description:
    - The key that encrypts the storage volumes of the instances.
  type: str
execution_role_arn:
  description:
    - A role for the endpoint itself.
  type: str
vpc_config:
  description:
    - V(security_group_ids) and V(subnets) of the endpoint itself.
  type: dict
enable_network_isolation:
  description:
    - Whether the endpoint's containers are cut off from the network.
  type: bool
explainer_config:
  description:
    - Explanations with SageMaker Clarify, as CreateEndpointConfig takes them, in snake_case.
  type: dict
deployment_config:
  description:
    - How an update is rolled out, as UpdateEndpoint takes it, in snake_case. V(blue_green_update_policy) or
      V(rolling_update_policy), and V(auto_rollback_configuration).
    - It is no property of the endpoint. A change of it alone changes nothing.
  type: dict
allow_replace:
  description:
    - Whether the endpoint may be deleted and made again, with an outage, where AWS offers no update.
    - That is from serverless to provisioned or back, from real-time to asynchronous or back, from or to an endpoint for
      inference components, and where the endpoint cannot be updated any more.
    - Beside O(endpoints) it holds for each endpoint of the list that does not set it.
  type: bool
scaled_variants:
  description:
    - The names of all variants that are to be scaled. Scalable targets of other variants that carry the tag of
      O(deployment) are deregistered, with their policies.
    - The number of instances of these variants is never set, whether their targets are registered or not.
    - When not set, or without O(deployment), all targets are left alone.
  type: list
  elements: str
alarm_names:
  description:
    - The names of all alarms of the endpoint. Other alarms whose names begin with the name of the endpoint and a slash,
      and that carry the tag of O(deployment), are deleted once the endpoint has got where it is sent.
    - When not set, or without O(deployment), all alarms are left alone.
  type: list
  elements: str
keep_variant_name:
  description:
    - Whether the only variant, if it is serverless, keeps the name that it has where the endpoint exists. The name in
      O(production_variants) is that of a new one then.
    - M(friendsofansible.sagemaker.sagemaker_deployment) gives the same name to the alarms and targets beside it.
  type: bool
adopt:
  description:
    - Whether the endpoint may be changed although it is there already and no deployment owns it.
    - Without it, with O(deployment), what is there and equal to what is described is taken over with a change of tags,
      and what differs is refused.
    - Beside O(endpoints) it holds for each entry of the list that does not set it.
  type: bool
"""


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = single_and_list_docs("endpoints", OPTIONS + TAGS)
