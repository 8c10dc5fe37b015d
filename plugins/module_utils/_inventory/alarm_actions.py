# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an alarm calls, from the words of the inventory."""

from __future__ import annotations

from .module_options import Options
from .reader import Tree

ACTIONS = {"alarm": "alarm_actions", "ok": "ok_actions", "insufficient_data": "insufficient_data_actions"}
TOPIC = "notification_sns_topic"
_BY_TOPIC = ("alarm_actions", "ok_actions")
"""The actions that `notification_sns_topic` is one of."""


def actions(alarm: Tree) -> Options:
    """The topic first, then the other actions, each once."""
    topic, more = alarm[TOPIC], alarm["actions"] or {}
    found: Options = {}
    for word, option in ACTIONS.items():
        called = [topic] if topic and option in _BY_TOPIC else []
        called += more.get(word) or []
        if called:
            found[option] = list(dict.fromkeys(called))
    return found
