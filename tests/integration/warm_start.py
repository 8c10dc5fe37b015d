# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook without its start: a process that has imported it, and what it loads, forks for each run.

A run is still a process with an environment, a folder, arguments, output and an exit code of its own, and Ansible
starts the modules as always, with the interpreter of warm_python.py. Tests of signals, of ansible-runner and of the
README start ansible-playbook itself, with an interpreter that is Python.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import typing as t
import warnings
from pathlib import Path

import yaml

from . import warm_python

ROOT = Path(__file__).resolve().parents[2]
_LIMIT_SECONDS = 300
_PLUGINS = "ansible_collections.friendsofansible.sagemaker.plugins"
_EXAMPLE = ROOT / "examples" / "basic" / "group_vars" / "sagemaker.yml"


class AnsiblePlaybook:
    """The process that forks, with the environment that all runs share."""

    def __init__(self, environment: t.Mapping[str, str]) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, arguments: t.Sequence[str], environment: t.Mapping[str, str], folder: Path) -> tuple[int, str]:
        """The exit code, and the output with the errors behind it."""
        assert self._server.stdin
        assert self._server.stdout
        output, errors = folder / ".stdout", folder / ".stderr"
        order = [["ansible-playbook", *arguments], dict(environment), str(folder), str(output), str(errors)]
        print(json.dumps(order), file=self._server.stdin, flush=True)
        code = int(self._server.stdout.readline())
        return code, output.read_text() + errors.read_text()

    def close(self) -> None:
        for stream in (self._server.stdin, self._server.stdout):
            assert stream
            stream.close()
        self._server.wait(10)


def serve() -> None:
    """Carries out the orders on standard input, until it is closed."""
    interpreter, forking = warm_python.start(Path(os.environ["HOME"]))
    # Ansible's variable ansible_playbook_python.
    sys.executable = str(interpreter)
    try:
        _serve({"ANSIBLE_PYTHON_INTERPRETER": sys.executable})
    finally:
        os.kill(forking, signal.SIGTERM)


def _serve(more: t.Mapping[str, str]) -> None:
    cli = importlib.import_module("ansible.cli.playbook")
    # Asking ten times less often whether a task is done leaves the processor to the tasks.
    constants: t.Any = importlib.import_module("ansible.constants")
    constants.DEFAULT_INTERNAL_POLL_INTERVAL = 0.01
    loader = importlib.import_module("ansible.plugins.loader")
    loader.init_plugin_loader()
    for plugins in ("become", "cache", "callback", "filter", "inventory", "shell", "strategy", "test"):
        list(getattr(loader, f"{plugins}_loader").all(class_only=True))
    loader.connection_loader.get("local", class_only=True)
    for action in (ROOT / "plugins" / "action").glob("*.py"):
        importlib.import_module(f"{_PLUGINS}.action.{action.stem}")
    importlib.import_module("tests.integration.briefing").brief_runs()
    # Reads what botocore knows of the requests.
    compiler = importlib.import_module(f"{_PLUGINS}.module_utils._inventory.compiler")
    compiler.compile_inventory(yaml.safe_load(_EXAMPLE.read_text()))
    gc.freeze()
    for line in sys.stdin:
        command, environment, *paths = json.loads(line)
        child = os.fork()
        if not child:
            _run(cli.main, command, environment | more, *paths)
        _child, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(main: t.Callable[[], t.NoReturn], command: list[str], environment: dict[str, str], *paths: str) -> t.NoReturn:
    """Ends the process without what is to be done when the one that forks ends."""
    folder, output, errors = paths
    signal.alarm(_LIMIT_SECONDS)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in ((1, output), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.argv = command
    # Of the loader, that it is there already.
    warnings.simplefilter("ignore")
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
