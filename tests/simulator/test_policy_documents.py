# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A policy document, decided as IAM decides it."""

from __future__ import annotations

import pytest

from simulator.permissions import ANY, Need, Policy, needs

EVERY = "arn:aws:sagemaker:r:1:endpoint/*"


def policy(action: str, *resources: str) -> Policy:
    return Policy({"Statement": [{"Effect": "Allow", "Action": [action], "Resource": list(resources)}]})


@pytest.mark.parametrize(
    ("need", "is_granted"),
    [
        (Need("sagemaker:DescribeEndpoint", ("arn:aws:sagemaker:r:1:endpoint/e",)), True),
        (Need("sagemaker:DescribeEndpoint", ("arn:aws:sagemaker:r:1:model/e",)), False),
        (Need("sagemaker:DescribeEndpoint", (EVERY, "arn:aws:sagemaker:r:1:model/e")), False),
        (Need("sagemaker:DescribeEndpoint"), False),
        (Need("sagemaker:DescribeEndpoint", (ANY,)), True),
        (Need("sagemaker:DeleteEndpoint", (EVERY,)), False),
    ],
)
def test_every_resource_must_be_covered(need: Need, is_granted: bool) -> None:
    assert policy("sagemaker:Describe*", EVERY).grants(need) is is_granted


def test_what_knows_no_resource_is_allowed_by_a_star_alone() -> None:
    assert policy("sagemaker:ListModels", "*").grants(Need("sagemaker:ListModels"))
    assert not policy("sagemaker:ListModels", "arn:aws:sagemaker:r:1:model/*").grants(Need("sagemaker:ListModels"))


def test_a_bracket_is_no_pattern() -> None:
    assert not policy("a:B", "x[12]").grants(Need("a:B", ("x1",)))


def test_a_call_needs_what_its_parameters_ask_for() -> None:
    params = {"ModelName": "M", "ExecutionRoleArn": "arn:role", "Tags": [{"Key": "a", "Value": "b"}]}
    model = ("arn:aws:sagemaker:eu-west-1:1:model/m",)
    assert needs("sagemaker", "CreateModel", params, "eu-west-1", "1") == [
        Need("sagemaker:CreateModel", model),
        Need("sagemaker:AddTags", model),
        Need("iam:PassRole", ("arn:role",)),
    ]


def test_upper_and_lower_case_are_distinguished_of_resources_only() -> None:
    assert policy("sagemaker:describe*", EVERY).grants(
        Need("sagemaker:DescribeModel", ("arn:aws:sagemaker:r:1:endpoint/e",))
    )
    assert not policy("a:B", "x").grants(Need("a:B", ("X",)))


def test_a_statement_without_resources_allows_nothing() -> None:
    assert not policy("a:B").grants(Need("a:B", ("x",)))
