# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for what is not ours: AWS, the clock, and Ansible's module object."""

from __future__ import annotations

import datetime
import threading
import types
import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws import retries
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import Api, CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.service_model import service_model
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine import apply, waits
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import ResourceId
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils.paths import Path
from botocore import xform_name
from botocore.exceptions import ClientError

Options = dict[str, t.Any]
Call = tuple[str, Options]
Answer = t.Union[Options, Exception, t.Callable[..., Options], "list[t.Any]"]

ACCOUNT = "111122223333"
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/inference"


def arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:{kind}/{name}"


def listed_endpoint(name: str, status: str) -> Options:
    return {"EndpointName": name, "EndpointArn": arn("endpoint", name), "EndpointStatus": status}


OF_THE_CALL = "the operation that is called"


def client_error(code: str, message: str, retries: int = 0, operation: str = OF_THE_CALL) -> ClientError:
    answer: t.Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"RetryAttempts": retries}}
    return ClientError(answer, operation)


def missing(kind: str) -> ClientError:
    return client_error("ValidationException", f'Could not find {kind} "arn:aws:sagemaker:us-east-1:1:x/y".')


SERVICES = ("sagemaker", "cloudwatch", "application-autoscaling", "resourcegroupstaggingapi")


class FakeAws:
    """A client for every service; operations are spelled as the API spells them.

    An answer is a dict, an exception, a function of the parameters, or a list of these, of which the last stays.
    What has no answer is taken and answered with nothing; the index of tags is empty.
    """

    def __init__(self, **answers: Answer) -> None:
        self.calls: list[Call] = []
        answers.setdefault("GetResources", {"ResourceTagMappingList": []})
        self._answers = answers
        self._operations = {xform_name(operation): operation for operation in answers}
        self._lock = threading.Lock()
        self.meta = types.SimpleNamespace(service_model=service_model("sagemaker"))

    def api(self, parallelism: int = 1) -> Api:
        return Api(dict.fromkeys(SERVICES, self), parallelism)

    def named(self, operation: str) -> list[Options]:
        """The parameters of every call of an operation."""
        return [parameters for called, parameters in self.calls if called == operation]

    def __getattr__(self, method: str) -> t.Callable[..., Options]:
        operation = self._operations.get(method) or "".join(part.title() for part in method.split("_"))

        def call(**parameters: t.Any) -> Options:
            with self._lock:
                self.calls.append((operation, parameters))
                answer = self._answers.get(operation, {})
                if isinstance(answer, list):
                    answer = answer.pop(0) if len(answer) > 1 else answer[0]
            try:
                return _given(answer, parameters)
            except ClientError as error:
                if error.operation_name != OF_THE_CALL:
                    raise
                raise ClientError(t.cast("t.Any", error.response), operation) from error

        return call


def _given(answer: t.Any, parameters: Options) -> Options:
    if isinstance(answer, Exception):
        raise answer
    return t.cast("Options", answer(**parameters) if callable(answer) else answer)


def set_clock(monkeypatch: pytest.MonkeyPatch, clock: t.Any) -> None:
    """Lets *clock* stand in for the module ``time`` wherever a run waits."""
    for module in (retries, apply, waits):
        monkeypatch.setattr(module, "time", clock)


class FakeClock:
    """Stands in for the module ``time``: sleeping takes no time but is seen by ``monotonic``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []
        set_clock(monkeypatch, self)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


class Exited(Exception):
    """The module has ended well."""

    def __init__(self, result: Options) -> None:
        self.result = result
        super().__init__(str(result))


class Failed(Exited):
    """The module has failed."""


class FakeModule:
    """What the runner uses of AnsibleAWSModule."""

    def __init__(self, aws: FakeAws, check_mode: bool = False, **params: t.Any) -> None:
        self.aws = aws
        self.check_mode = check_mode
        self.warnings: list[str] = []
        self.params = {
            "state": "present",
            "purge_tags": True,
            "deployment": None,
            "parallelism": 2,
            "verify": "tags",
            **params,
        }

    def connected(self, services: t.Iterable[str]) -> Api:
        return Api(dict.fromkeys(services, self.aws), self.params["parallelism"], self.warn)

    def warn(self, warning: str) -> None:
        self.warnings.append(warning)

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        raise Exited(result)

    def fail_json(self, **result: t.Any) -> t.NoReturn:
        raise Failed(result)


def path_of(text: str) -> Path:
    """The path that is printed so."""
    parts: list[str | int] = []
    for part in text.split("."):
        name, *indices = part.split("[")
        parts += [name, *(int(index.rstrip("]")) for index in indices)]
    return tuple(parts)


def resource_of(text: str) -> ResourceId:
    """The resource that is printed so."""
    kind, _space, name = text.rpartition(" ")
    return ResourceId(kind, name)


Found = t.TypeVar("Found")


def all_found(answers: t.Sequence[Found | CallFailed]) -> list[Found]:
    """What was read, where nothing failed."""
    found = [answer for answer in answers if not isinstance(answer, CallFailed)]
    assert len(found) == len(answers)
    return found
