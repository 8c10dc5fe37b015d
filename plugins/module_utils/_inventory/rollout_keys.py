# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema as data: how an update of an endpoint is rolled out; an addition to the documented schema."""

from __future__ import annotations

from .codecs import DURATION, upper_case
from .schema import ALL, UPDATE, Structure, key

STRATEGIES = ("all_at_once", "canary", "linear", "rolling")

_GREEN = "DeploymentConfig.BlueGreenUpdatePolicy"
_ROUTING = f"{_GREEN}.TrafficRoutingConfiguration"
_ROLLING = "DeploymentConfig.RollingUpdatePolicy"

DEPLOYMENT = key(
    "deployment",
    "object",
    UPDATE("DeploymentConfig"),
    added=True,
    help="The rollout policy: how AWS rolls out an update that needs a new configuration. It is not a property of"
    " the endpoint, so changing only this changes nothing in AWS. Not allowed for a serverless endpoint.",
    keys=(
        key(
            "strategy",
            "text",
            UPDATE(f"{_ROUTING}.Type"),
            UPDATE(_ROLLING),
            codec=upper_case(STRATEGIES),
            default="all_at_once",
            choices=STRATEGIES,
            added=True,
            help="`all_at_once`, `canary` (first a part of the traffic, then the rest) and `linear` (in equal steps)"
            " shift the traffic to a second fleet. `rolling` replaces the instances in batches.",
        ),
        key(
            "size",
            "size",
            UPDATE(f"{_ROUTING}.CanarySize"),
            UPDATE(f"{_ROUTING}.LinearStepSize"),
            UPDATE(f"{_ROLLING}.MaximumBatchSize"),
            added=True,
            help="The size of the canary, a step or a batch. Required by every strategy except `all_at_once`.",
        ),
        key(
            "wait_interval",
            "duration",
            UPDATE(f"{_ROUTING}.WaitIntervalInSeconds"),
            UPDATE(f"{_ROLLING}.WaitIntervalInSeconds"),
            codec=DURATION,
            default="0 seconds",
            added=True,
            help="How long AWS watches the alarms after the canary, each step or each batch.",
        ),
        key(
            "termination_wait",
            "duration",
            UPDATE(f"{_GREEN}.TerminationWaitInSeconds"),
            added=True,
            help="How long the old fleet stays after the update. `rolling` has no second fleet and does not allow it.",
        ),
        key(
            "maximum_execution_timeout",
            "duration",
            UPDATE(f"{_GREEN}.MaximumExecutionTimeoutInSeconds"),
            UPDATE(f"{_ROLLING}.MaximumExecutionTimeoutInSeconds"),
            codec=DURATION,
            added=True,
            help="After how long AWS stops the update. Must be longer than all its waits together.",
        ),
        key(
            "rollback_size",
            "size",
            UPDATE(f"{_ROLLING}.RollbackMaximumBatchSize"),
            codec=None,
            added=True,
            help="For `rolling`: the size of a batch in which a failed update is rolled back. If it is not given, AWS"
            " rolls back all at once.",
        ),
        key(
            "rollback_on",
            "all or list of alarms",
            UPDATE("DeploymentConfig.AutoRollbackConfiguration.Alarms"),
            codec=None,
            added=True,
            help=f"The alarms that roll the update back: `{ALL}`, or a list of their keys in `cloudwatch_alarms`."
            " If two variants have an alarm with the same key, write `<variant>/<key>`. An alarm of somebody else is"
            " `{external: <its name>}`: it must exist before the update, and is never changed.",
        ),
    ),
)

BLUE_GREEN_KEYS = Structure(UPDATE(_GREEN), DEPLOYMENT.keys)
ROLLING_KEYS = Structure(UPDATE(_ROLLING), DEPLOYMENT.keys)
