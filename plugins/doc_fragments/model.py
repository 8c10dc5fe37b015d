# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of sagemaker_model."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.single_and_list_docs import (
    TAGS,
    single_and_list_docs,
)

OPTIONS = """\
model_name:
  description:
    - The name of the model. The first generation has exactly this name; a changed model becomes a new generation with a
      digest appended.
  type: str
  required: %name%
execution_role_arn:
  description:
    - The role that SageMaker assumes to read the model artifacts and the image.
  type: str
primary_container:
  description:
    - The only container. The same as O(containers) with one entry.
  type: dict
  suboptions: &container
    container_hostname:
      description: The DNS name of the container. SageMaker ignores the name of a single container.
      type: str
    image:
      description: The registry path of the inference image.
      type: str
    image_config:
      description:
        - The source of the image, with V(repository_access_mode) (V(Platform) or V(Vpc)) and
          V(repository_auth_config).
      type: dict
    mode:
      description: V(SingleModel) or V(MultiModel).
      type: str
    model_data_url:
      description: The location of a gzipped artifact or, in mode V(MultiModel), the prefix of many artifacts.
      type: str
    model_data_source:
      description:
        - The location of uncompressed artifacts, as V(s3_data_source) with V(s3_uri), V(s3_data_type),
          V(compression_type) and optionally V(model_access_config), V(hub_access_config), V(manifest_s3_uri).
      type: dict
    additional_model_data_sources:
      description: Additional data sources, each with V(channel_name) and V(s3_data_source).
      type: list
      elements: dict
    environment:
      description: Environment variables. Their values never appear in output.
      type: dict
    model_package_name:
      description: The ARN of a model package, instead of an image.
      type: str
    inference_specification_name:
      description: The inference specification of the model package.
      type: str
    multi_model_config:
      description: V(model_cache_setting) as V(Enabled) or V(Disabled).
      type: dict
    api_parameters:
      description:
        - Members of the container without an option here, in snake_case or as the API spells them.
        - The installed botocore must know them. A member that another option sets is refused.
      type: dict
containers:
  description:
    - The containers in the order in which a serial pipeline calls them.
  type: list
  elements: dict
  suboptions: *container
inference_execution_config:
  description:
    - How several containers are called, with V(mode).
  type: dict
  suboptions:
    mode:
      description: V(Serial) or V(Direct).
      type: str
      required: true
vpc_config:
  description:
    - The VPC that the model connects to.
  type: dict
  suboptions:
    security_group_ids:
      description: The ids of one to five security groups.
      type: list
      elements: str
      required: true
    subnets:
      description: The ids of one to sixteen subnets.
      type: list
      elements: str
      required: true
enable_network_isolation:
  description:
    - Whether the containers have no network access.
  type: bool
api_parameters:
  description:
    - Members of CreateModel without an option here, in snake_case or as the API spells them.
    - The installed botocore must know them. A member that another option sets is refused.
  type: dict
redeploy:
  description:
    - Any text, such as a date. A new text creates the model again, although nothing else has changed.
    - This is for an image that was rebuilt under its tag, or an artifact that was overwritten.
  type: str
"""


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = single_and_list_docs("models", OPTIONS + TAGS)
