# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""`python -m simulator`: start the server and run until it is stopped."""

from __future__ import annotations

import argparse
import dataclasses
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .server import Server
from .settings import Settings
from .world import World


def main() -> None:
    arguments = _parser().parse_args()
    settings = Settings(**{field.name: getattr(arguments, field.name) for field in dataclasses.fields(Settings)})
    world = World(settings, arguments.journal)
    server = Server(arguments.host, arguments.port, world)
    stop = threading.Thread(target=server.shutdown, daemon=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None if stop.is_alive() else stop.start())
    if arguments.until_stdin_closes:
        threading.Thread(target=_stop_at_end_of_input, daemon=True).start()
    if arguments.port_file:
        _write_port(arguments.port_file, server.server_port)
    print(f"simulator listening on {server.url}", flush=True)
    try:
        server.serve_forever(poll_interval=0.05)
    finally:
        server.server_close()
        world.journal.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, help="file to write the port to")
    parser.add_argument("--journal", type=Path, help="file to append every call to, as JSON lines")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the parent process is gone")
    for field in dataclasses.fields(Settings):
        option, is_switch = f"--{field.name.replace('_', '-')}", isinstance(field.default, bool)
        kind: Callable[[str], Any] = _switch if is_switch else type(field.default)
        metavar = "true|false" if is_switch else "N"
        parser.add_argument(option, type=kind, default=field.default, metavar=metavar)
    return parser


def _switch(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _write_port(path: Path, port: int) -> None:
    """Written under another name first, so that nobody reads half of it."""
    unfinished = path.with_suffix(path.suffix + ".part")
    unfinished.write_text(f"{port}\n", encoding="utf-8")
    unfinished.replace(path)


def _stop_at_end_of_input() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
