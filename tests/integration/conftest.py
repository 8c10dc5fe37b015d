# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives ansible-playbook, as a user does, against the simulator; the simulator's journal is the witness."""

from __future__ import annotations

import json
import os
import re
import sys
import typing as t
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from simulator.client import Simulator
from simulator.process import running
from simulator.testing import ACCOUNT, Aws
from tests.scenarios.harness import Result, World
from tests.scenarios.policies import Narrowing, narrowed, shown
from tests.scenarios.refereed import assert_no_objection, sentence

from .warm_start import AnsiblePlaybook

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
REGION = "us-east-1"
PREFIX = "sagemaker_inference_"
SHOWN = {"ANSIBLE_SHOW_CUSTOM_STATS": "1"}
INVENTORY = ("models", "endpoints", "additional_tags_all")
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
"""Of the runs; what a test does by hand is done with another."""
SECRET = "a-secret-key-that-nobody-may-see"

# That runs get by with the names that they declare is for tests/scenarios to show.
ANYTHING = Narrowing({"models": {"*": {"iam_role_arn": "*"}}, "endpoints": {"*": {}}}, "*", "*")


@dataclass(frozen=True)
class Outcome:
    """How an ansible-playbook run ended."""

    returncode: int
    output: str

    @property
    def recaps(self) -> dict[str, dict[str, int]]:
        """By host, the counts of the last lines: ok, changed, failed and so on."""
        _before, _heading, lines = self.output.rpartition("PLAY RECAP")
        found = re.findall(r"^(\S+) +: (ok=.*)$", lines, re.MULTILINE)
        return {host: {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line)} for host, line in found}

    @property
    def recap(self) -> dict[str, int]:
        """Those of the last host."""
        return list(self.recaps.values())[-1]

    @property
    def statistics(self) -> dict[str, t.Any]:
        """The custom statistics, as the callback prints them with ``SHOWN``."""
        line = self.output.partition("CUSTOM STATS:")[2].partition("RUN:")[2]
        return t.cast("dict[str, t.Any]", json.JSONDecoder().raw_decode(line.strip())[0])

    @property
    def changes(self) -> dict[str, int]:
        """By host, how many tasks changed something in a run that went well."""
        assert self.returncode == 0, self.output
        return {host: counts["changed"] for host, counts in self.recaps.items()}

    @property
    def changed(self) -> int:
        assert self.returncode == 0, self.output
        return self.recap["changed"]


@dataclass(frozen=True)
class Workplace:
    """A folder with an inventory, and a simulator to play against."""

    folder: Path
    simulator: Simulator
    ansible_playbook: AnsiblePlaybook

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "HOME": str(self.folder),
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": REGION,
        }
        return settings() | self.simulator.environment | ours

    def declare(self, **variables: t.Any) -> None:
        """Makes the variables those of the only host."""
        self.declare_hosts({"account": variables})

    def declare_hosts(self, hosts: dict[str, dict[str, t.Any]]) -> None:
        inventory = {"all": {"hosts": hosts, "vars": {"ansible_connection": "local"}}}
        (self.folder / "inventory.yml").write_text(yaml.safe_dump(inventory, sort_keys=False))

    def apply_here(self, account: str = ACCOUNT, **variables: t.Any) -> Result:
        """What ``apply`` does with these variables, in this process, where no time passes; the calls are the same."""
        options = {name.removeprefix(PREFIX): value for name, value in variables.items()}
        inventory = {name: options.pop(name) for name in INVENTORY if name in options}
        with pytest.MonkeyPatch.context() as patch:
            world = World(self.simulator, patch, account, region=options.pop("region", REGION))
            made = world.apply(inventory, **options)
        assert not made.error, made.error
        return made

    def arrange(self, account: str = ACCOUNT, **variables: t.Any) -> None:
        """Deploys what the variables declare, for a test of what comes after it."""
        assert self.apply_here(account, **variables).changed

    def run(
        self,
        playbook: str | Path,
        *arguments: str,
        inventory: Path | None = None,
        environment: t.Mapping[str, str] | None = None,
    ) -> Outcome:
        """Runs a playbook, one of the collection's by name, such as ``apply``, with the inventory that was declared."""
        self.bind(check_mode=playbook == "plan" or "--check" in arguments)
        path = playbook if isinstance(playbook, Path) else ROOT / "playbooks" / f"{playbook}.yml"
        hosts = inventory or self.folder / "inventory.yml"
        ended = self.ansible_playbook.run(
            ["-i", str(hosts), str(path), *arguments], self.environment | {**(environment or {})}, self.folder
        )
        return Outcome(*ended)

    def bind(self, *, check_mode: bool) -> None:
        """Lets runs do what docs/permissions.md allows for planning or applying, and for the export, under any name."""
        policies = (shown().planning if check_mode else shown().applying, shown().reading)
        statements = [each for policy in policies for each in narrowed(policy, ANYTHING)["Statement"]]
        statements.append({"Effect": "Allow", "Action": "sagemaker:InvokeEndpoint", "Resource": "*"})
        self.simulator.allow({"Statement": statements}, ACCESS_KEY)

    def for_runner(self, folder: str = "runner") -> dict[str, t.Any]:
        """The arguments of ansible-runner for a run in a folder of its own, with the inventory that was declared."""
        private_data = self.folder / folder
        private_data.mkdir()
        return {
            "private_data_dir": str(private_data),
            "inventory": str(self.folder / "inventory.yml"),
            "envvars": self.environment,
            "quiet": True,
        }

    def play(self, *tasks: dict[str, t.Any], arguments: tuple[str, ...] = (), **keywords: t.Any) -> Outcome:
        """Runs tasks in a play of their own, and shows statistics; *keywords* are the play's."""
        if not (self.folder / "inventory.yml").exists():
            self.declare()
        return self.plays([{"hosts": "all", "tasks": list(tasks), **keywords}], *arguments)

    def plays(self, plays: t.Iterable[dict[str, t.Any]], *arguments: str) -> Outcome:
        """Runs plays one after the other, and shows statistics."""
        path = self.folder / "play.yml"
        path.write_text(yaml.safe_dump([{"gather_facts": False, **play} for play in plays]))
        return self.run(path, *arguments, environment=SHOWN)

    def results(self, *tasks: dict[str, t.Any], **keywords: t.Any) -> list[dict[str, t.Any]]:
        """Runs tasks in a play of their own, to the last even if some fail, and gives the result of each."""
        named = {f"result_{number}": task for number, task in enumerate(tasks)}
        registered = [{**task, "register": name, "ignore_errors": True} for name, task in named.items()]
        message = {"ansible.builtin.set_stats": {"data": {"results": f"{{{{ [{', '.join(named)}] }}}}"}}}
        outcome = self.play(*registered, message, **keywords)
        assert outcome.returncode == 0, outcome.output
        assert "Traceback" not in outcome.output
        return t.cast("list[dict[str, t.Any]]", outcome.statistics["results"])

    def client(self, service: str) -> t.Any:
        return Aws(self.simulator, REGION).client(service)

    def sent(self, operation: str) -> list[dict[str, t.Any]]:
        """The parameters of all calls of an operation, in order."""
        return [entry["parameters"] for entry in self.simulator.journal() if entry["operation"] == operation]

    def left_over(self) -> list[str]:
        """The names of everything there is."""
        sagemaker, alarms = self.client("sagemaker"), self.client("cloudwatch")
        scaling = self.client("application-autoscaling")
        return [
            *(each["ModelName"] for each in sagemaker.list_models()["Models"]),
            *(each["EndpointConfigName"] for each in sagemaker.list_endpoint_configs()["EndpointConfigs"]),
            *(each["EndpointName"] for each in sagemaker.list_endpoints()["Endpoints"]),
            *(each["AlarmName"] for each in alarms.describe_alarms()["MetricAlarms"]),
            *(
                each["ResourceId"]
                for each in scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
            ),
            *(
                each["PolicyName"]
                for each in scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
            ),
        ]


def settings() -> dict[str, str]:
    """The settings of Ansible and of the system, which all runs share."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_LOCALHOST_WARNING": "0",
    }


@pytest.fixture(scope="session")
def ansible_playbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnsiblePlaybook]:
    made = AnsiblePlaybook(settings() | {"HOME": str(tmp_path_factory.mktemp("home"))})
    yield made
    made.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Simulator]:
    with running(create_seconds=0.3, update_seconds=0.3, delete_seconds=0.2) as simulator:
        yield simulator


@contextmanager
def refereed(server: Simulator, ansible_playbook: AnsiblePlaybook, folder: Path, test: str) -> Iterator[Workplace]:
    """An empty workplace; at its end, objections of the referee fail.

    Each run of the role reports its inventory to it; what runs of ansible-playbook itself declare is not reported.
    """
    server.reset()
    made = Workplace(folder, server, ansible_playbook)
    made.bind(check_mode=False)
    server.referee_begin({"access_key": ACCESS_KEY})
    yield made
    server.referee_end("")
    assert_no_objection(test, list(map(sentence, server.objections())))


@pytest.fixture
def workplace(
    server: Simulator, ansible_playbook: AnsiblePlaybook, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Workplace]:
    with refereed(server, ansible_playbook, tmp_path, request.node.nodeid.rpartition("/")[2]) as made:
        yield made


@pytest.fixture
def documented_example() -> dict[str, t.Any]:
    """The README example of the documented schema, for each test to change as it likes."""
    return example()


def example() -> dict[str, t.Any]:
    text = (ROOT / "examples" / "basic" / "group_vars" / "sagemaker.yml").read_text()
    return t.cast("dict[str, t.Any]", yaml.safe_load(text))
