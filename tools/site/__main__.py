# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation in build/site from docs/, the modules and the role: ``python -m tools.site``.

``--measure`` also opens every page in Chromium and reports what is wider than its window.
"""

from __future__ import annotations

import argparse
import sys

from .browser import NoBrowser
from .build import SITE, build
from .widths import measure


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure every page in Chromium")
    arguments = parser.parse_args()
    if code := build():
        return code
    print(f"built {SITE}/index.html")
    if not arguments.measure:
        return 0
    try:
        found = measure(SITE)
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(found) or "no page is wider than its window")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
