# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Names for the plain data that passes between the parts."""

from __future__ import annotations

from typing import Any

Params = dict[str, Any]
Result = dict[str, Any]
Allowed = list[str] | Params | None
"""IAM actions with * and ?, an IAM policy document, or everything."""


def unordered(content: Params, *names: str) -> Params:
    """The content with these lists sorted: their order has no meaning to AWS, so nobody may rely on it.

    That AWS gives them back sorted is a guess; that it keeps the order sent is one, too.
    """
    return {**content, **{name: sorted(content[name]) for name in names if name in content}}
