# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the module sagemaker_deployment: the lists of the four others."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.doc_fragments import alarm, endpoint, model, scaling
from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.single_and_list_docs import TAGS, lists


class ModuleDocFragment:
    def __init__(self) -> None:
        self.DOCUMENTATION = lists(
            models=model.OPTIONS + TAGS,
            alarms=alarm.OPTIONS + TAGS,
            endpoints=endpoint.OPTIONS + TAGS,
            targets=scaling.OPTIONS + TAGS,
        )
