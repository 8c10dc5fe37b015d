# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""What every wire protocol can do."""

from __future__ import annotations

from typing import Protocol

from ..errors import AwsError
from ..types import Params, Result
from .http import HttpRequest, HttpResponse


class Codec(Protocol):
    """Reads the parameters of one operation and writes its answer."""

    def parameters(self, request: HttpRequest) -> Params:
        """The parameters as sent; AwsError if the body cannot be read."""

    def answer(self, result: Result) -> HttpResponse: ...

    def refusal(self, error: AwsError) -> HttpResponse: ...
