# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tags of a configuration save of scaling that is suspended."""

from __future__ import annotations

import base64
import dataclasses
import json
import typing as t
import zlib

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.endpoint.scaling_notes import (
    Note,
    from_tags,
    to_tags,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.scaling_state import LiveScaling

STEPS: dict[str, t.Any] = {"PolicyName": "out", "PolicyType": "StepScaling"}
CALLED = (("out", "arn:before"), ("back", "arn:other"))
BARE = LiveScaling(arn="arn", target={"ResourceId": "endpoint/e/variant/v", "MinCapacity": 1})
WHOLE = dataclasses.replace(
    BARE, policies={"out": STEPS}, scheduled_actions={"a": {"ScheduledActionName": "a"}}, tags={"k": "v"}
)
TARGET = dataclasses.replace(WHOLE, called=CALLED)
ENTRY = ["v", "arn", BARE.target, [STEPS], [{"ScheduledActionName": "a"}], {"k": "v"}]


def test_a_note_comes_back_as_it_was() -> None:
    note = Note(3, (TARGET, BARE))
    assert from_tags(to_tags(note)) == note


@pytest.mark.parametrize("content", [[ENTRY], {"number": 0, "targets": [ENTRY]}])
def test_notes_of_earlier_releases_say_nothing_of_alarms(content: t.Any) -> None:
    packed = base64.b64encode(zlib.compress(json.dumps(content).encode())).decode()
    (found,) = from_tags({"friendsofansible.sagemaker/saved-scaling-00": packed}).targets
    assert found == WHOLE


def test_what_alarms_call_is_known_of_every_time_that_it_stood_aside() -> None:
    later = dataclasses.replace(BARE, called=(("out", "arn:now"), ("back", "arn:other")))
    assert later.with_missing(TARGET).called == (("out", "arn:now"), ("back", "arn:other"), ("out", "arn:before"))
