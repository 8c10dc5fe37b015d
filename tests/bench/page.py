# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/benchmark.md: what was measured, how, with what, and what came out."""

from __future__ import annotations

import os
import platform
import typing as t
from importlib.metadata import version

import yaml

from .contests import HOSTS, LARGE, LOOPED_SIZE, NO_OPS, PINGS, SLOW_SECONDS
from .measure import ROOT
from .promises import Promise
from .rows import ALARMS, Rows
from .table import report

PAGE = ROOT / "docs" / "benchmark.md"

_TEXT = """\
<!-- Written by `{command}`. -->
# Benchmark

A fleet is a number of endpoints, each with a model, an endpoint configuration, a scalable target with 2 policies, and 4
alarms: 9 declared resources for each endpoint. Each fleet is deployed, run again with nothing to do (*no-op*), changed
to another image for every model, which redeploys every endpoint (*change*), and destroyed. Every no-op of a fleet of
less than {large} endpoints runs {no_ops} times; the table shows the median. Everything else runs once. Before a no-op,
the simulator's clock is moved by two days, because the tags of resources that are younger than a day are read one
resource at a time (*no-op of a young fleet*).

The no-op of one endpoint, *a playbook that only pings* (`ansible.builtin.ping`) and a playbook with a single task of
another collection (`amazon.aws.aws_caller_info`) run {pings} times in turn, and the medians are compared. A no-op of a
single endpoint is mostly starts: of Ansible, of the module, and of boto3. Ansible packs the module's code for each
run, and Python compiles it again.

**What is measured.** The wall time of the whole command, from start to end. For the role, the command is
`ansible-playbook` with the collection's `apply` and `destroy` playbooks; for plain boto3, it is a Python program. Each
command runs against a new, empty [simulator](../simulator/README.md) on the same machine. Endpoints are created,
updated and deleted instantly, except in *slow deploy*, where each takes {slow} s. The simulator uses the same
processors as the command. The simulator counts calls and writes. Peak MB is the largest resident size that any single
process of the command reached (`ru_maxrss` of `wait4`), including the modules' processes; it is not their sum.

**Plain boto3** is a program that makes the same calls as Terraform's AWS provider, with 10 threads and one client for
each service. After it creates a resource, it describes the resource and lists its tags. A refresh describes every
resource and lists its tags. A change and a destroy begin with a refresh. `tests/bench/terraform.py` has the list of
calls. The program keeps no state file, builds no graph and starts no provider, and it polls endpoints without a pause.

**{hosts} hosts** are one `ansible-playbook` command on {hosts} hosts, each with a region and a fleet of its own, with
Ansible's 5 forks. *All processes MB* is the largest sum, sampled four times a second, of the memory of all its
processes, in which memory that processes share is counted once.

**One looped task per resource** uses this collection's modules with the options of a single resource and one loop for
each kind. It runs with {looped} endpoints only, because each resource costs one module start, regardless of their
number. **Alarms** compares {alarms} alarms, in a loop with `amazon.aws.cloudwatch_metric_alarm` and in a list with
`sagemaker_alarm`. The promise below is about the tasks, so the time of *a playbook without a module* is subtracted from
both.

**Throttled** runs get a throttling error for about every fifth call, regardless of the rate of calls. Refused calls are
counted too. **At AWS's rates**, every call above the rate of its operation is refused: 3 a second for `PutMetricAlarm`,
3 for `DeleteAlarms`, 9 for `DescribeAlarms`, from a secondary source that could not be verified, and 10 for each other
operation, which is a guess. In these runs, plain boto3 retries in botocore's standard mode, at most ten times; where
it gives up all the same, there is a dash.

All runs use pipelining (`ANSIBLE_PIPELINING`), which helps looped tasks most. In the simulator, the quota of 500
scalable targets is raised, as it would have to be in AWS. A dash marks what was not run.

*Size* is the number of endpoints, on each host where there are several, or of alarms.

| With | |
|---|---|
{versions}

{report}"""


def page(rows: Rows, promises: t.Sequence[Promise], command: str) -> str:
    """The whole page."""
    versions = "\n".join(f"| {name} | {value} |" for name, value in _versions().items())
    return _TEXT.format(
        command=command,
        slow=SLOW_SECONDS,
        no_ops=NO_OPS,
        large=f"{LARGE:,}",
        pings=PINGS,
        hosts=HOSTS,
        looped=LOOPED_SIZE,
        alarms=ALARMS,
        versions=versions,
        report=report(rows, promises),
    )


def _versions() -> dict[str, str]:
    """What the numbers depend on."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    return {
        "this collection": galaxy["version"],
        "ansible-core": version("ansible-core"),
        "ansible (for amazon.aws)": version("ansible"),
        "boto3, botocore": f"{version('boto3')}, {version('botocore')}",
        "Python": platform.python_version(),
        "system": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} CPUs",
    }
