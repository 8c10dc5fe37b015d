# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The process, the control API and many callers at once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore import UNSIGNED

from simulator.client import ACCESS_KEY, SECRET_KEY, Simulator
from simulator.process import running
from simulator.server import Server
from simulator.settings import Settings
from simulator.testing import Aws, refusal
from simulator.world import World

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_says_where_it_listens_and_stops_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "simulator", "--port-file", str(port_file), "--create-seconds", "0.5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        port = int(port_file.read_text())
        assert line == f"simulator listening on http://127.0.0.1:{port}\n"
        assert Simulator(f"http://127.0.0.1:{port}").configure()["create_seconds"] == 0.5
        process.send_signal(number)
        assert process.wait(60) == 0


def seconds_of_python(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True)
    return time.perf_counter() - started


def test_starts_hardly_later_than_moto_and_never_outlives_its_parent() -> None:
    bare = seconds_of_python("-c", "import moto.server, moto.backends")
    started = time.perf_counter()
    command = [sys.executable, "-m", "simulator", "--until-stdin-closes"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        assert time.perf_counter() - started < 10 * bare
        process.stdin.close()
        assert process.wait(60) == 0


def test_stops_when_the_test_is_interrupted() -> None:
    with pytest.raises(KeyboardInterrupt), running() as simulator:
        raise KeyboardInterrupt
    with pytest.raises(OSError, match="refused"):
        simulator.journal()


def test_says_why_it_does_not_start() -> None:
    with pytest.raises(RuntimeError, match="did not start"), running(no_such_setting=1):
        pass


def test_listens_on_the_loopback_interface_only() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Server("0.0.0.0", 0, World(Settings()))


def test_real_time_moves_endpoints(aws: Aws) -> None:
    aws.simulator.configure(create_seconds=0.1)
    aws.model()
    aws.config()
    aws.sagemaker.create_endpoint(EndpointName="endpoint", EndpointConfigName="config")
    assert aws.status() == "Creating"
    time.sleep(0.15)
    assert aws.status() == "InService"


@pytest.mark.parametrize("settings", [{"no_such": 1}, {"create_seconds": -1}, {"create_seconds": "soon"}])
def test_refuses_strange_settings(simulator: Simulator, settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="setting"):
        simulator.configure(**settings)


def test_time_does_not_go_back(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="back"):
        simulator.advance(-1)


def test_unknown_control_calls_and_endpoints(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="no endpoint"):
        simulator.put_endpoint("none", "SystemUpdating")
    with pytest.raises(ValueError, match="no GET"):
        Simulator(f"{simulator.url}/_simulator/x").journal()


def test_state_shows_everything(aws: Aws) -> None:
    aws.model(Tags=[{"Key": "a", "Value": "b"}])
    aws.config()
    aws.endpoint()
    aws.autoscaling.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/endpoint/variant/main",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=1,
        MaxCapacity=2,
    )
    region = aws.simulator.state()[0]
    assert (region["account"], region["name"]) == ("123456789012", "eu-west-1")
    assert region["endpoints"]["endpoint"]["status"] == "InService"
    assert list(region["targets"]) == ["endpoint/endpoint/variant/main|sagemaker:variant:DesiredInstanceCount"]
    assert region["tags"] == {aws.arn("sagemaker", "model/model"): {"a": "b"}}
    aws.simulator.reset()
    assert aws.simulator.state() == []


def test_many_callers_at_once(aws: Aws) -> None:
    aws.simulator.configure(create_seconds=0)
    aws.model()

    def deploy(number: int) -> str:
        aws.config(f"config-{number}")
        aws.sagemaker.create_endpoint(EndpointName=f"e-{number}", EndpointConfigName=f"config-{number}")
        return aws.status(f"e-{number}")

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(deploy, range(40))) == {"InService"}
    assert len(aws.simulator.state()[0]["endpoints"]) == 40
    numbers = [entry["sequence"] for entry in aws.simulator.journal()]
    assert numbers == sorted(set(numbers))


def test_only_one_of_many_creates_the_name(aws: Aws) -> None:
    def create(_number: int) -> str:
        try:
            aws.model()
        except Exception as problem:
            return str(problem)
        return "ok"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(create, range(16)))
    assert outcomes.count("ok") == 1
    assert sum("already existing" in outcome for outcome in outcomes) == 15


def test_fifty_calls_take_no_longer_than_a_few_starts_of_python(aws: Aws) -> None:
    aws.model()
    aws.config()
    aws.endpoint()
    aws.describe()
    bare = seconds_of_python("-c", "import boto3")
    started = time.perf_counter()
    for _time in range(50):
        aws.describe()
    assert time.perf_counter() - started < 4 * bare


def test_unsigned_calls_are_from_nobody_in_the_default_region(aws: Aws) -> None:
    unsigned = aws.client("sagemaker", signature_version=UNSIGNED)
    assert refusal(unsigned.describe_model, ModelName="m")[1].startswith(
        'Could not find model "arn:aws:sagemaker:us-east-1:123456789012:'
    )
    assert aws.simulator.journal()[0]["access_key"] == ""


def test_keys_are_as_long_as_those_of_aws(simulator: Simulator) -> None:
    """Ansible masks a secret wherever it stands, so that it must not be a word that results may have."""
    page = (ROOT / "simulator" / "README.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"\b(AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY)=(\S+)", page))
    assert shown == {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    assert simulator.environment.items() >= shown.items()
    assert (len(ACCESS_KEY), len(SECRET_KEY)) == (20, 40)
