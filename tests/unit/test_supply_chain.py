# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every dependency of development is pinned with hashes, and an audit that reached nobody claims nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.tools.audit import NOT_ASKED, verdict

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ;]+( ;[^\\]+)?( --hash=sha256:[0-9a-f]{64})+")


def requirements(name: str) -> list[str]:
    """The entries of a file of requirements, each on one line."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = re.sub(r"\s*\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    return [line.strip() for line in lines if line.strip()]


def test_everything_is_pinned_with_hashes() -> None:
    pinned = requirements("requirements-dev.txt")
    assert len(pinned) > 50
    for line in pinned:
        assert PIN.fullmatch(line), line


def test_everything_that_is_asked_for_is_pinned() -> None:
    asked = {re.split(r"[^A-Za-z0-9_.-]", line)[0].lower() for line in requirements("requirements-dev.in")}
    pinned = {re.split(r"[^A-Za-z0-9_.-]", line)[0].lower() for line in requirements("requirements-dev.txt")}
    assert asked <= pinned, asked - pinned


CLEAN = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
BAD = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1"}]}


@pytest.mark.parametrize(
    ("output", "errors", "code", "message"),
    [
        (json.dumps({"dependencies": [CLEAN]}), "", 0, "No known vulnerability in 1 dependencies."),
        (json.dumps({"dependencies": [CLEAN, BAD]}), "", 1, "Known vulnerabilities:\nc 2: PYSEC-1"),
        (json.dumps({"dependencies": [CLEAN, SKIPPED]}), "", NOT_ASKED, "NOT AUDITED"),
        (json.dumps({"dependencies": []}), "", NOT_ASKED, "NOT AUDITED"),
        ("", "Traceback\nConnectionError: no route", NOT_ASKED, "could not be asked: ConnectionError: no route"),
        ("", "", NOT_ASKED, "NOT AUDITED"),
        ("[]", "", NOT_ASKED, "NOT AUDITED"),
    ],
)
def test_only_a_report_on_everything_is_a_success(output: str, errors: str, code: int, message: str) -> None:
    ended, text = verdict(output, errors)
    assert ended == code
    assert message in text


def test_every_commit_is_audited() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"tools.audit || [ $? -eq {NOT_ASKED} ]" in text
