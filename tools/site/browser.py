# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium, where there is one: what a page becomes in it, as text or as a picture."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import subprocess
import tempfile
import threading
import typing as t
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_LIMIT_SECONDS = 300


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


def find_browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise NoBrowser(f"none of {', '.join(NAMES)} is on PATH")
    return found


@contextlib.contextmanager
def served(folder: Path) -> t.Iterator[str]:
    """The address at which the files of the folder can be had from this machine."""
    handler = functools.partial(_Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: t.Any) -> None:
        pass


def dom_of(address: str, *flags: str) -> str:
    """The document after its scripts have run."""
    return _chromium("--virtual-time-budget=600000", *flags, "--dump-dom", address)


def picture_of(address: str, file: Path, *, width: int, height: int, is_dark: bool) -> None:
    """Writes a PNG of the first *height* CSS pixels of the page."""
    _chromium(
        f"--window-size={width},{height}",
        f"--blink-settings=preferredColorScheme={0 if is_dark else 1}",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
        f"--screenshot={file}",
        address,
    )


def _chromium(*arguments: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        fixed = ["--headless", "--disable-gpu", "--no-sandbox", "--no-first-run", f"--user-data-dir={profile}"]
        command = [find_browser(), *fixed, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=_LIMIT_SECONDS).stdout
