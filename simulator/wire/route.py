# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Finds out which service and operation a request is meant for, from whom and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from .. import moto_bridge
from ..operations import OPERATIONS
from ..service_models import BY_SIGNING_NAME, BY_TARGET_PREFIX, RUNTIME, Service, operation_model, service_model
from .cbor_codec import CborCodec
from .codec import Codec
from .http import HttpRequest
from .json_codec import JsonCodec
from .payload_codec import PayloadCodec

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/[^/]*/([^/]*)/([^/]*)/aws4_request")
_CBOR_PATH = re.compile(r"/service/([^/]+)/operation/([^/]+)$")
_INVOCATION_PATH = re.compile(r"/endpoints/[^/]+/invocations$")
_DEFAULT_ACCOUNT = "123456789012"
_ACCOUNT = re.compile(r"(\d{12})(-.+)?")


@dataclass(frozen=True)
class Caller:
    """Who calls, taken from the signature, which is not verified."""

    access_key: str
    region: str
    signing_name: str

    @property
    def account(self) -> str:
        """The twelve digits that the access key is, or has before a hyphen; of a key from STS, the role's account."""
        if match := _ACCOUNT.fullmatch(self.access_key):
            return match[1]
        return moto_bridge.account_of(self.access_key) or _DEFAULT_ACCOUNT


@dataclass(frozen=True)
class Target:
    """One operation of a simulated service, with the protocol it is spoken in."""

    service: Service
    operation: str
    codec: Codec


def caller_of(request: HttpRequest) -> Caller:
    match = _CREDENTIAL.search(request.header("Authorization"))
    return Caller(*match.groups()) if match else Caller("", "us-east-1", "")


def target_of(request: HttpRequest, caller: Caller) -> Target | None:
    """The simulated operation, or None if the request is for moto."""
    prefix, _dot, operation = request.header("X-Amz-Target").partition(".")
    if prefix in BY_TARGET_PREFIX:
        service = BY_TARGET_PREFIX[prefix]
        if _knows(service, operation):
            content_type = request.header("Content-Type")
            return Target(service, operation, JsonCodec(operation_model(service.name, operation), content_type))
    match = _CBOR_PATH.search(request.path)
    if match and match[1] in BY_TARGET_PREFIX and _knows(BY_TARGET_PREFIX[match[1]], match[2]):
        service = BY_TARGET_PREFIX[match[1]]
        return Target(service, match[2], CborCodec(operation_model(service.name, match[2])))
    if caller.signing_name == RUNTIME.signing_name and _INVOCATION_PATH.search(request.path):
        return Target(RUNTIME, "InvokeEndpoint", PayloadCodec(operation_model(RUNTIME.name, "InvokeEndpoint")))
    return _query_target(request, caller)


def query_action(request: HttpRequest) -> str:
    """The operation of a query protocol request, or an empty string."""
    if "x-www-form-urlencoded" not in request.header("Content-Type"):
        return ""
    form = parse_qs(request.body.decode() or request.query)
    return form.get("Action", [""])[0]


def _query_target(request: HttpRequest, caller: Caller) -> Target | None:
    service = BY_SIGNING_NAME.get(caller.signing_name)
    action = query_action(request)
    if service is None or "query" not in service_model(service.name).metadata.get("protocols", ()):
        return None
    if not _knows(service, action):
        return None
    from .query_codec import QueryCodec  # imports moto, which takes longer than all the rest

    return Target(service, action, QueryCodec(operation_model(service.name, action)))


def _knows(service: Service, operation: str) -> bool:
    return operation in OPERATIONS[service.name]
