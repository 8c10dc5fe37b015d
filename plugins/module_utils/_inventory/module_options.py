# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a module's resource, as the compilers write them."""

from __future__ import annotations

import typing as t

Options = dict[str, t.Any]


def given(**options: t.Any) -> Options:
    return {name: value for name, value in options.items() if value is not None}
