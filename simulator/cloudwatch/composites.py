# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""PutCompositeAlarm, and what composite alarms prevent and show for the alarms in their rules."""

from __future__ import annotations

from collections.abc import Collection

from ..call import Call
from ..errors import AwsError
from ..region import Region
from ..types import Params, Result
from .action_rules import check_actions
from .alarm_errors import invalid
from .composite_rule import children_of
from .resources import Alarm, CompositeAlarm, born
from .tag_rules import checked_tags

_MOST_PARENTS = 150
_SUPPRESSION = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")


def put_composite_alarm(call: Call, params: Params) -> Result:
    """Creates, or overwrites as a whole; the state stays, tags are taken at creation only. [D CW]

    The rule is not evaluated: a new one stays INSUFFICIENT_DATA until SetAlarmState changes it.
    """
    region, name = call.region, params["AlarmName"]
    children = children_of(params["AlarmRule"])
    missing = [child for child in children if child not in region.alarms and child not in region.composites]
    if missing:
        # [I awsdocs/aws-cloudformation-user-guide#911] for the text; how several are set apart is a guess.
        raise invalid(
            f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm rule do not exist"
        )
    if name in region.alarms:
        raise name_is_taken(name)
    crowded = [child for child in children if _parents_but(region, child, name) >= _MOST_PARENTS]
    if crowded:
        # [D CW PutCompositeAlarm] "as many as 150 composite alarms"; the text is a guess.
        raise invalid(f"Alarm {crowded[0]} is in the rules of {_MOST_PARENTS} composite alarms already")
    check_actions(params, is_composite=True)
    if "ActionsSuppressor" in params and not all(period in params for period in _SUPPRESSION):
        # [D CW]; the text is a guess.
        raise invalid(f"{' and '.join(_SUPPRESSION)} are required when ActionsSuppressor is specified")
    tags = checked_tags(params.get("Tags", []), {})
    present = region.composites.get(name)
    alarm = present or CompositeAlarm(name, region.arn("cloudwatch", f"alarm:{name}"), {}, call.now, [born(call.now)])
    alarm.content = _filled_in({key: value for key, value in params.items() if key != "Tags"})
    alarm.children, alarm.configured = tuple(children), call.now
    region.composites[name] = alarm
    if present is None:
        region.tags.put(alarm.arn, tags, call.now)
    return {}


def _parents_but(region: Region, child: str, name: str) -> int:
    return sum(parent.name != name for parent in parents_of(region, child))


def parents_of(region: Region, name: str) -> list[CompositeAlarm]:
    """The composite alarms whose rule names this alarm, in order of name."""
    return [alarm for _name, alarm in sorted(region.composites.items()) if name in alarm.children]


def children_in(region: Region, name: str) -> list[Alarm]:
    """The alarms that the rule of this composite alarm names."""
    children = region.composites[name].children if name in region.composites else ()
    found = (region.alarms.get(child) or region.composites.get(child) for child in children)
    return [alarm for alarm in found if alarm]


def check_deletion(region: Region, names: Collection[str]) -> None:
    """What a composite alarm depends on does not go, and then nothing of the call does.

    [C cloud-custodian/cloud-custodian#7763, ekristen/aws-nuke#462] for the texts. That only the alarms in the way are
    named, in the order of the call, and that a composite alarm of the same call holds nothing, are guesses.
    """
    composites = [name for name in names if name in region.composites]
    if len(composites) > 1:
        # [D CW] "no more than one composite alarm"; code and text are guesses.
        raise invalid("Only one composite alarm can be deleted in one operation")
    held = [name for name in names if any(parent.name not in names for parent in parents_of(region, name))]
    if held:
        them = "them" if len(held) > 1 else "it"
        raise invalid(f"Cannot delete {','.join(held)} as there are composite alarm(s) depending on {them}.")


def name_is_taken(name: str) -> AwsError:
    """[D CW] an alarm's name is unique within the region; the text is a guess."""
    return invalid(f"An alarm with the name {name} and another type already exists")


def _filled_in(content: Params) -> Params:
    """As with metric alarms: what is not sent is reset, lists come back empty. [D CW]"""
    return {"ActionsEnabled": True, "OKActions": [], "AlarmActions": [], "InsufficientDataActions": [], **content}
