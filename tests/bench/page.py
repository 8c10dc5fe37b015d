# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page docs/benchmark.md: what was measured, how, with what, and what came out."""

from __future__ import annotations

import os
import platform
import typing as t
from importlib.metadata import version

import yaml

from .contests import LOOPED_SIZE, NO_OPS, SLOW_SECONDS
from .measure import ROOT
from .promises import Promise
from .rows import ALARMS, Rows
from .table import report

PAGE = ROOT / "docs" / "benchmark.md"

_TEXT = """\
<!-- Written by `{command}`. -->
# Benchmark

Fleets of endpoints, each with a model, an endpoint configuration, a scalable target with 2 policies, and 4 alarms: 9
declared resources. Deploy, run again with nothing to do (*no-op*), change the image of every model, which redeploys
every endpoint (*change*), and destroy. Every no-op of a fleet is played {no_ops} times, and the median is shown. Before
it, the simulator's clock is moved by two days: of what is younger than a day the tags are read one resource at a time
(*no-op of a young fleet*).

**What is measured.** The wall time of the whole command, from its start to its end: `ansible-playbook` with the
collection's `apply` and `destroy` playbooks for the role, a Python program for plain boto3. Each runs against a new,
empty [simulator](../simulator/README.md) on the same machine, whose endpoints come, change and go at once, except in
*slow deploy*, where each takes {slow} s. The simulator shares the processors with what is measured. Calls and writes
are counted by the simulator. Peak MB is the largest resident size that any single process
of the command reached (`ru_maxrss` of `wait4`), the modules' processes included; it is not the sum of them.

**Plain boto3** makes the calls that Terraform's AWS provider makes, with 10 threads and one client a service: every
create is followed by a description and a list of tags, a refresh describes every resource and lists its tags, a change
and a destroy begin with a refresh. The list is in `tests/bench/terraform.py`. It keeps no state file, draws no graph
and starts no provider, and it does not pause between two looks at an endpoint.

**One looped task per resource** uses this collection's modules with flat options and a loop for each kind, on
{looped} endpoints only: every resource costs a start of its module, whatever their number. **Alarms**: {alarms} of
them, one by one with `amazon.aws.cloudwatch_metric_alarm` and in a list with `sagemaker_alarm`; the promise is about
the tasks, so the time of *a playbook without a module* is taken off both.

*Throttled*: every fifth call or so is refused with a throttling error, however slowly calls come; what is refused is
counted too. The role retries in botocore's adaptive mode, which slows calls down, as it should where the rate is what
AWS objects to.

All runs use pipelining (`ANSIBLE_PIPELINING`), which helps looped tasks most. The quota of 500 scalable targets is
raised in the simulator, as it would have to be in AWS. A dash is what was not run.

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
