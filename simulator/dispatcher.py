# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Takes a call through everything that AWS does with it: faults, permission, validation, the operation itself."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass

from .errors import AwsError
from .faults import Fault, Kind
from .freedoms.answers import freely
from .freedoms.errors import worded
from .freedoms.past import longest_delay
from .gone import remove
from .journal import hide_in, is_write, key_hash, without_secrets
from .operations import OPERATIONS
from .permissions import access_denied, needs
from .request_check import checked
from .resource_names import names_in
from .sagemaker.lookup import endpoints_now
from .service_models import operation_model
from .types import Params, Result
from .wire.http import HttpRequest, HttpResponse
from .wire.route import Caller, Target
from .world import World


class ConnectionDropped(Exception):
    """The server hangs up instead of answering."""


def wait(seconds: float) -> None:
    if seconds:
        time.sleep(seconds)


@dataclass(frozen=True)
class Dispatcher:
    world: World

    def handle(self, request: HttpRequest, target: Target, caller: Caller) -> HttpResponse:
        """The answer; every call ends up in the journal, also one that is dropped."""
        started = time.perf_counter()
        params: Params = {}
        outcome: Params = {"result": "ok"}
        try:
            wait(self.world.settings.latency_seconds)
            params = target.codec.parameters(request)
            response = target.codec.answer(self._answer(target, self._run(target, caller, params)))
            self._fail(target, params, Kind.ERROR_AFTER)
            self._drop(target, params, Kind.DROP_AFTER)
            return response
        except AwsError as error:
            outcome = {"result": "error", "code": error.code, "message": hide_in(error.message, params)}
            return target.codec.refusal(worded(self.world.settings, target.service, error))
        except ConnectionDropped:
            outcome = {"result": "dropped"}
            raise
        except Exception as bug:
            traceback.print_exc()
            failure = AwsError("InternalFailure", f"The simulator has a bug: {bug!r}", 500)
            outcome = {"result": "error", "code": failure.code, "message": hide_in(failure.message, params)}
            return target.codec.refusal(failure)
        finally:
            self._record(target, caller, params, outcome, started)

    def _answer(self, target: Target, result: Result) -> Result:
        return freely(self.world.settings, operation_model(target.service.name, target.operation), result)

    def _run(self, target: Target, caller: Caller, params: Params) -> Result:
        with self.world.lock:
            self._show_attempt(target, caller, params)
            self._strike(target, caller, params)
            slow = self._fault(target, params, Kind.SLOW)
        if slow:
            wait(slow.seconds)
        with self.world.lock:
            self._check_permission(target, caller, params)
            shape = operation_model(target.service.name, target.operation).input_shape
            request = checked(shape, params, target.service.error_if_malformed)
            call = self.world.call(target.service.name, target.operation, caller)
            operation = OPERATIONS[target.service.name][target.operation]
            if not is_write(target.operation):
                return operation(self.world.as_seen(call), request)
            # What ended before this call ends before it changes anything.
            endpoints_now(call)
            if delay := longest_delay(self.world.settings):
                self.world.past.keep(call.region, call.now, delay)
            write = self.world.referee.before(call, caller.access_key, request)
            result = operation(call, request)
            self.world.referee.after(write)
            return result

    def _show_attempt(self, target: Target, caller: Caller, params: Params) -> None:
        """Lets the referee see what has ended by now and what is tried, whether it will be refused or not."""
        self.world.referee.look(self.world.clock.now())
        if is_write(target.operation):
            region = self.world.region(caller.account, caller.region)
            self.world.referee.attempted(caller.access_key, region, target.operation, params)

    def _strike(self, target: Target, caller: Caller, params: Params) -> None:
        """The faults that come before anything else, the moves of others first."""
        meanwhile = self._fault(target, params, Kind.ACT)
        if meanwhile and meanwhile.move:
            self.world.act(self.world.call(target.service.name, target.operation, caller), meanwhile.move)
        self._drop(target, params, Kind.DROP_BEFORE)
        if self._fault(target, params, Kind.EXPIRED_TOKEN):
            # [C]
            raise AwsError("ExpiredTokenException", "The security token included in the request is expired")
        if self._fault(target, params, Kind.THROTTLE):
            # [C]; CloudWatch says Throttling.
            code = "Throttling" if target.service.name == "cloudwatch" else "ThrottlingException"
            raise AwsError(code, "Rate exceeded")
        self._fail(target, params, Kind.ERROR)
        if self._fault(target, params, Kind.ACCESS_DENIED):
            action = f"{target.service.iam_prefix}:{target.operation}"
            raise access_denied(target.service, caller, action)
        gone = self._fault(target, params, Kind.GONE)
        if gone:
            remove(self.world.call(target.service.name, target.operation, caller), params, gone.name)

    def _check_permission(self, target: Target, caller: Caller, params: Params) -> None:
        for need in needs(target.service.name, target.operation, params, caller.region, caller.account):
            if not self.world.policies.grants(caller.access_key, need):
                raise access_denied(target.service, caller, need.action)

    def _fault(self, target: Target, params: Params, kind: Kind) -> Fault | None:
        return self.world.faults.take(kind, target.service.name, target.operation, names_in(params))

    def _fail(self, target: Target, params: Params, kind: Kind) -> None:
        if fault := self._fault(target, params, kind):
            raise AwsError(fault.code, fault.message, fault.status)

    def _drop(self, target: Target, params: Params, kind: Kind) -> None:
        if self._fault(target, params, kind):
            raise ConnectionDropped

    def _record(self, target: Target, caller: Caller, params: Params, outcome: Params, started: float) -> None:
        self.world.journal.record(
            {
                "time": self.world.clock.now(),
                "service": target.service.name,
                "operation": target.operation,
                "region": caller.region,
                "account": caller.account,
                "access_key": key_hash(caller.access_key),
                "parameters": without_secrets(params),
                "write": is_write(target.operation),
                **outcome,
                "seconds": round(time.perf_counter() - started, 6),
            }
        )
