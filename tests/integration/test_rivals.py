# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts of one play that mean the same account, region and deployment: none of them prunes what another declares."""

from __future__ import annotations

import typing as t

import pytest

from simulator.client import Simulator

from .conftest import PREFIX, Workplace, refereed
from .samples import COLLECTION
from .test_prune import DEPLOYMENT, NAMED, PRUNE, refusals
from .warm_start import AnsiblePlaybook

DEFAULTS = f"group/{COLLECTION}.all"
ROLE = {"name": f"{COLLECTION}.sagemaker_inference"}
IMPORTED = {"ansible.builtin.import_role": ROLE}
NOTHING = {"deployment": "search", "prune": True, "models": [], "endpoints": []}
HERE = {"region": "{{ place }}"}
HERE_BY_VARIABLE = {f"{PREFIX}region": "{{ place }}"}
INCLUDED = {"ansible.builtin.include_role": ROLE, "vars": HERE_BY_VARIABLE}
BY_OPTIONS = {f"{COLLECTION}.sagemaker_deployment": NOTHING | HERE}
ASSUMING = {
    "amazon.aws.sts_assume_role": {"role_arn": "{{ role_arn }}", "role_session_name": "test", "region": "us-east-1"},
    "register": "assumed",
    "check_mode": False,
}
ASSUMED = {name: f"{{{{ assumed.sts_creds.{name} }}}}" for name in ("access_key", "secret_key", "session_token")}

ONE_AFTER_THE_OTHER = "one after the other"
Play = tuple[dict[str, t.Any], list[dict[str, t.Any]]]
# The keywords of a play, beside the name of the deployment, and its tasks.
WAYS_TO_SAY_WHERE: dict[str, Play] = {
    "variables of the play": ({"vars": HERE_BY_VARIABLE}, [IMPORTED]),
    "variables of the role": ({}, [INCLUDED]),
    "defaults of the modules": ({"module_defaults": {DEFAULTS: HERE}}, [IMPORTED]),
    "defaults as a variable": ({"vars": {"here": HERE}, "module_defaults": {DEFAULTS: "{{ here }}"}}, [IMPORTED]),
    "the environment": ({"environment": {"AWS_REGION": "{{ place }}"}}, [IMPORTED]),
    "assumed roles": ({}, [ASSUMING, {"module_defaults": {DEFAULTS: ASSUMED | HERE}, "block": [IMPORTED]}]),
    "the options of a task": ({}, [BY_OPTIONS]),
    "the name": ({"vars": {f"{PREFIX}region": "us-east-1", DEPLOYMENT: "of-{{ place }}"}}, [IMPORTED]),
    # The last, for its end is that of the run.
    ONE_AFTER_THE_OTHER: ({"vars": HERE_BY_VARIABLE, "serial": 1}, [IMPORTED]),
}


def test_hosts_that_mean_the_same_do_not_prune_each_other(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    """Pairs of hosts, all in one run: those that are refused, and those that differ."""
    (endpoint,) = documented_example["endpoints"].values()
    region, profile = f"{PREFIX}region", f"{PREFIX}profile"
    refused: dict[str, tuple[dict[str, t.Any], ...]] = {
        "same": ({region: "eu-west-1"}, {region: "eu-west-1"}),
        "templates": ({region: "{{ 'eu-' ~ 'west-2' }}"}, {region: "eu-west-2"}),
        "profile": ({region: "eu-west-3", profile: "p"}, {region: "eu-west-3", profile: "p"}),
        "anywhere": ({}, {region: "us-east-1"}),
        "other-does-not-prune": ({region: "us-east-2"}, {region: "us-east-2", f"{PREFIX}prune": False}),
    }
    allowed: dict[str, tuple[dict[str, t.Any], ...]] = {
        "regions": ({region: "eu-west-1"}, {region: "eu-west-2"}),
        "deployments": ({DEPLOYMENT: "one"}, {DEPLOYMENT: "two"}),
        "declares-nothing": ({}, {"models": None, "endpoints": None}),
    }
    hosts = {
        f"{pair}-{number}": documented_example
        | {"endpoints": {f"{pair}-{number}": endpoint}, DEPLOYMENT: f"of-{pair}"}
        | PRUNE
        | variables
        for pair, both in {**refused, **allowed}.items()
        for number, variables in enumerate(both)
    }
    workplace.declare_hosts(hosts)
    no_keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    message = refusals(workplace.run("plan", environment=no_keys))
    for pair in refused:
        for number, other in enumerate((1, 0)):
            if (pair, number) != ("other-does-not-prune", 1):
                rival = f"- {PREFIX}prune: this host has the same account, region and deployment as {pair}-{other}, so "
                assert rival in message[f"{pair}-{number}"]
    for pair in allowed:
        for number in range(1 if pair == "declares-nothing" else 2):
            assert f"{PREFIX}prune" not in message.get(f"{pair}-{number}", "")


PLACES = {"one": "us-east-1", "same": "us-east-1", "other": "eu-west-1"}
"""Two hosts in one place, and one in another, where it is not said in the variables of the hosts."""


@pytest.fixture(scope="module")
def refused(
    server: Simulator, ansible_playbook: AnsiblePlaybook, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The message of each host in one run, which has a play with hosts of its own for every way."""
    accounts = {"us-east-1": "222222222222", "eu-west-1": "333333333333"}
    hosts = {
        named(host, way): {"models": {}, "endpoints": {}, "place": place, **PRUNE}
        | {"role_arn": f"arn:aws:iam::{accounts[place]}:role/deployer"}
        for way in WAYS_TO_SAY_WHERE
        for host, place in PLACES.items()
    }
    plays = [
        keywords
        | {"hosts": [named(host, way) for host in PLACES], "tasks": tasks}
        | {"vars": NAMED | keywords.get("vars", {})}
        for way, (keywords, tasks) in WAYS_TO_SAY_WHERE.items()
    ]
    with refereed(server, ansible_playbook, tmp_path_factory.mktemp("rivals"), "test_rivals.py") as workplace:
        workplace.declare_hosts(hosts)
        outcome = workplace.plays(plays, "--check")
    assert outcome.returncode == 2, outcome.output
    return refusals(outcome)


def named(host: str, way: str) -> str:
    return f"{host}-{way.replace(' ', '-')}"


@pytest.mark.parametrize("way", WAYS_TO_SAY_WHERE)
def test_hosts_are_distinguished_by_whatever_says_where_they_are(refused: dict[str, str], way: str) -> None:
    one, same, other = (named(host, way) for host in PLACES)
    assert f"this host has the same account, region and deployment as {same}, so " in refused[one]
    assert other not in refused
    if way == ONE_AFTER_THE_OTHER:
        assert same not in refused  # A batch that fails as a whole ends the play.
    else:
        assert f"this host has the same account, region and deployment as {one}, so " in refused[same]


def test_what_runs_once_has_no_rival_and_what_is_deleted_by_name_neither(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    workplace.declare_hosts(dict.fromkeys(("one", "same"), documented_example | NAMED | PRUNE))
    assert workplace.run("destroy").returncode == 0
    once = {"deployment": "search", "prune": True, "models": [], "endpoints": []}
    outcome = workplace.play({f"{COLLECTION}.sagemaker_deployment": once, "run_once": True})
    assert outcome.returncode == 0, outcome.output


def part(documented_example: dict[str, t.Any], name: str) -> dict[str, t.Any]:
    """One endpoint of several that a deployment has."""
    (endpoint,) = documented_example["endpoints"].values()
    return documented_example | {"endpoints": {name: endpoint}} | NAMED | PRUNE


def test_a_host_that_limit_leaves_out_keeps_what_it_declares(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    here, elsewhere = {f"{PREFIX}region": "us-east-1"}, {f"{PREFIX}region": "eu-west-3"}
    hosts = {name: part(documented_example, name) | here for name in ("one", "two")}
    hosts["other"] = part(documented_example, "three") | elsewhere
    workplace.declare_hosts(hosts | {"equal": hosts["one"]})
    workplace.arrange(**hosts["two"])
    workplace.simulator.clear_journal()
    message = refusals(workplace.run("apply", "--limit", "one"))["one"]
    assert (
        "- sagemaker_inference_prune: two, which --limit leaves out, declares endpoint two for the same acc" in message
    )
    assert "three" not in message
    assert "equal, which" not in message
    assert workplace.simulator.writes() == []
    assert workplace.run("apply", "--limit", "other").returncode == 0


def test_a_later_task_does_not_prune_what_an_earlier_one_declares(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    """The role in a loop, and two plays whose hosts mean the same; what only gets smaller is no other part."""
    (endpoint,) = documented_example["endpoints"].values()
    here = documented_example | {"endpoints": None, "spec": endpoint} | NAMED | PRUNE
    workplace.declare_hosts(dict.fromkeys(("loop", "a", "b"), here))
    looped = {"vars": {"endpoints": "{{ dict(item | zip([spec] * item | length)) }}"}}
    loop = {**INCLUDED, **looped, "loop": [["e0", "e1"], ["e1"], ["e2"]]}
    message = refusals(workplace.plays([{"hosts": "loop", "tasks": [loop]}]))["loop"]
    assert (
        "- sagemaker_inference_prune: an earlier task, for loop, declares endpoint e0, endpoint e1 for the" in message
    )
    deleted = [each["parameters"] for each in workplace.simulator.writes() if each["operation"] == "DeleteEndpoint"]
    assert deleted == [{"EndpointName": "e0"}]
    plays = [{"hosts": name, "vars": {"endpoints": {name: endpoint}}, "roles": [ROLE]} for name in "ab"]
    message = refusals(workplace.plays(plays))["b"]
    assert "an earlier task, for a, declares endpoint a for the same account, region and deployment" in message
