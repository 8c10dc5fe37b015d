# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Neither what is committed for users nor what the benchmark writes carries credentials or environment values."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.tests.bench import __main__ as bench
from ansible_collections.friendsofansible.sagemaker.tests.bench import contests
from ansible_collections.friendsofansible.sagemaker.tests.bench.measure import Bench, CommandFailed, Cost
from ansible_collections.friendsofansible.sagemaker.tests.bench.rows import PHASES, PLAIN, ROLE, Row

from simulator.client import SECRET_KEY, Simulator

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("docs", "examples", "playbooks", "roles", "changelogs", "simulator", "tools", "plugins")
SUFFIXES = {".md", ".txt", ".svg", ".yml", ".yaml", ".json", ".py", ".sh", ""}
KEY_IDS = re.compile(r"\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b")
SECRET_KEYS = re.compile(r"(?i)secret_?(access_?)?key['\"]?\s*[=:]\s*['\"]?[A-Za-z0-9/+=]{40}\b")
OF_THE_CALLER = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "a-secret-key-that-nobody-may-see",
    "AWS_SESSION_TOKEN": "a-token-that-nobody-may-see",
    "TOKEN": "correct horse",
}


def published() -> list[Path]:
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    paths += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [path for path in paths if path.suffix in SUFFIXES and "__pycache__" not in path.parts]


def test_nothing_published_has_the_form_of_a_key() -> None:
    paths = published()
    assert len(paths) > 100
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not KEY_IDS.search(text), path
        assert not SECRET_KEYS.search(text), path


@pytest.mark.parametrize(
    "text", ['aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"', "SecretKey: " + 40 * "x"]
)
def test_the_form_of_a_secret_key_is_known(text: str) -> None:
    assert SECRET_KEYS.search(text)
    assert KEY_IDS.search("id AKIAIOSFODNN7EXAMPLE.")


def test_captures_show_no_value_of_an_environment() -> None:
    """The captured inventory has none; the screenshots are of the same runs as the texts."""
    texts = [path for path in (ROOT / "docs" / "captures").iterdir() if path.suffix != ".png"]
    assert texts
    for path in texts:
        assert "environment" not in path.read_text(encoding="utf-8").lower()


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in OF_THE_CALLER.items():
        monkeypatch.setenv(name, value)


def assert_tells_nothing(text: str) -> None:
    for value in OF_THE_CALLER.values():
        assert value not in text


def test_the_benchmark_writes_measurements_and_nothing_of_the_caller(
    caller: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def measured(contestant: str, size: int, latency: int) -> list[Row]:
        return [Row(contestant, phase, size, latency, Cost(1.0, 2, 3, 4.0, 5.0)) for phase in PHASES]

    monkeypatch.setattr(contests, "plain_boto3", lambda size, latency: measured(PLAIN, size, latency))
    monkeypatch.setattr(contests, "role", lambda size, latency: measured(ROLE, size, latency))
    monkeypatch.setattr(bench, "PAGE", tmp_path / "benchmark.md")
    data = tmp_path / "rows.json"
    monkeypatch.setattr("sys.argv", ["bench", "--sizes", "1", "--only", "fleets", "--json", str(data), "--docs"])
    assert bench.main() == 0
    shown = capsys.readouterr()
    for text in (shown.out, shown.err, data.read_text(), (tmp_path / "benchmark.md").read_text()):
        assert "deploy" in text
        assert_tells_nothing(text)


def test_a_row_has_no_place_for_anything_else() -> None:
    assert {field.name: field.type for field in dataclasses.fields(Cost)} == {
        "seconds": "float",
        "calls": "int",
        "writes": "int",
        "peak_mb": "float",
        "together_mb": "float",
        "cpu_seconds": "float",
    }


def test_what_the_benchmark_starts_gets_nothing_of_the_caller(
    caller: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Simulator, "clear_journal", lambda self: None)
    monkeypatch.setattr(Simulator, "referee_begin", lambda self, brief: 0)
    with pytest.raises(CommandFailed, match=f"AWS_SECRET_ACCESS_KEY={SECRET_KEY}") as failed:
        Bench(tmp_path, Simulator("http://127.0.0.1:1")).run(["sh", "-c", "env; exit 1"])
    assert_tells_nothing(str(failed.value))
