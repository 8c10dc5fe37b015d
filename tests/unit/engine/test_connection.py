# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients that a module gets for the connection options of amazon.aws."""

from __future__ import annotations

import signal
import subprocess
import sys
import types
import typing as t
from pathlib import Path

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible import connection
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import SERVICES
from botocore.session import Session

CONFIG = """\
[profile frankfurt]
region = eu-central-1
aws_access_key_id = AKIDFRANKFURT
aws_secret_access_key = not-a-key
"""


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config"
    path.write_text(CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)


def clients(**params: t.Any) -> dict[str, t.Any]:
    def refuse(msg: str) -> t.NoReturn:
        pytest.fail(msg)

    module = types.SimpleNamespace(
        params={"parallelism": 7, "region": "eu-west-1", **params},
        ansible_version="2.99.0",
        fail_json=refuse,
        warn=None,
    )
    api = connection.connect(t.cast("t.Any", module), SERVICES)
    assert api.parallelism == 7
    return dict(api._clients)


def test_botocore_retries_in_one_layer_and_knows_who_calls() -> None:
    for client in clients().values():
        config = client.meta.config
        assert (config.retries["mode"], config.retries["total_max_attempts"]) == ("standard", 11)
        assert config.max_pool_connections == 7
        assert "Ansible/2.99.0 friendsofansible.sagemaker" in config.user_agent
        assert client.meta.region_name == "eu-west-1"


def test_what_the_task_configures_wins() -> None:
    found = clients(aws_config={"retries": {"mode": "standard"}, "read_timeout": 5}, endpoint_url="http://localhost:1")
    for client in found.values():
        assert (client.meta.config.retries["mode"], client.meta.config.read_timeout) == ("standard", 5)
        assert client.meta.config.max_pool_connections == 7
        assert client.meta.endpoint_url == "http://localhost:1"


def test_a_profile_tells_credentials_and_region() -> None:
    found = clients(profile="frankfurt", region=None)
    assert {client.meta.region_name for client in found.values()} == {"eu-central-1"}
    assert {client._request_signer._credentials.access_key for client in found.values()} == {"AKIDFRANKFURT"}


def test_one_session_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Session] = []
    init = Session.__init__

    def count(self: Session, *args: t.Any, **options: t.Any) -> None:
        made.append(self)
        init(self, *args, **options)

    monkeypatch.setattr(Session, "__init__", count)
    clients()
    assert len(made) == 1


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"region": None}, "no region is set: set sagemaker_inference_region .*Couldn't connect to AWS: "),
        ({"profile": "nobody"}, "the profile of the AWS configuration was not found: .*Couldn't connect to AWS: "),
        ({"endpoint_url": "not a url"}, "Couldn't connect to AWS: "),
    ],
)
def test_what_cannot_be_connected_is_said_once(params: dict[str, t.Any], message: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=message):
        clients(**params)


def test_an_interrupt_ends_a_module_even_where_the_exception_is_lost() -> None:
    code = f"""
import time
from {connection.__name__} import end_when_interrupted
end_when_interrupted()
print("ready", flush=True)
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == -signal.SIGINT
