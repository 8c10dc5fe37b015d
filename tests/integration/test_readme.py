# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first commands of the README lead a stranger with an empty home to an endpoint in service."""

from __future__ import annotations

import os
import re
import subprocess

from .conftest import BIN, ROOT, Workplace

INSTALLING = re.compile(r"^(ansible-galaxy collection|pip) install .*\n", re.MULTILINE)


def test_the_first_commands_deploy_an_endpoint(workplace: Workplace) -> None:
    (commands, *_others) = re.findall(
        r"^```shell\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert len(commands.splitlines()) <= 10
    commands, installs = INSTALLING.subn("", commands)
    assert installs == 2
    home = workplace.folder / "home"
    installed = home / ".ansible" / "collections" / "ansible_collections" / "friendsofansible"
    installed.mkdir(parents=True)
    (installed / "sagemaker").symlink_to(ROOT)
    kept = {name: value for name, value in workplace.environment.items() if name.startswith("AWS_")}
    environment = kept | {"HOME": str(home), "PATH": f"{BIN}{os.pathsep}{os.defpath}", "ANSIBLE_NOCOLOR": "1"}
    done = subprocess.run(
        ["bash", "-euc", commands], cwd=workplace.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[WARNING]" not in done.stdout + done.stderr
    assert re.search("Plan for us-east-1 .*: 4 to create", done.stdout)
    assert re.search("Applied to us-east-1 .*: 4 created", done.stdout)
    endpoint = workplace.client("sagemaker").describe_endpoint(EndpointName="search")
    assert endpoint["EndpointStatus"] == "InService"
