# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retries of errors that pass and that botocore does not know, and of throttled calls for longer than botocore.

Botocore's standard mode repeats a refused call at most as often as configured, and less often once many calls of a
client have been refused; a fleet must not fail of that. Its pauses grow to 20 seconds, for which all threads wait at
the end of each step of a run. Its adaptive mode falls to a few calls a second where the refusals do not depend on the
pace of this run, but on others in the account.
"""

from __future__ import annotations

import random
import time
import typing as t

try:
    from botocore.retries import standard
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.

THROTTLED = {
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
_LONGEST_SECONDS = 2.0
"""At first: all threads wait for the last call of a step, which must not sleep when its rate allows it again."""
_GROWTH_SECONDS = 0.1
"""By how much the pause grows after each refusal."""
_COUNTER = "friendsofansible_throttled"
"""Where the context of a call counts how often it was throttled."""
_CONSISTENCY_SECONDS = 60.0
_ROLE_SECONDS = 120.0

_TRANSIENT_ERRORS: tuple[tuple[str, str, str, float], ...] = (
    # Operation, error code, text, for how many seconds to retry; botocore retries none of these.
    # [P] terraform-provider-aws model.go: a role made a moment ago is not yet known.
    ("CreateModel", "ValidationException", "assume role", _ROLE_SECONDS),
    ("CreateModel", "ValidationException", "execution role ARN", _ROLE_SECONDS),
    # [D] CreateEndpoint: configurations are read eventually consistent.
    ("CreateEndpointConfig", "ValidationException", "Could not find model", 10.0),
    ("CreateEndpoint", "ValidationException", "Could not find endpoint configuration", 10.0),
    ("UpdateEndpoint", "ValidationException", "Could not find endpoint configuration", 10.0),
    # A guess: SageMaker may see later than Application Auto Scaling that a target has gone.
    ("UpdateEndpoint", "ValidationException", "must be deregistered", 20.0),
    # [P] terraform-provider-aws appautoscaling/{target,policy}.go
    ("RegisterScalableTarget", "ValidationException", "Unable to assume IAM role", _ROLE_SECONDS),
    ("PutScalingPolicy", "ObjectNotFoundException", "No scalable target registered", 10.0),
    ("PutScalingPolicy", "FailedResourceAccessException", "", _CONSISTENCY_SECONDS),
    ("*", "ConcurrentUpdateException", "", _CONSISTENCY_SECONDS),
    # [I hashicorp/terraform#10689]
    ("PutMetricAlarm", "ValidationError", "A separate request to update this alarm is in progress", 20.0),
)


def retry_seconds(operation: str, code: str, message: str) -> float:
    """For how many seconds a call is repeated that failed so; 0 for an error that does not pass."""
    return max(
        (
            seconds
            for failed, its_code, text, seconds in _TRANSIENT_ERRORS
            if failed in ("*", operation) and its_code == code and text in message
        ),
        default=0.0,
    )


class TransientRetry:
    """Decides whether a call that has failed is made again, and sleeps before that: 1 s first, at most 10 s later."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._pause = 1.0

    def pauses_after(self, operation: str, code: str, message: str) -> bool:
        """False at once for an error that does not pass, or that has not passed in its time."""
        if time.monotonic() - self._started + self._pause > retry_seconds(operation, code, message):
            return False
        time.sleep(self._pause)
        self._pause = min(self._pause * 2, 10.0)
        return True


def be_patient(client: t.Any) -> None:
    """Lets a client, which was made with botocore's standard mode, repeat throttled calls for some minutes."""
    service = client.meta.service_model.service_id.hyphenize()
    attempts = client.meta.config.retries["total_max_attempts"]
    # What is registered under this name stays botocore's first handler, which cannot be asked for.
    handler = standard.register_retry_handler(client, max_attempts=attempts)
    event, name = f"needs-retry.{service}", f"retry-config-{service}"
    client.meta.events.unregister(event, unique_id=name)
    client.meta.events.register(event, _Patience(handler.needs_retry).seconds_to_wait, unique_id=name)


class _Patience:
    """Decides about throttled calls itself, and leaves every other answer to botocore, which hears of no throttling.

    Otherwise throttling would use up the quota of retries that botocore gives a client, and the attempts of a call.
    """

    def __init__(self, otherwise: t.Callable[..., float | None]) -> None:
        self._otherwise = otherwise

    def seconds_to_wait(
        self,
        *,
        response: tuple[t.Any, t.Mapping[str, t.Any]] | None,
        attempts: int,
        request_dict: dict[str, t.Any],
        **more: t.Any,
    ) -> float | None:
        """Seconds before a call is made again; None if it is not."""
        context = request_dict["context"]
        throttled: int = context.get(_COUNTER, 0)
        if response is None or response[1].get("Error", {}).get("Code") not in THROTTLED:
            return self._otherwise(response=response, attempts=attempts - throttled, request_dict=request_dict, **more)
        context[_COUNTER] = throttled + 1
        if throttled + 1 >= _MOST_ATTEMPTS:
            return None
        longest = _LONGEST_SECONDS + _GROWTH_SECONDS * throttled
        return random.random() * min(_FIRST_SECONDS * 2.0**throttled, longest)
