# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection of a module to AWS, by the connection options of amazon.aws."""

from __future__ import annotations

import signal
import threading
import typing as t

from ansible_collections.amazon.aws.plugins.module_utils.botocore import get_aws_connection_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.causes import with_advice
from .._aws.client import Api, CallFailed
from .._aws.retries import be_patient
from .._aws.service_model import share_service_model

try:
    from boto3.session import Session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, NoRegionError
except ImportError:
    pass  # AnsibleAWSModule says so in its own words.


def connect(module: AnsibleAWSModule, services: t.Iterable[str], **settings: t.Any) -> Api:
    """Clients that repeat calls in botocore's way, and throttled ones for longer.

    The *settings* and ``aws_config`` of the task come on top.

    They share one session, which AnsibleAWSModule's do not: a role is assumed once, and botocore's data is read once.
    """
    end_when_interrupted()
    parallelism = max(1, module.params.get("parallelism", 1))
    region, endpoint_url, options = get_aws_connection_info(module)
    profile, given = options.pop("profile_name", None), options.pop("aws_config", None)
    config = Config(
        user_agent_extra=f"Ansible/{module.ansible_version} friendsofansible.sagemaker",
        retries={"mode": "standard", "max_attempts": 10},
        max_pool_connections=parallelism,
    )
    own = Config(**settings).merge(given or Config())
    config = config.merge(own)

    try:
        session = Session(profile_name=profile)
        if not (region or session.region_name):
            # botocore would treat a blank variable of the environment as a region, which has no services.
            raise NoRegionError
        clients = {
            service: session.client(service, region, endpoint_url=endpoint_url, config=config, **options)
            for service in services
        }
    except (ValueError, BotoCoreError) as error:
        module.fail_json(msg=with_advice(f"Couldn't connect to AWS: {error}"))
    for each in clients.values():
        share_service_model(each.meta.service_model)
        if getattr(own, "retries", None) is None:
            be_patient(each)
    return Api(clients, parallelism, module.warn)


def end_when_interrupted() -> None:
    """Lets SIGINT end the process: Python's KeyboardInterrupt can get lost, as in a finalizer, and the run goes on."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def caller_account(module: AnsibleAWSModule) -> str | None:
    """The account number from STS, or None: [D] no permission is needed, but not every network reaches STS."""
    api = connect(module, ("sts",), connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 2})
    try:
        return str(api.call("sts", "GetCallerIdentity")["Account"])
    except CallFailed:
        return None
