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
    - The production variants.
  type: list
  elements: dict
  suboptions: &variant
    variant_name:
      description: The name of the variant. With another name, it is another variant.
      type: str
      required: true
    model_name:
      description: The name of the model, or a name that O(model_generations) maps to the current generation.
      type: str
    instance_type:
      description: The instance type.
      type: str
    initial_instance_count:
      description: The number of instances. Autoscaling sets the count of a scaled variant, not the module.
      type: int
    initial_variant_weight:
      description: The share of the traffic, relative to the weights of the other variants.
      type: float
    volume_size_in_gb:
      description: The size of the storage volume in GB.
      type: int
    model_data_download_timeout_in_seconds:
      description: How long the download of the model data may take.
      type: int
    container_startup_health_check_timeout_in_seconds:
      description: How long the container may take to pass its health check.
      type: int
    enable_ssm_access:
      description: Whether instances are accessible through Systems Manager.
      type: bool
    inference_ami_version:
      description: The AMI version of the instances.
      type: str
    routing_config:
      description: The routing, with V(routing_strategy), such as V(LEAST_OUTSTANDING_REQUESTS).
      type: dict
    instance_pools:
      description:
        - Instance types in place of one, each with V(instance_type), V(priority) and optionally V(model_name_override).
        - SageMaker takes the next one only when it has no capacity for those before it.
      type: list
      elements: dict
    variant_instance_provision_timeout_in_seconds:
      description: How long SageMaker tries to get instances of one of the instance pools.
      type: int
    capacity_reservation_config:
      description: Reserved capacity, with V(ml_reservation_arn) and V(capacity_reservation_preference).
      type: dict
    serverless_config:
      description: Makes the variant serverless. Instance options are then not allowed.
      type: dict
      suboptions:
        max_concurrency:
          description: The maximum number of concurrent invocations.
          type: int
          required: true
        memory_size_in_mb:
          description: The memory in MB.
          type: int
          required: true
        provisioned_concurrency:
          description: The number of concurrent invocations for which capacity is kept warm.
          type: int
    api_parameters:
      description:
        - Members of the variant without an option here, in snake_case or as the API spells them.
        - The installed botocore must know them. A member that another option sets is refused.
      type: dict
shadow_production_variants:
  description:
    - A variant that receives a copy of the traffic.
  type: list
  elements: dict
  suboptions: *variant
data_capture_config:
  description:
    - Which requests and responses are captured, and where they are stored.
  type: dict
  suboptions:
    enable_capture:
      description: Whether capturing is enabled.
      type: bool
    initial_sampling_percentage:
      description: The percentage of requests that is captured.
      type: int
      required: true
    destination_s3_uri:
      description: The S3 location of the captured data.
      type: str
      required: true
    kms_key_id:
      description: The KMS key that encrypts the captured data.
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
        - Where responses are stored, as V(s3_output_path), V(s3_failure_path), V(kms_key_id) and
          V(notification_config).
      type: dict
      required: true
    client_config:
      description: V(max_concurrent_invocations_per_instance).
      type: dict
kms_key_id:
  description:
    - The KMS key that encrypts the storage volumes of the instances.
  type: str
execution_role_arn:
  description:
    - The role of the endpoint itself.
  type: str
vpc_config:
  description:
    - The VPC of the endpoint itself, with V(security_group_ids) and V(subnets).
  type: dict
enable_network_isolation:
  description:
    - Whether the endpoint's containers have no network access.
  type: bool
explainer_config:
  description:
    - Explanations with SageMaker Clarify, as in CreateEndpointConfig, in snake_case.
  type: dict
api_parameters:
  description:
    - Members of CreateEndpointConfig without an option here, in snake_case or as the API spells them.
    - The installed botocore must know them. A member that another option sets is refused.
  type: dict
metrics_config:
  description:
    - Which metrics are published, with V(enable_enhanced_metrics), V(enable_detailed_observability) and
      V(metric_publish_frequency_in_seconds).
  type: dict
deployment_config:
  description:
    - The rollout policy of updates, as in UpdateEndpoint, in snake_case. V(blue_green_update_policy) or
      V(rolling_update_policy), and V(auto_rollback_configuration).
    - It is not a property of the endpoint, so changing only this changes nothing in AWS.
  type: dict
allow_replace:
  description:
    - Whether an endpoint that AWS cannot update may be deleted and created again, which is an outage.
    - This is needed to change from serverless to provisioned or back, from real-time to asynchronous or back, and from
      or to an endpoint for inference components, and if AWS can no longer update the endpoint.
    - At the top level, next to O(endpoints), it applies to each endpoint of the list that does not set it.
  type: bool
scaled_variants:
  description:
    - The names of all scaled variants. Scalable targets of other variants that O(deployment) owns are deregistered,
      with their policies.
    - The module never sets the number of instances of these variants, whether or not their targets are registered.
    - If this or O(deployment) is not set, all targets are left unchanged.
  type: list
  elements: str
alarm_names:
  description:
    - The names of all alarms of the endpoint. Other alarms that O(deployment) owns, and whose names begin with the name
      of the endpoint and a slash, are deleted after the endpoint has been updated.
    - If this or O(deployment) is not set, all alarms are left unchanged.
  type: list
  elements: str
keep_variant_name:
  description:
    - Whether the only variant, if it is serverless, keeps its current name if the endpoint exists. The name in
      O(production_variants) is then used only for a new endpoint.
    - M(friendsofansible.sagemaker.sagemaker_deployment) uses the same name for the alarms and targets of the variant.
  type: bool
adopt:
  description:
    - Whether an existing endpoint that no deployment owns may be changed.
    - If V(false) and O(deployment) is set, an endpoint that equals the options is adopted, which changes only tags, and
      an endpoint that differs is refused.
    - At the top level, next to O(endpoints), it applies to each entry of the list that does not set it.
  type: bool
redeploy:
  description:
    - Any text, such as a date. A new text creates the configuration again, although nothing else has changed.
    - This is for an image that was rebuilt under its tag, or an artifact that was overwritten.
  type: str
deletion_protection:
  description:
    - Whether runs refuse to delete the endpoint, also to replace it with O(allow_replace). An endpoint with the status
      V(Failed) serves nothing, and is replaced anyway.
    - It is a tag of the endpoint, so it holds whether or not this is set later. Only V(false) takes it off, and the
      endpoint can then be deleted by a later run.
  type: bool
"""


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = single_and_list_docs("endpoints", OPTIONS + TAGS)
