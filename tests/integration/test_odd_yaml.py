# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What YAML 1.1 makes of innocent scalars: refused with path, value and what is allowed, or passed on to the letter."""

from __future__ import annotations

import json
import sys
import typing as t

from .conftest import Workplace
from .test_bad_input import FAILURE

ROLE = "arn:aws:iam::012345678901:role/r"
MODEL = "models.m"
VARIANT = "endpoints.e.provisioned.production_variants.v"
PLACES = {
    "role": f"{MODEL}.iam_role_arn",
    "isolation": f"{MODEL}.enable_network_isolation",
    "tag": f"{MODEL}.additional_tags.owner",
    "environment": f"{MODEL}.container_definitions.c.environment_variables.KEY",
    "count": f"{VARIANT}.volume_size",
    "weight": f"{VARIANT}.initial_weight",
    "duration": f"{VARIANT}.container_startup_timeout",
    "alarm": f"{VARIANT}.cloudwatch_alarms.a.expression",
    "policy": f"{VARIANT}.auto_scaling.policies.p.expression",
}
TEXTS = ("role", "tag", "environment", "alarm", "policy")
INVENTORY = """
models:
  m:
    iam_role_arn: {role}
    enable_network_isolation: {isolation}
    additional_tags: {{owner: {tag}}}
    container_definitions:
      c: {{image: "repo/image:1", environment_variables: {{KEY: {environment}}}}}
  {name}: {{iam_role_arn: "arn:aws:iam::012345678901:role/r", container_definitions: {{c: {{image: i}}}}}}
endpoints:
  e:
    provisioned:
      production_variants:
        v:
          model_name: m
          instance_type: ml.m5.large
          volume_size: {count}
          initial_weight: {weight}
          container_startup_timeout: {duration}
          cloudwatch_alarms: {{a: {{expression: {alarm}}}}}
          auto_scaling: {{policies: {{p: {{expression: {policy}}}}}}}
"""

Refusals = dict[str, tuple[str, ...]]


def _at(places: tuple[str, ...], *words: str) -> Refusals:
    return {PLACES[place]: words for place in places}


def _not_text(value: str, noun: str) -> Refusals:
    """The refusals of a value that YAML takes for something else, in every place for text."""
    advice = (f"expected a string, got the {noun.removeprefix('a ')} {value}; put it in quotes",)
    return {
        **_at(TEXTS, *advice),
        PLACES["environment"]: (f"expected a string, got {noun}",),
        PLACES["duration"]: (f"got the {noun.removeprefix('a ')} {value}", "5 minutes"),
        f"models.{value}": advice,
    }


def _not_right(value: str, name: str | None = None) -> Refusals:
    """The refusals of a text, which is fine only as the value of an environment variable."""
    return {
        PLACES["role"]: (value, "allowed: 20 to 2048"),
        PLACES["isolation"]: (value, "expected true or false"),
        PLACES["count"]: (value, "expected a whole number"),
        PLACES["duration"]: (value, "<number> <unit>"),
        PLACES["alarm"]: (value, "<operator> <number>"),
        PLACES["policy"]: (value, "= <number>"),
        **({f"models.{name}": (value, "does not match the pattern")} if name else {}),
    }


def _number(value: str) -> Refusals:
    return _not_text(value, "a number") | _at(("isolation",), f"expected true or false, got the number {value}")


_TRUE = _not_text("True", "a boolean") | _at(("count", "weight"), "got the boolean True")
_FIFTEEN = _number("15")

# What stands in the inventory in all places, and where it is refused with which words; elsewhere it is fine.
ODD: dict[str, Refusals] = {
    "on": _TRUE,
    "yes": _TRUE,
    "~": {
        **_at(("role", "alarm", "policy"), "required"),
        **_at(("tag", "environment"), "expected a string, got nothing"),
        "models.nothing": ("expected a string, got nothing",),
    },
    "1_000": _number("1000") | _at(("count",), "1000", "1 to 512"),
    "017": _FIFTEEN,
    "0xF": _FIFTEEN,
    "1:30": _number("90"),
    "012345670123": _number("1402433619") | _at(("count",), "1402433619", "1 to 512"),
    "012345678901": _not_right("'012345678901'") | _at(("count",), "'012345678901' is too large"),
    "0o17": _not_right("'0o17'") | _at(("weight",), "'0o17'"),
    "'1_000'": _not_right("'1_000'", "1_000") | _at(("weight",), "'1_000'"),
    "1e3": _not_right("'1e3'"),
    "2026-01-01": _not_text("2026-01-01", "a date") | _at(("count", "weight", "isolation"), "got the date 2026-01-01"),
    ".inf": _number("inf") | _at(("count",), "inf") | _at(("weight",), "inf", "cannot store"),
    ".nan": _number("nan") | _at(("count",), "nan") | _at(("weight",), "nan", "cannot store"),
    "!!binary aGVsbG8=": _at(tuple(PLACES), "got binary data") | {"models.binary data": ("got binary data",)},
    "!unsafe '{{ 7 * 7 }}'": _not_right("'{{ 7 * 7 }}'", "{{ 7 * 7 }}") | _at(("tag", "weight"), "'{{ 7 * 7 }}'"),
    '"\\u202Eabc"': _not_right(r"'\u202eabc'", r"'\u202eabc'") | _at(("tag", "weight"), r"'\u202eabc'"),
    '"a\\0b"': _not_right(r"'a\x00b'", r"'a\x00b'") | _at(("tag", "weight"), r"'a\x00b'"),
}


def declare(workplace: Workplace, hosts: t.Mapping[str, str]) -> None:
    """Hosts with their variables as text, since what YAML makes of it is the question."""
    every = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory = {"all": {"hosts": dict.fromkeys(hosts), "vars": every}}
    (workplace.folder / "inventory.yml").write_text(json.dumps(inventory))
    (workplace.folder / "host_vars").mkdir()
    for host, text in hosts.items():
        (workplace.folder / "host_vars" / f"{host}.yml").write_text(text, encoding="utf-8")


def test_odd_scalars_are_refused_in_every_place_with_the_value(workplace: Workplace) -> None:
    hosts = {f"host-{number}": scalar for number, scalar in enumerate(ODD)}
    declare(workplace, {host: INVENTORY.format(**dict.fromkeys((*PLACES, "name"), odd)) for host, odd in hosts.items()})
    outcome = workplace.run("apply")
    messages = {host: json.loads(result)["msg"] for host, result in FAILURE.findall(outcome.output)}
    assert set(messages) == set(hosts)
    for host, scalar in hosts.items():
        heading, *lines = messages[host].splitlines()
        assert heading.endswith("nothing was sent to AWS:")
        report = {path: message for path, _colon, message in (line[2:].partition(": ") for line in lines)}
        for path, words in ODD[scalar].items():
            assert all(word in report.get(path, "") for word in words), (scalar, path, words, messages[host])
        assert set(report) == set(ODD[scalar]), (scalar, messages[host])
        assert "49" not in messages[host]
        assert all(letter.isprintable() for line in lines for letter in line)
    assert "Traceback" not in outcome.output
    assert workplace.simulator.journal() == []


ACCEPTED = """
defaults: &defaults
  instance_type: ml.m5.large
  initial_weight: 2
models:
  m:
    iam_role_arn: arn:aws:iam::012345678901:role/r
    additional_tags: {"on": "017", "2026-01-01": "1:30", 'yes': 'no'}
    container_definitions:
      c:
        image: repo/image:1_000
        environment_variables:
          PLAIN: 0o17
          ACCOUNT: 012345678901
          QUOTED: "1_000"
          TEMPLATE: !unsafe "{{ 7 * 7 }}{% raw %}"
          CALL: !unsafe "{{ lookup('pipe', 'id') }}"
          UNICODE: "\\u202Ecba\\0 \\uFF11"
          TWICE: first
          TWICE: last
endpoints:
  e:
    provisioned:
      production_variants:
        v: {<<: *defaults, model_name: m, volume_size: 0xF}
        w: {<<: *defaults, model_name: m, volume_size: 017, initial_weight: "1e1"}
"""


def test_what_is_fine_arrives_to_the_letter(workplace: Workplace) -> None:
    declare(workplace, {"account": ACCEPTED})
    outcome = workplace.run("apply")
    assert outcome.changed == 1
    assert "Found duplicate mapping key 'TWICE'" in outcome.output
    model = workplace.client("sagemaker").describe_model(ModelName="m")
    assert model["ExecutionRoleArn"] == "arn:aws:iam::012345678901:role/r"
    (container,) = model.get("Containers") or [model["PrimaryContainer"]]
    assert container["Image"] == "repo/image:1_000"
    assert container["Environment"] == {
        "PLAIN": "0o17",
        "ACCOUNT": "012345678901",
        "QUOTED": "1_000",
        "TEMPLATE": "{{ 7 * 7 }}{% raw %}",
        "CALL": "{{ lookup('pipe', 'id') }}",
        "UNICODE": "\u202ecba\0 \uff11",
        "TWICE": "last",
    }
    (created,) = workplace.sent("CreateModel")
    tags = {tag["Key"]: tag["Value"] for tag in created["Tags"]}
    assert tags.items() >= {"on": "017", "2026-01-01": "1:30", "yes": "no"}.items()
    (config,) = workplace.sent("CreateEndpointConfig")
    found = {each["VariantName"]: each for each in config["ProductionVariants"]}
    assert [(found[name]["VolumeSizeInGB"], found[name]["InitialVariantWeight"]) for name in "vw"] == [
        (15, 2),
        (15, 10),
    ]
    assert workplace.run("apply").changed == 0
