# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What can be set when the simulator starts and while it runs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from .freedoms.choices import Freedoms


@dataclass
class Settings(Freedoms):
    """What AWS leaves open is in `Freedoms`; switches are True or False.

    Times are seconds of the simulator's clock, except `latency_seconds`, which is real time.

    `tag_delay_seconds` is how long GetResources does not know of a change: it lists what is gone and old tags.
    `target_quota` is how many scalable targets a region may have; AWS raises it on request. [D AS quotas]
    `targets_without_arns`: scalable targets that are registered meanwhile are like those from before 20 March 2023: AWS
    gave them no ARN, so that they can have no tags. [I TF PR #31214]
    """

    create_seconds: float = 5.0
    update_seconds: float = 5.0
    weights_seconds: float = 2.0
    rollback_seconds: float = 2.0
    delete_seconds: float = 2.0
    tag_delay_seconds: float = 0.0
    latency_seconds: float = 0.0
    target_quota: int = 500
    targets_without_arns: bool = False
    seed: int = 0

    def update(self, changes: dict[str, Any]) -> None:
        """Apply all changes or none; an unknown name or a value that is no number raises ValueError."""
        known = {field.name: isinstance(field.default, bool) for field in dataclasses.fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}, known are {sorted(known)}")
            if known[name]:
                if not isinstance(value, bool):
                    raise ValueError(f"setting {name!r} must be true or false, not {value!r}")
            elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise ValueError(f"setting {name!r} must be a number of at least 0, not {value!r}")
        for name, value in changes.items():
            setattr(self, name, value)
