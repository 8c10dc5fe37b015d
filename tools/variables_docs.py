# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/variables from the argument specs of the role, a page a group: ``python -m tools.variables_docs``."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SPECS = ROOT / "roles" / "sagemaker_inference" / "meta" / "argument_specs.yml"
FOLDER = ROOT / "docs" / "variables"
PREFIX = "sagemaker_inference_"
_MARKUP = re.compile(r"\b[OVCM]\(([^)]*)\)")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Variables that a reader wants to see together; *names* have no prefix."""

    file: str
    title: str
    text: str
    names: tuple[str, ...]


GROUPS = (
    Group(
        file="inventory",
        title="What is declared",
        text="[The inventory page](../inventory.md) describes the keys of the first three.",
        names=("models", "endpoints", "additional_tags_all", "state", "strict"),
    ),
    Group(
        file="connection",
        title="Account and region",
        text="[Fleets](../fleets.md) shows several accounts and regions in one run, and how to assume a role.",
        names=("region", "profile"),
    ),
    Group(
        file="ownership",
        title="Ownership and tags",
        text="[Many teams in one account](../fleets.md#many-teams-in-one-account) explains who owns a resource.",
        names=("deployment", "adopt", "purge_tags"),
    ),
    Group(
        file="run",
        title="Waiting, progress and speed",
        text="[The benchmark](../benchmark.md) shows how long runs take.",
        names=("wait", "wait_timeout", "progress_interval", "parallelism", "verify"),
    ),
    Group(
        file="plans",
        title="Plans",
        text="[Plans](../plans.md) shows the files, and a pipeline that applies an approved plan.",
        names=("plan_file", "plan_formats", "approved_plan", "diff"),
    ),
    Group(
        file="deleting",
        title="Deleting and replacing",
        text="[Prune](../fleets.md#prune-deleting-what-is-no-longer-declared) says what a run deletes, and when it"
        " refuses.",
        names=("prune", "prune_limit", "confirm", "allow_replace"),
    ),
    Group(
        file="rollback",
        title="Rollback",
        text="[Rollouts and rollback](../rollouts.md#rollback) says where a rollback leads.",
        names=("rollback", "keep_generations"),
    ),
    Group(
        file="export",
        title="Export",
        text="[Moving from Terraform](../moving-from-terraform.md) shows an export from start to end.",
        names=("export_endpoints", "export_environment", "export_file"),
    ),
    Group(
        file="smoke",
        title="Smoke test",
        text="The playbook `friendsofansible.sagemaker.smoke` checks that endpoints are in service, and answer.",
        names=("smoke_requests",),
    ),
)

HEAD = "<!-- Written by tools/variables_docs.py from the argument specs of the role. Change them there. -->\n"
INDEX = """\
# Variables of the role

All variables of the role `sagemaker_inference` begin with `sagemaker_inference_`. Set them for a host, for a group, or
with `-e`. The role refuses a variable with this prefix that it does not know, and suggests the nearest one.

The playbooks have one more: `sagemaker_inference_hosts`, the hosts or groups that they run for, `all` if it is not set.

| Page | Variables |
|---|---|
"""


def options() -> dict[str, dict[str, t.Any]]:
    """The options of all entry points of the role, without the prefix."""
    specs = yaml.safe_load(SPECS.read_text())["argument_specs"].values()
    return {name.removeprefix(PREFIX): option for spec in specs for name, option in spec["options"].items()}


def pages() -> dict[Path, str]:
    """The content of each file."""
    known = options()
    named = [name for group in GROUPS for name in group.names]
    if left_out := known.keys() - set(named):
        raise ValueError(f"put these into a group in tools/variables_docs.py: {', '.join(sorted(left_out))}")
    found = {FOLDER / f"{group.file}.md": _page(group, known) for group in GROUPS}
    rows = "".join(_row(group) for group in GROUPS)
    files = "".join(f"{group.file}\n" for group in GROUPS)
    return {FOLDER / "index.md": f"{HEAD}{INDEX}{rows}\n```{{toctree}}\n:hidden:\n\n{files}```\n", **found}


def _row(group: Group) -> str:
    names = ", ".join(f"`{name}`" for name in group.names)
    return f"| [{group.title}]({group.file}.md) | {names} |\n"


def _page(group: Group, known: t.Mapping[str, dict[str, t.Any]]) -> str:
    sections = (_section(name, known[name]) for name in group.names)
    return "\n".join([f"{HEAD}# {group.title}\n\n{group.text}\n", *sections])


def _section(name: str, option: dict[str, t.Any]) -> str:
    text = "\n\n".join(_MARKUP.sub(r"`\1`", " ".join(line.split())) for line in option["description"])
    return f"## `{PREFIX}{name}`\n\n*{_kind(option)}*\n\n{text}\n"


def _kind(option: dict[str, t.Any]) -> str:
    """Type, choices and default, as far as there are any."""
    names = {
        "raw": "map",
        "dict": "map",
        "str": "string",
        "int": "number",
        "bool": "boolean",
        "list": "list of strings",
    }
    choices = ", ".join(f"`{each}`" for each in option.get("choices", ()))
    is_list = option["type"] == "list"
    kind = f"{'list' if is_list else 'one'} of {choices}" if choices else names.get(option["type"], option["type"])
    default = option.get("default")
    parts = [kind]
    if default is not None:
        parts.append(f"default `{default if isinstance(default, str) else json.dumps(default)}`")
    return "; ".join([*parts, *["required"] * bool(option.get("required"))])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for _path, _content in pages().items():
        _path.write_text(_content)
