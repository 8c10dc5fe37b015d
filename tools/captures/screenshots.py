# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the HTML report, as Chromium shows it: light and dark, on a desk and on a phone."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ..site.browser import picture_of, served


class Shot(t.NamedTuple):
    """A report, and the window in which it is shown."""

    report: str
    picture: str
    width: int
    height: int
    is_dark: bool


SHOTS = (
    Shot("plan", "report-plan", 1100, 900, False),
    Shot("apply", "report-apply", 1100, 1150, True),
    Shot("failed", "report-failed-phone", 390, 1000, False),
)


def take(reports: Path, folder: Path) -> None:
    """Writes a PNG for each shot."""
    with served(reports) as address:
        for shot in SHOTS:
            picture_of(
                f"{address}/{shot.report}.html",
                folder / f"{shot.picture}.png",
                width=shot.width,
                height=shot.height,
                is_dark=shot.is_dark,
            )
