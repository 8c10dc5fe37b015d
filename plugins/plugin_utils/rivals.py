# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which other hosts of a play have the same account, region and deployment, as far as this is known without a call."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import re
import typing as t
from collections.abc import Iterator, Mapping
from pathlib import Path

from ansible import constants
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from .find_inventory import PARTS_BY_THEMSELVES
from .variables import PREFIX

_GROUPS = ("group/friendsofansible.sagemaker.all", "group/friendsofansible.sagemaker.role")
_OPTIONS = {
    "deployment": ("deployment",),
    "region": ("region", "aws_region"),
    "profile": ("profile", "aws_profile"),
    "access_key": ("access_key", "aws_access_key_id", "aws_access_key"),
    "endpoint_url": ("endpoint_url", "aws_endpoint_url"),
}
_ENVIRONMENT = {
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    "profile": ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
    "access_key": ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"),
    "endpoint_url": ("AWS_URL",),
}
_DO_NOT_IDENTIFY = ("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN")
# Not documented, but found by several (labs.withsecure.com, "A bitwise analysis of AWS access key identifiers"): where
# the first bit is set, 40 bits after it are the account's number. It only serves to recognise two hosts in one account.
_KEY = re.compile(r"A[KS]IA([Q-Z2-7][A-Z2-7]{7})([A-Z2-7])[A-Z2-7]{7}")


class Aim(t.NamedTuple):
    """What a host deploys to; *credentials* identify the account, as a digest, because they may contain keys."""

    deployment: str
    region: str | None
    credentials: str


def rivals(task: t.Any, options: Mapping[str, t.Any], variables: Mapping[str, t.Any], loader: DataLoader) -> list[str]:
    """The other hosts of the play for which the task has the same aim; none if it runs only once."""
    if len(variables.get("ansible_play_hosts_all", ())) < 2 or task.run_once:
        return []
    own = own_aim(task, options)
    others = _aims_of_play(task, variables, loader)
    others.pop(variables["inventory_hostname"], None)
    return [name for name, aim in others.items() if aim and are_the_same(own, aim)]


def own_aim(task: t.Any, options: Mapping[str, t.Any]) -> Aim:
    """What the task itself is about."""
    return aim_of(options, {name: value for layer in task.environment or () for name, value in layer.items()})


def are_the_same(one: Aim, other: Aim) -> bool:
    """A region that is not set may be any."""
    regions = {one.region, other.region} - {None}
    return one.deployment == other.deployment and one.credentials == other.credentials and len(regions) <= 1


def _aims_of_play(task: t.Any, variables: Mapping[str, t.Any], loader: DataLoader) -> dict[str, Aim | None]:
    """By host. They are found once for a task: a thousand hosts that each ask for all would take an hour."""
    hosts = variables["ansible_play_hosts_all"]
    found: dict[str, list[t.Any] | None] = found_once(
        str(task._uuid), lambda: {host: aim_of_host(task, variables, loader, host) for host in hosts}
    )
    return {host: Aim(*aim) if aim else None for host, aim in found.items()}


def found_once(name: str, find: t.Callable[[], t.Any]) -> t.Any:
    """What *find* returns, as JSON has it, found by the first task of this ansible-playbook that asks by this name."""
    path = of_this_playbook(name)
    with locked(path):
        if not path.exists():
            path.write_text(json.dumps(find()))
        return json.loads(path.read_text())


def of_this_playbook(name: str) -> Path:
    """A file that the tasks of one ansible-playbook share; it is gone when that ends."""
    return Path(constants.DEFAULT_LOCAL_TMP) / f"friendsofansible.sagemaker-{name}.json"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def variables_of(task: t.Any, variables: Mapping[str, t.Any], host: str) -> dict[str, t.Any]:
    """Those of another host for the same task."""
    inventory = variables["hostvars"]._inventory
    found: dict[str, t.Any] = task.get_variable_manager().get_vars(
        play=task.play, host=inventory.get_host(host), task=task
    )
    return found


def aim_of_host(task: t.Any, variables: Mapping[str, t.Any], loader: DataLoader, host: str) -> Aim | None:
    """None where the host declares nothing or its variables cannot be resolved, so that its own task does nothing."""
    theirs = variables_of(task, variables, host)
    templar = Templar(loader=loader, variables=theirs)
    try:
        options, environment = _merged(_raw_options(task), templar), _merged(_raw_environment(task), templar)
    except AnsibleError:
        return None
    declares = any(theirs.get(name) is not None for part in PARTS_BY_THEMSELVES for name in (part, PREFIX + part))
    if options.get("source") == "inventory" and not declares:
        return None
    return aim_of(options, environment)


def aim_of(options: Mapping[str, t.Any], environment: Mapping[str, t.Any]) -> Aim:
    """What a task with these options, in this environment, is about."""
    found = {
        name: next(
            (
                str(place[each])
                for place, names in ((options, aliases), (environment, _ENVIRONMENT.get(name, ())))
                for each in names
                if place.get(each)
            ),
            None,
        )
        for name, aliases in _OPTIONS.items()
    }
    known = {*_DO_NOT_IDENTIFY, *(each for names in _ENVIRONMENT.values() for each in names)}
    rest = {name: str(value) for name, value in environment.items() if name.startswith("AWS_") and name not in known}
    account: t.Any = _account_in(found["access_key"] or "") or [found["access_key"], found["profile"], rest]
    aim = json.dumps([account, found["endpoint_url"]], sort_keys=True)
    return Aim(str(found["deployment"]), found["region"], hashlib.sha256(aim.encode()).hexdigest())


def _account_in(access_key: str) -> str | None:
    """The part of an access key that is the same for all keys of an account."""
    match = _KEY.fullmatch(access_key)
    return f"{match[1]}{'QRSTUVWXYZ234567'.count(match[2])}" if match else None


def _raw_options(task: t.Any) -> list[t.Any]:
    """The options of the task as they were written, defaults first."""
    defaults: dict[str, t.Any] = {}
    for each in task.module_defaults or ():
        defaults |= each
    written = task.get_ds() or {}
    return [
        *(defaults.get(group) or {} for group in (*_GROUPS, task.resolved_action)),
        written.get("args") or {},
        written.get(task.action) or {},
    ]


def _raw_environment(task: t.Any) -> list[t.Any]:
    """The environment as it was written, of the play first; of what is around a task, Ansible keeps no other copy."""
    layers: list[t.Any] = []
    place = task
    while place is not None:
        layers = _written_environment(place) + layers
        place = getattr(place, "_parent", None)
    return _written_environment(task.play) + layers


def _written_environment(place: t.Any) -> list[t.Any]:
    written = place.get_ds()
    found = written.get("environment") if isinstance(written, Mapping) else None
    return [each for each in (found if isinstance(found, list) else [found]) if each]


def _merged(layers: list[t.Any], templar: Templar) -> dict[str, t.Any]:
    """The layers, each over those before it, without their templates; only what an aim is made of is looked at."""
    wanted = {"source", *(each for names in _OPTIONS.values() for each in names)}
    merged: dict[str, t.Any] = {}
    for layer in layers:
        found = layer if isinstance(layer, Mapping) else templar.template(layer)
        asked = {name: value for name, value in found.items() if name in wanted or name.startswith("AWS_")}
        merged |= asked
    # An option that is omitted also removes the value from an earlier layer.
    return dict(templar.template(merged))
