# Copyright: Contributors to the friendsofansible.sagemaker collection
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt or LICENSE)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module sagemaker_endpoint, with progress lines about the endpoints that it waits for."""

from __future__ import annotations

from ansible_collections.friendsofansible.sagemaker.plugins.plugin_utils.progress import ProgressAction


class ActionModule(ProgressAction):
    """Ansible calls the module of the same name."""
