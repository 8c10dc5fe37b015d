# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks, cheapest first."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from .environments import ROOT, Environment


@dataclass(frozen=True)
class Check:
    """A command, which has failed too when its output has *bad* in it or lacks *good*; *packages* tell the version."""

    name: str
    command: str
    packages: tuple[str, ...]
    environment: Environment | None = None
    good: str = ""
    bad: str = r"(?!)"


def stated(package: str) -> str:
    """The oldest version of a Python package that the collection supports."""
    found = re.search(rf"^{package}>=(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert found, package
    return found[1]


def oldest_core() -> str:
    """The oldest ansible-core that the collection supports."""
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    return str(runtime["requires_ansible"]).removeprefix(">=")


TESTING = ("pytest", "pytest-xdist", "hypothesis", "moto[server]==5.2.5")
PINNED = ("ansible-core", "boto3", "botocore")
# With the first ansible that carries its collections for that ansible-core.
OLDEST = Environment(
    "oldest",
    "3.11",
    (f"ansible-core=={oldest_core()}", *(f"{name}=={stated(name)}" for name in PINNED[1:]), *TESTING),
    ("ansible==12.0.0",),
)
MIDDLE = Environment("middle", "3.12", ("ansible>=13,<14", "boto3"))
NEWEST = Environment("newest", "3.13", ("ansible>=14", "boto3", *TESTING))
# galaxy-importer holds back other packages, and reads the documentation fragments of amazon.aws.
GALAXY = Environment("galaxy", "3.11", ("galaxy-importer", "ansible", "ansible-builder"))

UNITS = "python -m pytest -n auto -p no:cacheprovider tests/unit"
SANITY = "tools/sanity.sh"
RAN = r"ansible-test sanity: \d\d tests passed"

CHECKS = (
    Check("yamllint", "yamllint --strict .", ("yamllint",)),
    Check("antsibull-changelog lint", "antsibull-changelog lint", ("antsibull-changelog",)),
    Check("antsibull-docs", "antsibull-docs lint-collection-docs --plugin-docs .", ("antsibull-docs",)),
    Check(
        "ansible-lint, production",
        "ansible-lint --offline --strict",
        ("ansible-lint",),
        good="Profile 'production' was required, and it passed",
    ),
    Check("ansible-builder", "tools/introspect.sh", ("ansible-builder",), GALAXY, good=r"boto3>=.*sagemaker"),
    Check("galaxy-importer", "tools/galaxy.sh", ("galaxy-importer",), GALAXY, bad="WARNING|ERROR", good="Collection"),
    Check("unit tests, oldest", UNITS, PINNED, OLDEST, good=r"\d passed"),
    Check("unit tests, newest", UNITS, PINNED, NEWEST, good=r"\d passed"),
    Check("ansible-test sanity", SANITY, ("ansible-core",), good=RAN),
    Check("ansible-test sanity, oldest", SANITY, ("ansible-core",), OLDEST, good=RAN),
    Check("ansible-test sanity, between", SANITY, ("ansible-core",), MIDDLE, good=RAN),
    Check("ansible-test sanity, newest", SANITY, ("ansible-core",), NEWEST, good=RAN),
)
