# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host of the inventory is one account and region; the way back works through the role, too."""

from __future__ import annotations

import copy
import json
import re
import typing as t

from simulator.testing import Aws

from .conftest import PREFIX, REGION, ROOT, Workplace
from .samples import COLLECTION


def test_two_regions_side_by_side_in_one_run(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    regions = ("eu-west-1", "us-west-2")
    workplace.declare_hosts({name: documented_example | {"sagemaker_inference_region": name} for name in regions})
    outcome = workplace.run("apply")
    assert outcome.returncode == 0, outcome.output
    for region in regions:
        found = Aws(workplace.simulator, region).client("sagemaker").list_endpoints()["Endpoints"]
        assert [each["EndpointName"] for each in found] == ["realtime-endpoint"]
        assert f":{region}:" in found[0]["EndpointArn"]
    assert workplace.client("sagemaker").list_endpoints()["Endpoints"] == []
    workplace.simulator.clear_journal()
    for region in regions:
        assert not workplace.apply_here(**documented_example, sagemaker_inference_region=region).changed
    assert workplace.simulator.writes() == []


ELSEWHERE = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"), "")
"""An environment that names neither a region nor credentials."""


# By host, the account of its profile and its region.
PLACES = {"blue": ("222222222222", "eu-west-1"), "green": ("333333333333", "us-west-2")}


def declare_places(workplace: Workplace, variables: dict[str, t.Any]) -> None:
    """Hosts in regions and accounts of their own, which only their variables set."""
    folder = workplace.folder / ".aws"
    folder.mkdir(exist_ok=True)
    secret = "aws_secret_access_key = not-a-secret-of-anybody\n"
    profiles = (f"[{host}]\naws_access_key_id = {account}\n{secret}" for host, (account, _region) in PLACES.items())
    (folder / "credentials").write_text("".join(profiles))
    workplace.declare_hosts(
        {
            host: variables | {f"{PREFIX}profile": host, f"{PREFIX}region": region}
            for host, (_account, region) in PLACES.items()
        }
    )


def test_every_playbook_goes_where_each_host_is(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    for account, region in PLACES.values():
        workplace.arrange(account, **documented_example, sagemaker_inference_region=region)
    changed = copy.deepcopy(documented_example)
    variant = changed["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"]
    variant["volume_size"] = 20
    declare_places(workplace, changed)
    request = json.dumps({f"{PREFIX}smoke_requests": {"realtime-endpoint": {"body": []}}})
    back = ("-e", "sagemaker_inference_rollback=realtime-endpoint")
    runs: tuple[tuple[str, int, tuple[str, ...]], ...] = (
        ("plan", 1, ()),
        ("audit", 1, ()),
        ("apply", 1, ()),
        ("smoke", 0, ("-e", request)),
        ("rollback", 1, back),
        ("export", 1, ()),
        ("destroy", 1, ()),
    )
    playbooks = {playbook for playbook, _changed, _arguments in runs}
    assert playbooks == {path.stem for path in (ROOT / "playbooks").iterdir()}
    for playbook, count, arguments in runs:
        workplace.simulator.clear_journal()
        ended = workplace.run(playbook, *arguments, environment=ELSEWHERE)
        assert ended.changes == dict.fromkeys(PLACES, count), playbook
        calls = workplace.simulator.journal()
        assert {(each["account"], each["region"]) for each in calls} == set(PLACES.values()), playbook
        invoked = {each["account"] for each in calls if each["operation"] == "InvokeEndpoint"}
        assert len(invoked) == (len(PLACES) if playbook == "smoke" else 0)


def test_what_the_host_does_not_say_the_play_may(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    """The defaults of the modules for the whole group; what the host says comes before them."""
    region = f"{PREFIX}region"
    workplace.declare_hosts({"silent": documented_example, "outspoken": documented_example | {region: "eu-west-1"}})
    defaults = {f"group/{COLLECTION}.all": {"region": "us-west-2"}}
    role = {"import_role": {"name": f"{COLLECTION}.sagemaker_inference"}}
    deployed = workplace.play(role, module_defaults=defaults)
    assert deployed.returncode == 0, deployed.output
    for region, count in (("us-west-2", 1), ("eu-west-1", 1), (REGION, 0)):
        made = Aws(workplace.simulator, region).client("sagemaker").list_endpoints()["Endpoints"]
        assert len(made) == count, region


def test_roles_lead_two_hosts_to_two_accounts_in_one_run(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    accounts = {"blue": "222222222222", "green": "333333333333"}
    config = workplace.folder / "aws-config"
    config.write_text(
        "".join(
            f"[profile {host}]\nrole_arn = arn:aws:iam::{account}:role/deployer\nsource_profile = base\n"
            for host, account in accounts.items()
        )
        + "[profile base]\naws_access_key_id = 111111111111\naws_secret_access_key = x\n"
    )
    (endpoint,) = documented_example["endpoints"].values()
    declared = {host: documented_example | {"endpoints": {f"{host}-endpoint": endpoint}} for host in accounts}
    workplace.declare_hosts({host: variables | {f"{PREFIX}profile": host} for host, variables in declared.items()})
    no_keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_CONFIG_FILE": str(config)}
    outcome = workplace.run("apply", environment=no_keys)
    assert outcome.returncode == 0, outcome.output
    for host, account in accounts.items():
        (made,) = Aws(workplace.simulator, "us-east-1", account).client("sagemaker").list_endpoints()["Endpoints"]
        assert made["EndpointArn"] == f"arn:aws:sagemaker:us-east-1:{account}:endpoint/{host}-endpoint"
    calls = workplace.simulator.journal()
    assert {each["account"] for each in calls if each["service"] == "sts"} == {"111111111111"}
    assert {each["account"] for each in calls if each["service"] != "sts"} == set(accounts.values())
    for host, account in accounts.items():
        names = {each["parameters"]["EndpointName"] for each in calls if _creates(each) and each["account"] == account}
        assert names == {f"{host}-endpoint"}
    workplace.simulator.clear_journal()
    for host, account in accounts.items():
        assert not workplace.apply_here(account, **declared[host]).changed
    assert workplace.simulator.writes() == []


def test_roles_assumed_beforehand_as_the_guide_shows(
    workplace: Workplace, documented_example: dict[str, t.Any]
) -> None:
    accounts = {"blue": "222222222222", "green": "333333333333"}
    hosts = {
        host: documented_example
        | {f"{PREFIX}region": "us-east-1", "deployer_role_arn": f"arn:aws:iam::{account}:role/deployer"}
        for host, account in accounts.items()
    }
    workplace.declare_hosts(hosts)
    (play,) = (text for text in _examples("fleets.md") if "sts_assume_role" in text)
    path = workplace.folder / "guide.yml"
    path.write_text(play.replace("hosts: sagemaker", "hosts: all"))
    assert workplace.run(path, "--check").returncode == 0
    outcome = workplace.run(path)
    assert outcome.returncode == 0, outcome.output
    for account in accounts.values():
        (made,) = Aws(workplace.simulator, "us-east-1", account).client("sagemaker").list_endpoints()["Endpoints"]
        assert f":{account}:" in made["EndpointArn"]
    assert workplace.client("sagemaker").list_endpoints()["Endpoints"] == []


def test_a_profile_beside_access_keys_is_refused(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.declare(**documented_example, sagemaker_inference_profile="other")
    outcome = workplace.run("plan")
    assert outcome.returncode == 2
    assert "Passing both a profile and access tokens is not supported" in outcome.output


def _examples(page: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", (ROOT / "docs" / page).read_text(), re.MULTILINE | re.DOTALL)


def _creates(entry: dict[str, t.Any]) -> bool:
    return bool(entry["operation"] == "CreateEndpoint")


def test_the_playbook_leads_back(workplace: Workplace, documented_example: dict[str, t.Any]) -> None:
    workplace.arrange(**documented_example)
    (made,) = workplace.sent("CreateEndpoint")
    changed = copy.deepcopy(documented_example)
    variant = changed["endpoints"]["realtime-endpoint"]["provisioned"]["production_variants"]["demo-model"]
    variant["volume_size"] = 20
    workplace.arrange(**changed)
    workplace.declare(**changed)
    refused = workplace.run("rollback")
    assert "sagemaker_inference_rollback" in refused.output
    assert refused.returncode == 2
    workplace.simulator.clear_journal()
    assert workplace.run("rollback", "-e", "sagemaker_inference_rollback=realtime-endpoint").changed == 1
    (update,) = workplace.sent("UpdateEndpoint")
    assert update["EndpointConfigName"] == made["EndpointConfigName"]
