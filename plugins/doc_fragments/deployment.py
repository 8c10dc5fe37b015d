# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of sagemaker_deployment: the lists of the four other modules, prune, and plan files."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.doc_fragments import alarm, endpoint, model, scaling
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.single_and_list_docs import TAGS, lists


class ModuleDocFragment:
    PRUNE = r"""
options:
  prune:
    description:
      - Whether endpoints, configurations and models of the deployment that are not listed are deleted, with their
        scaling and alarms, if nothing has failed before.
      - The task looks for them in AWS's tag index. Resources that were created in the last minutes or hours may be
        missing there, and are then pruned by a later run. Before a resource is deleted, its tags are read from the
        service itself. With O(verify=full), or without the permission C(tag:GetResources), the tags of everything in
        the region are read one by one.
      - A model stays, with a warning, while an endpoint configuration that stays refers to it, whoever owns the
        configuration and whether or not it serves.
      - Requires O(models) and O(endpoints), or both keys of the inventory, which may be empty. It is refused if another
        host of the play has the same account, region and deployment; a task with C(run_once) has no other host.
    type: bool
    default: false
  prune_limit:
    description:
      - If O(prune) or O(state=absent) would delete more endpoints than this, or more models, or more configurations
        of endpoints that are gone, the task fails and deletes nothing, unless O(confirm) is given.
      - An endpoint counts as one with all its configurations, and a model with all its generations.
    type: int
    default: 5
  confirm:
    description:
      - The name of the O(deployment), if O(prune) or O(state=absent) may delete more than O(prune_limit), and endpoints
        that are protected from deletion.
      - Without it, a task that would delete more, or an endpoint with C(deletion_protection), fails and deletes
        nothing.
    type: str
"""

    PLAN_FILES = r"""
options:
  plan_file:
    description:
      - A file on the controller to which the plan is written, in check mode, or else what the run has done.
      - It is JSON; C(docs/plans.md) describes its members.
    type: path
  plan_formats:
    description:
      - What is written. Markdown and HTML go into files beside O(plan_file), with the suffix C(.md) or C(.html).
    type: list
    elements: str
    choices: [json, markdown, html]
    default: [json]
  approved_plan:
    description:
      - A file that an earlier run in check mode has written to O(plan_file), or the C(digest) in it.
      - The run plans again, and changes nothing if it would do anything else than this plan says.
    type: str
"""

    def __init__(self) -> None:
        self.DOCUMENTATION = lists(
            models=model.OPTIONS + TAGS,
            alarms=alarm.OPTIONS + TAGS,
            endpoints=endpoint.OPTIONS + TAGS,
            targets=scaling.OPTIONS + TAGS,
        )
