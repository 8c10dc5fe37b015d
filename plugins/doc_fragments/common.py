# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of every module of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) creates or updates the resource, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  purge_tags:
    description:
      - Whether tags that are not in the C(tags) of a resource are removed.
      - If not set, they are removed, except tags that the resource had when O(deployment) adopted it. These stay in
        later runs too; the tag V(friendsofansible.sagemaker/kept-tags) records them. V(true) removes them too.
      - If C(tags) is not set, no tags are removed. Tags that begin with V(aws:) are never removed.
      - Tags that begin with V(friendsofansible.sagemaker/) belong to the collection. They are ignored in C(tags), so
        that the C(tags) of a result can be given back.
    type: bool
  deployment:
    description:
      - The name of the deployment that owns the resource.
      - A resource that is created or adopted gets the tag V(friendsofansible.sagemaker/deployment) with this name. Only
        this tag decides who owns the resource. It also gets V(managed-by=Ansible), unless its C(tags) say otherwise.
      - If set, a resource of another deployment is refused, and O(state=absent) skips resources without this tag.
      - A task without it owns nothing. It changes the resources that it names only if no deployment owns them. It
        deletes generations only if no deployment owns them, with O(state=absent) or when they are old.
      - The name has 1 to 256 letters, digits, spaces and any of C(_.:/=+-@), as AWS allows for the value of a tag. A
        blank name is refused.
    type: str
  parallelism:
    description:
      - How many AWS calls are made in parallel.
    type: int
    default: 10
  verify:
    description:
      - How the module finds out that a resource needs no change.
      - V(tags) compares the digest of immutable resources, which is stored in a tag. It reads tags from AWS's tag
        index, 100 resources in one call, and then describes only the resources that seem to differ.
      - V(full) describes every resource, compares every member, and reads the tags of each resource in a separate call.
      - Without the permission C(tag:GetResources), the tags of each resource are read in a separate call, with a
        warning.
    type: str
    choices: [tags, full]
    default: tags
attributes:
  check_mode:
    support: full
    description: Makes no changes, and returns what would change.
  diff_mode:
    support: full
    description: Has one entry for each resource that changes, with the changed paths, their values and the effect.
notes:
  - Values of environment variables never appear in results or diffs, only their names.
"""

    WAIT = r"""
options:
  wait:
    description:
      - Whether to wait until the endpoint is in service or deleted.
      - If V(false), the task makes the calls before the first wait, and the next run continues from there.
    type: bool
    default: true
  wait_timeout:
    description:
      - The maximum number of seconds to wait, for all endpoints together.
    type: int
    default: 3600
  progress_interval:
    description:
      - The number of seconds between progress lines, which list the endpoints that are not ready yet.
    type: int
    default: 30
  _progress:
    description:
      - Not for users. The action plugin tells the module what an earlier call of the same task has begun.
    type: dict
"""
