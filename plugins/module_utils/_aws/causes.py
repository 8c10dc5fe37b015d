# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Causes of failures that concern the whole host and not a single resource, each with its remedy: pure."""

from __future__ import annotations

import re
import typing as t


class Cause(t.NamedTuple):
    """*title* stands on the page of troubleshooting too."""

    title: str
    pattern: str
    """The text of AWS or botocore by which it is recognised; a group in it distinguishes two causes of a kind."""
    advice: str


CAUSES = (
    Cause(
        "no AWS credentials were found",
        r"Unable to locate credentials|Partial credentials found",
        "set sagemaker_inference_profile, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or attach"
        " a credential to the job in AWX",
    ),
    Cause(
        "the profile of the AWS configuration was not found",
        r"The config profile \(.*?\) could not be found",
        "correct sagemaker_inference_profile, or add the profile to the AWS configuration of this machine",
    ),
    Cause(
        "no region is set",
        r"You must specify a region",
        "set sagemaker_inference_region for the host, or AWS_REGION in the environment",
    ),
    Cause(
        "the AWS credentials have expired",
        r"ExpiredToken|RequestExpired|[Tt]oken (?:included in the request )?(?:is|has) expired|SSO session"
        r"|loading SSO Token",
        "sign in again and run again; for an assumed role, set a longer duration_seconds",
    ),
    Cause(
        "AWS does not accept the credentials",
        r"UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|AuthFailure"
        # [D] "Common Error Types" of the API references.
        r"|IncompleteSignature|MissingAuthenticationToken|OptInRequired",
        "check sagemaker_inference_profile and the access keys in the environment, and the clock of this machine",
    ),
    Cause(
        "AWS cannot be reached",
        r"Could not connect to the endpoint URL|[Cc]onnect timeout on endpoint URL|Failed to connect to proxy",
        "check sagemaker_inference_region, the network and HTTPS_PROXY",
    ),
    Cause(
        "the credentials lack a permission",
        r"(\w+): (?:AccessDenied|NotAuthorized|UnauthorizedOperation)",
        "grant the credentials of the run the permissions that the page Permissions lists",
    ),
)


def cause_of(error: str) -> tuple[Cause, str] | None:
    """The cause of an error, and what distinguishes two of a kind; None if it concerns a single resource."""
    for cause in CAUSES:
        if match := re.search(cause.pattern, error):
            return cause, match[1] if match.re.groups else ""
    return None


def with_advice(error: str) -> str:
    """The error as one line that names its cause and the remedy, if they are known and not named yet."""
    found = cause_of(error)
    if found is None or error.startswith(found[0].title):
        return error
    return f"{found[0].title}: {found[0].advice} ({' '.join(error.split())})"
