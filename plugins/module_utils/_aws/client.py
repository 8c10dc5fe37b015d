# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls to AWS: a client for each service, errors that name the operation and the resource.

Long lists, which AWS returns page by page, can be read ahead, in parallel with other work.
"""

from __future__ import annotations

import datetime
import threading
import typing as t
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

from ..problems import as_clause
from .causes import cause_of
from .retries import THROTTLED, TransientRetry
from .secret_values import masked, secrets_in

try:
    from botocore import xform_name
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.

SERVICES = ("sagemaker", "application-autoscaling", "cloudwatch", "resourcegroupstaggingapi")

FEW = 10
"""How many resources are asked for one by one, before all of the region are read instead."""

Result = dict[str, t.Any]
In = t.TypeVar("In")
Out = t.TypeVar("Out")

_SERVER_ERROR, _NOT_IMPLEMENTED = 500, 501

_OVERTAKEN = (
    # Beginning of the operation, text.
    ("Create", "Cannot create already existing"),
    ("RegisterScalableTarget", "that you tried to tag already exists"),
    ("Put", "No scalable target registered"),
    ("UpdateEndpoint", "Cannot update in-progress endpoint"),
    ("UpdateEndpoint", "currently in use endpoint configuration"),
    ("DeleteEndpoint", "Cannot update in-progress endpoint"),
)
_READS = ("Describe", "List", "Get", "Invoke")
Entry = t.TypeVar("Entry")


class CallFailed(Exception):
    """A failed call, which ends the work on one resource."""

    def __init__(self, operation: str, code: str, message: str, retries: int = 0, status: int = 0) -> None:
        self.operation = operation
        self.code = code
        self.message = message
        self.retries = retries
        self.status = status
        super().__init__(": ".join(filter(None, (operation, code, as_clause(message)))))

    @property
    def is_missing(self) -> bool:
        """Whether AWS says that the thing is not there; SageMaker has no error code of its own for that."""
        return self.code in ("ObjectNotFoundException", "ResourceNotFound", "ResourceNotFoundException") or (
            self.code == "ValidationException" and self.message.startswith("Could not find ")
        )

    @property
    def is_in_doubt(self) -> bool:
        """Whether no answer came, or that of a service in trouble, so that the call may have taken effect."""
        return not self.code or (self.status >= _SERVER_ERROR and self.status != _NOT_IMPLEMENTED)

    @property
    def is_passing(self) -> bool:
        """Whether it says nothing of the next call, which AWS may well answer."""
        return self.is_in_doubt or self.code in THROTTLED

    @property
    def is_overtaken(self) -> bool:
        """Whether the resource has changed since it was read, so that it has to be read and planned again.

        Somebody else was at work, or a first attempt whose answer was lost; only reading again shows which.
        """
        return any(self.operation.startswith(beginning) and text in self.message for beginning, text in _OVERTAKEN)


class ReadAhead(t.Generic[Entry]):
    """The entries of a list, which are read in a thread of their own while *is_valid*."""

    def __init__(self, entries: Callable[[], Iterable[Entry]], is_valid: Callable[[], bool]) -> None:
        self._entries = entries
        self._is_valid = is_valid
        self._found: list[Entry] = []
        self._is_whole = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for entry in self._entries():
                if not self._is_valid():
                    return
                self._found.append(entry)
        except Exception:
            # Whoever needs the list reads it again, and fails as any other read.
            return
        self._is_whole = True

    def result(self) -> list[Entry] | None:
        """Waits for the end; None if the list could not be read or is not valid any more."""
        if not self._is_valid():
            return None
        self._thread.join()
        return self._found if self._is_whole and self._is_valid() else None


class Api:
    """The AWS calls of one run, with a client for each service; safe to share between threads."""

    def __init__(
        self,
        clients: t.Mapping[str, t.Any],
        parallelism: int,
        warn: t.Callable[[str], None] = lambda text: None,
    ) -> None:
        self._clients = clients
        self.parallelism = parallelism
        self.warn = warn
        self._date = ""
        self._unreachable: CallFailed | None = None
        self._once: dict[t.Hashable, t.Any] = {}
        self._ahead: dict[t.Hashable, ReadAhead[t.Any]] = {}
        self._writes = 0

    @property
    def region(self) -> str:
        """The region of its clients."""
        return str(next(iter(self._clients.values())).meta.region_name)

    def call(self, service: str, operation: str, **parameters: t.Any) -> Result:
        """Calls one operation, spelled as in the API; retries refusals that are known to be transient."""
        if self._unreachable:
            raise self._unreachable
        if not operation.startswith(_READS):
            self._writes += 1
        retry = TransientRetry()
        while True:
            try:
                answer: Result = getattr(self._clients[service], xform_name(operation))(**parameters)
                self._date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date") or self._date
                return answer
            except ClientError as error:
                # Another operation than the one that was called: a role is assumed, say, before the first call.
                failure = _refusal(error.operation_name, error.response, secrets_in(parameters))
            except BotoCoreError as error:
                raise self._unanswered(CallFailed(operation, "", str(error))) from error
            if not retry.pauses_after(failure.operation, failure.code, failure.message):
                raise failure

    def _unanswered(self, failure: CallFailed) -> CallFailed:
        """If no call has ever been answered, no call is tried after a failure that concerns the whole host."""
        if not self._date and cause_of(str(failure)):
            self._unreachable = failure
        return failure

    def now(self) -> datetime.datetime:
        """The time by AWS's clock as of the last answer; this machine's may be wrong."""
        return parsedate_to_datetime(self._date) if self._date else datetime.datetime.now(datetime.UTC)

    def once(self, key: t.Hashable, function: t.Callable[[], Out]) -> Out:
        """The result of the function, which is called only once in a run, for data that may be as old as the run."""
        if key not in self._once:
            self._once[key] = function()
        return t.cast("Out", self._once[key])

    def read_ahead(self, key: t.Hashable, entries: t.Callable[[], t.Iterable[t.Any]]) -> None:
        """Begins to read a list beside other work, for *listed*; not where only one call may be made at a time."""
        if self.parallelism > 1:
            writes = self._writes
            self._ahead[key] = ReadAhead(entries, lambda: self._writes == writes)

    def listed(self, key: t.Hashable, entries: t.Callable[[], t.Iterable[Out]]) -> list[Out]:
        """The list: as it was read ahead, if this run has written nothing since."""
        ahead = self._ahead.pop(key, None)
        found = ahead.result() if ahead else None
        return list(entries()) if found is None else found

    def pages(self, service: str, operation: str, *members: str, **parameters: t.Any) -> t.Iterator[t.Any]:
        """The entries of *members* over all pages."""
        token: dict[str, str] = {}
        while True:
            page = self.call(service, operation, **parameters, **token)
            for member in members:
                yield from page.get(member, ())
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    def each(
        self,
        function: t.Callable[[In], Out],
        items: t.Sequence[In],
        known: t.Callable[[In], Out | None] = lambda item: None,
    ) -> list[Out | CallFailed]:
        """The function over all items, at most ``parallelism`` at a time; a failed item gives its failure.

        What is *known* of an item needs no call, and so no thread.
        """

        def attempt(item: In) -> Out | CallFailed:
            try:
                return function(item)
            except CallFailed as failure:
                return failure

        answers: list[Out | CallFailed | None] = [known(item) for item in items]
        asked = [place for place, answer in enumerate(answers) if answer is None]
        if len(asked) < 2:
            found = [attempt(items[place]) for place in asked]
        else:
            with ThreadPoolExecutor(self.parallelism) as pool:
                found = list(pool.map(attempt, [items[place] for place in asked]))
        for place, answer in zip(asked, found, strict=True):
            answers[place] = answer
        return t.cast("list[Out | CallFailed]", answers)

    def all(self, function: t.Callable[[In], Out], items: t.Sequence[In]) -> list[Out]:
        """As ``each``, but raises the first failure, because an incomplete reading must not be used."""
        results: list[Out] = []
        for answer in self.each(function, items):
            if isinstance(answer, CallFailed):
                raise answer
            results.append(answer)
        return results


def _refusal(operation: str, response: t.Mapping[str, t.Any], secrets: t.Iterable[str] = ()) -> CallFailed:
    message = masked(response["Error"]["Message"], secrets)
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return CallFailed(operation, response["Error"]["Code"], message, _retries(response), status)


def _retries(response: t.Mapping[str, t.Any]) -> int:
    """How often botocore made the call again."""
    return int(response.get("ResponseMetadata", {}).get("RetryAttempts", 0))
