# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of every module of the collection."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) makes the resource as described, V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  purge_tags:
    description:
      - Whether tags that are not in the C(tags) of a resource are removed.
      - When not set, they are, but for those that the resource had when O(deployment) took it over. Those stay also in
        later runs, for which the tag V(friendsofansible.sagemaker/kept-tags) keeps note of them. With V(true) they go
        too.
      - Nothing is removed where C(tags) are not set, nor are tags that begin with V(aws:).
    type: bool
  deployment:
    description:
      - The name of the deployment that owns the resource.
      - What is made or adopted is tagged with it, under V(friendsofansible.sagemaker/deployment), which alone tells
        whose it is. Beside it V(managed-by=Ansible) is set, unless the C(tags) of the resource say otherwise.
      - When set, what belongs to another deployment is refused, and O(state=absent) leaves alone what does not carry
        this tag.
      - A task without it owns nothing. It acts on what it names if no deployment owns that, and deletes, with
        O(state=absent) or where they are superseded, those of its generations that no deployment owns.
      - A blank name is refused, and so is one that AWS would not take for the value of a tag. It has 1 to 256 letters,
        digits, spaces and any of C(_.:/=+-@).
    type: str
  parallelism:
    description:
      - How many calls to AWS are made side by side.
    type: int
    default: 10
  verify:
    description:
      - How it is found out that nothing has to be done.
      - With V(tags) a digest in a tag stands for the content of what cannot be changed, and the tags of many resources
        are read together from AWS's index of tags, 100 a call. Whatever looks different is then read from its service.
      - With V(full) everything is described, compared member by member, and asked for its tags one by one.
      - Without the permission C(tag:GetResources) tags are asked for one by one, with a warning.
    type: str
    choices: [tags, full]
    default: tags
attributes:
  check_mode:
    support: full
    description: Nothing is written; the result says what would be.
  diff_mode:
    support: full
    description: One entry for each resource that changes, with its paths, their values before and after, the effect.
notes:
  - Values of environment variables never appear in results or diffs, only their names.
"""

    WAIT = r"""
options:
  wait:
    description:
      - Whether to wait until the endpoint has got where it is sent.
      - Without waiting, the task makes the calls up to the first wait; the next run goes on from there.
    type: bool
    default: true
  wait_timeout:
    description:
      - For how many seconds to wait at most, for all endpoints together.
    type: int
    default: 3600
  progress_interval:
    description:
      - Every how many seconds a line tells which endpoints are not ready yet, while the task waits.
    type: int
    default: 30
"""
