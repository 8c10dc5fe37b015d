# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patience with an AWS that refuses calls because there are too many, beyond botocore's own.

Botocore's standard mode repeats a refused call at most as often as it is told, and less often once many calls of a
client have been refused; a fleet must not fail of that. Its pauses grow to 20 seconds, for which all threads wait at
the end of each step of a run. Its adaptive mode falls to a few calls a second where the refusals do not depend on the
pace of this run, but on others in the account.
"""

from __future__ import annotations

import random
import typing as t

_CODES = {
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
}
_MOST_ATTEMPTS = 100
_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 5.0


def be_patient(client: t.Any) -> None:
    """Lets a client repeat throttled calls for some minutes."""
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"needs-retry.{service}", _seconds_to_wait)


def _seconds_to_wait(
    response: tuple[t.Any, t.Mapping[str, t.Any]] | None, attempts: int, **_more: t.Any
) -> float | None:
    """Seconds before a throttled call is made again; None for any other answer, and when it has been too often."""
    if response is None or response[1].get("Error", {}).get("Code") not in _CODES or attempts >= _MOST_ATTEMPTS:
        return None
    return random.random() * min(_FIRST_SECONDS * 2.0 ** (attempts - 1), _LONGEST_SECONDS)
