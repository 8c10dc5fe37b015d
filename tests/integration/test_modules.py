# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules used directly, in AWS's vocabulary."""

from __future__ import annotations

import importlib
import typing as t

import pytest
import yaml
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._ansible.argument_specs import (
    ALARM,
    ENDPOINT,
    MODEL,
    TARGET,
)

from .conftest import ACCESS_KEY, SECRET, Workplace
from .in_process import result_of
from .samples import COLLECTION, SAMPLES, Sample, presupposed

IDS = [sample.module for sample in SAMPLES]
ACCOUNT = "444455556666"
SPECS = {spec.label: spec for spec in (MODEL, ENDPOINT, TARGET, ALARM)}
MODULES = "ansible_collections.friendsofansible.sagemaker.plugins.modules"


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_both_spellings_from_nothing_to_nothing(workplace: Workplace, sample: Sample) -> None:
    presupposed(workplace)
    first, second, plural = sample.first, sample.second, sample.plural
    absent = {"state": "absent"}
    planned, made = workplace.results(
        sample.task(first, check_mode=True, diff=True),
        sample.task(first, diff=True),
    )
    # From here on without Ansible, which takes a second for each.
    later = (
        sample.task(first),
        sample.task({plural: [first]}),
        sample.task({plural: [first, second]}),
        sample.task({plural: []}),
        sample.task({plural: list(sample.names), **absent, "_ansible_check_mode": True}),
        sample.task({**sample.names[0], **absent}),
        sample.task({plural: list(sample.names), **absent}),
    )
    same, listed, grown, none, doomed, gone, rest = (result_of(workplace, task) for task in later)
    assert_as_planned(sample, planned, made)
    assert [changes(result) for result in (same, listed, grown, none)] == [[False], [False], [False, True], []]
    assert [changes(result) for result in (doomed, gone, rest)] == [[True, True], [True], [False, True]]
    assert [sample.label in result for result in (made, same, gone)] == [True] * 3
    assert [plural in result for result in (listed, grown, none, doomed, rest)] == [True] * 5
    assert [undocumented(sample, result) for result in (made, grown, doomed)] == [set()] * 3
    assert [entry["operation"] for entry in workplace.simulator.writes()] == [
        *sample.creates,
        *sample.creates,
        *sample.deletes,
        *sample.deletes,
    ]


def assert_as_planned(sample: Sample, planned: dict[str, t.Any], made: dict[str, t.Any]) -> None:
    assert changes(planned) == changes(made) == [True]
    assert planned[sample.label]["effect"] == made[sample.label]["effect"] == "create"
    assert planned["diff"] == made["diff"]
    assert sample.path_in_diff in made["diff"][0]["after"]
    assert planned[sample.label][sample.arn] is None
    assert made[sample.label][sample.arn].startswith("arn:aws:")


def changes(result: dict[str, t.Any]) -> list[bool]:
    """Whether each resource was changed, in either spelling."""
    assert not result.get("failed"), result["msg"]
    (outcome,) = (value for name, value in result.items() if name in KINDS)
    outcomes = outcome if isinstance(outcome, list) else [outcome]
    found = [each["changed"] for each in outcomes]
    assert result["changed"] == any(found)
    return found


def undocumented(sample: Sample, result: dict[str, t.Any]) -> set[str]:
    """What the module returns of its resources that is neither documented nor one of its options."""
    module = importlib.import_module(f"{MODULES}.{sample.module}")
    documented = set(yaml.safe_load(module.RETURN)[sample.label]["contains"])
    resources = [result[sample.label]] if sample.label in result else result[sample.plural]
    return {key for resource in resources for key in resource} - documented - SPECS[sample.label].options.keys()


KINDS = {name for sample in SAMPLES for name in (sample.label, sample.plural)}


def test_tags_are_purged_only_when_given_and_when_asked_for(workplace: Workplace) -> None:
    presupposed(workplace)
    steps: list[tuple[dict[str, t.Any], bool, dict[str, str]]] = [
        ({"tags": {"a": "1", "b": "2"}}, True, {"a": "1", "b": "2"}),
        ({"tags": {"a": "1"}, "purge_tags": False}, False, {"a": "1", "b": "2"}),
        ({}, False, {"a": "1", "b": "2"}),
        ({"tags": {"a": "3"}}, True, {"a": "3"}),
        ({"tags": {}}, True, {}),
    ]
    # Endpoints have the tag calls of models.
    samples = [sample for sample in SAMPLES if sample.label != "endpoint"]
    tasks = [sample.task(sample.first | options) for sample in samples for options, _changed, _tags in steps]
    results = (result_of(workplace, task) for task in tasks)
    for sample in samples:
        for _options, changed, tags in steps:
            result = next(results)
            assert changes(result) == [changed]
            found = result[sample.label]["tags"].items()
            own = {key: value for key, value in found if not key.startswith(f"{COLLECTION}/")}
            assert own == {"managed-by": "Ansible", **tags}


def test_everything_wrong_is_reported_before_the_first_call(workplace: Workplace) -> None:
    wrong = [
        [sample.first | sample.bad[0][0], sample.second | sample.bad[1][0], sample.first, sample.first]
        for sample in SAMPLES
    ]
    results = workplace.results(
        *(sample.task({sample.plural: entries}) for sample, entries in zip(SAMPLES, wrong, strict=True)),
    )
    results += [
        result_of(workplace, task)
        for task in (
            *(sample.task({**sample.first, "no_such_option": 1}) for sample in SAMPLES),
            SAMPLES[0].task({**SAMPLES[0].first, SAMPLES[0].plural: []}),
            SAMPLES[0].task({"state": "present"}),
        )
    ]
    messages = [result["msg"] for result in results]
    for sample, report, unsupported in zip(SAMPLES, messages, messages[len(SAMPLES) :], strict=False):
        heading, *problems = report.splitlines()
        assert heading == "Invalid options; no AWS call was made:"
        assert len(problems) == 3
        for (_options, words), problem in zip(sample.bad, problems, strict=False):
            assert words in problem
        assert f"- {sample.plural}[3]: " in problems[-1]
        assert " is declared twice" in problems[-1]
        assert "Unsupported parameters" in unsupported
        assert "no_such_option" in unsupported
    assert "mutually exclusive" in messages[-2]
    assert "one of the following is required" in messages[-1]
    assert workplace.simulator.journal() == []


def test_bad_names_and_tags_are_refused_before_the_first_call(workplace: Workplace) -> None:
    tags = {"": "1", "aws:x": "1", "k" * 129: "1", "a": "v" * 257, "b": None, "c": ["1"], "d": {"e": "1"}}
    refused = ["tags.''", "tags.aws:x", "tags.kkk", "tags.a", "tags.b: expected a string, got null", "tags.c", "tags.d"]
    endpoint, scaling = SAMPLES[1], SAMPLES[2]
    invoke = f"{COLLECTION}.sagemaker_endpoint_invoke"
    request = {"endpoint_name": "", "body": "x", "target_variant": "v v", "_ansible_check_mode": True}
    tasks: list[tuple[dict[str, t.Any], list[str]]] = [
        *((sample.task({**sample.first, "tags": tags}), refused) for sample in SAMPLES),
        (endpoint.task({**endpoint.first, "tags": {"a!": "1"}}), ["tags.a!"]),
        (endpoint.task({**endpoint.first, "tags": {str(n): "" for n in range(51)}}), ["tags: 51 tags; allowed: 50"]),
        (
            endpoint.task({"endpoints": [endpoint.first, {**endpoint.first, "endpoint_name": "First"}]}),
            ["endpoints[1]"],
        ),
        (
            endpoint.task({"endpoints": [{"endpoint_name": "e"}, {"endpoint_name": "E"}], "state": "absent"}),
            ["endpoints[1]"],
        ),
        (
            scaling.task({**scaling.first, "endpoint_name": "", "variant_name": ""}),
            ["endpoint_name: ''", "variant_name: ''"],
        ),
        (
            scaling.task({"targets": [{"endpoint_name": "e/f", "variant_name": "v"}], "state": "absent"}),
            ["targets[0].endpoint_name"],
        ),
        ({invoke: request}, ["endpoint_name: required", "target_variant"]),
        ({invoke: {"endpoint_name": "e", "body": "x", "region": ""}}, ["region: '' is blank"]),
        (
            endpoint.task({**endpoint.first, "wait_timeout": -1, "progress_interval": -1, "parallelism": -1}),
            ["wait_timeout: -1 is", "progress_interval", "parallelism"],
        ),
    ]
    for task, expected in tasks:
        heading, *problems = result_of(workplace, task)["msg"].splitlines()
        assert heading == "Invalid options; no AWS call was made:"
        assert len(problems) == len(expected), problems
        for problem, beginning in zip(problems, expected, strict=True):
            assert problem.startswith(f"- {beginning}")
    assert workplace.simulator.journal() == []


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_null_names_nothing(workplace: Workplace, sample: Sample, state: str) -> None:
    """Ansible takes an option that is null, as a template may make it, for given."""
    last = [*sample.names[0]][-1]
    for options in ({sample.plural: None}, dict.fromkeys(sample.names[0]), {**sample.names[0], last: None}):
        result = result_of(workplace, sample.task({**options, "state": state}))
        assert result["failed"]
        assert "missing required arguments: " in result["msg"]
        assert last in result["msg"]
    assert workplace.simulator.journal() == []


def test_blank_words_and_impossible_numbers_are_refused_before_the_first_call(workplace: Workplace) -> None:
    _model, endpoint, scaling, alarm = SAMPLES
    variant = endpoint.first["production_variants"][0] | {"instance_type": ""}
    tasks = {
        "production_variants[0].instance_type: ''": endpoint.task(endpoint.first | {"production_variants": [variant]}),
        "unit: ''": alarm.task(alarm.first | {"unit": ""}),
        "threshold: nan is not a finite number": alarm.task(alarm.first | {"threshold": "nan"}),
        "threshold: -inf is not a finite number": alarm.task(alarm.first | {"threshold": "-inf"}),
        "scalable_dimension: ''": scaling.task(scaling.first | {"scalable_dimension": ""}),
    }
    for problem, task in tasks.items():
        assert f"- {problem}" in result_of(workplace, task)["msg"]
    assert workplace.simulator.journal() == []


def test_a_target_model_is_checked_like_aws_does(workplace: Workplace) -> None:
    invoke, request = f"{COLLECTION}.sagemaker_endpoint_invoke", {"endpoint_name": "e", "body": "x"}
    found = [
        result_of(workplace, {invoke: {**request, "target_model": name, "_ansible_check_mode": True}})
        for name in ("a model.tar.gz", " model")
    ]
    assert "failed" not in found[0]
    assert "- target_model: ' model' does not match the pattern" in found[1]["msg"]


def test_defaults_of_the_group_reach_every_module(workplace: Workplace) -> None:
    presupposed(workplace, region="eu-central-1")
    results = workplace.results(
        *(sample.task(sample.first) for sample in SAMPLES),
        module_defaults={f"group/{COLLECTION}.all": {"region": "eu-central-1", "deployment": "blue"}},
    )
    for sample, result in zip(SAMPLES, results, strict=True):
        assert changes(result) == [True]
        assert result[sample.label][sample.arn].split(":")[3] == "eu-central-1"
        assert result[sample.label]["tags"][f"{COLLECTION}/deployment"] == "blue"


def test_the_connection_options_of_amazon_aws_work(workplace: Workplace) -> None:
    presupposed(workplace, region="eu-west-1", access_key=ACCOUNT)
    profile = f"[profile there]\naws_access_key_id = {ACCOUNT}\naws_secret_access_key = x\n"
    (workplace.folder / ".aws").mkdir()
    (workplace.folder / ".aws" / "config").write_text(profile)
    keys = {"access_key": ACCOUNT, "secret_key": SECRET, "session_token": "a-token", "region": "eu-west-1"}
    by_option = {**keys, "endpoint_url": workplace.simulator.url, "aws_config": {"read_timeout": 7}}
    by_alias = {"aws_access_key": ACCOUNT, "aws_secret_key": SECRET, "aws_region": "eu-west-1"}
    nowhere = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": ACCESS_KEY}
    keyless = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    last = SAMPLES[-1]
    results = workplace.results(
        *(sample.task(sample.first | by_option, environment=nowhere) for sample in SAMPLES),
        last.task(last.first | by_alias),
        last.task(last.first | {"profile": "there", "region": "eu-west-1"}, environment=keyless),
    )
    assert [changes(result) for result in results] == [[True]] * len(SAMPLES) + [[False]] * 2
    for sample, result in zip([*SAMPLES, last, last], results, strict=True):
        assert result[sample.label][sample.arn].split(":")[3:5] == ["eu-west-1", ACCOUNT]


def test_one_that_fails_does_not_stop_the_others(workplace: Workplace) -> None:
    presupposed(workplace)
    (sample,) = (sample for sample in SAMPLES if sample.label == "alarm")
    workplace.simulator.fault("access_denied", operation="PutMetricAlarm", name="given/main/first", count=None)
    (result,) = workplace.results(sample.task({"alarms": [sample.first, sample.second]}))
    assert result["failed"]
    assert "PutMetricAlarm: AccessDenied" in result["msg"]
    assert result["msg"].endswith("failed: 1 alarm, first: given/main/first")
    assert [alarm["changed"] for alarm in result["alarms"]] == [False, True]
    assert {request["AlarmName"] for request in workplace.sent("PutMetricAlarm")} == {
        "given/main/first",
        "given/main/second",
    }
