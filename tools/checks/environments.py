# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments for checks that need other versions than those of development; they lie inside ``.venv``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / ".venv"


class Missing(Exception):
    """What this machine lacks for a check."""


@dataclass(frozen=True)
class Environment:
    """*loose* packages are installed without what they require, such as ansible for the collections in it."""

    name: str
    python: str
    packages: tuple[str, ...]
    loose: tuple[str, ...] = ()

    def ready(self) -> Path:
        """The folder of the environment, made if it is not there or was made for other packages."""
        folder = HERE / "checks" / self.name
        stamp, wanted = folder / ".installed", repr(self)
        if stamp.exists() and stamp.read_text() == wanted:
            return folder
        self._make(folder)
        site = next(folder.glob("lib/python*/site-packages"))
        (site / "this_collection.pth").write_text(f"{HERE / 'collections'}\n")
        stamp.write_text(wanted)
        return folder

    def _make(self, folder: Path) -> None:
        uv = shutil.which("uv", path=str(HERE / "bin"))
        if not uv:
            raise Missing("no uv in .venv")
        shutil.rmtree(folder, ignore_errors=True)
        _run(uv, "venv", "--quiet", "--python", str(interpreter(self.python)), str(folder))
        install = (uv, "pip", "install", "--quiet", "--system-certs", "--python", str(folder / "bin" / "python"))
        _run(*install, *self.packages)
        if self.loose:
            _run(*install, "--no-deps", *self.loose)


def interpreter(version: str) -> Path:
    """A Python that starts; on PATH there may be names with nothing behind them."""
    for path in _candidates(f"python{version}"):
        try:
            subprocess.run([path, "-c", "import ensurepip, venv"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return path
    raise Missing(f"no Python {version} on this machine")


def _candidates(name: str) -> Iterator[Path]:
    for folder in os.get_exec_path():
        # That of .venv is a link to another one, which goes with it.
        if (path := Path(folder) / name).exists() and not path.is_relative_to(HERE):
            yield path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/*/bin/{name}"), reverse=True)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{' '.join(command[:3])} failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
