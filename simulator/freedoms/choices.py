# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""The choices, all off by default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Freedoms:
    """Clients must work with every one of these, and with all together.

    Lists
    `page_size`: no page has more entries, whatever is asked for. [D TAG] "fewer than this maximum, even if there are
    more"; "up to" and "maximum" of the others [D SM][D AS][D CW].
    `empty_pages`: an empty page comes before and after each one with entries. A guess from the same words.
    `other_order`: lists whose order nobody has documented come in the opposite one.

    Members
    `left_out`: what a description need not have is not there: what is empty or was not sent, and what only informs.
    `empty_lists`: lists and maps that have nothing to say are there, and empty. A guess.
    `defaults_shown`: what was not sent is shown with its documented default. [P TF #24: absent and false are one]
    `unknown_members`: every structure has a member that no service model knows yet. [D Smithy: clients ignore these]
    `early_variants`: an endpoint that is being created shows its variants, with no capacity yet. A guess.
    `arns_keep_case`: the ARNs of SageMaker spell names as they were given. [P ACK fixtures]

    Values
    `whole_seconds`: times have no fractions. [C] AWS shows them with and without.
    `single_precision`: weights are what a float of 32 bits makes of them. [D SM VariantWeight: Float]
    `whole_numbers`: a weight or threshold of 1.0 is sent as 1. JSON has one type of number for both.

    Tags
    `system_tags`: AWS adds a tag of its own to what is created. [D "aws:" is reserved for AWS]

    Times
    `list_delay_seconds`, `describe_delay_seconds`: by how much the reads of SageMaker are behind. [D SM CreateEndpoint]
    `scaling_delay_seconds`: the same for Application Auto Scaling. [P TF target.go: retries after a registration]
    `alarm_delay_seconds`: the same for DescribeAlarms. [I TF #21168, #30344]
    `system_update_seconds`: for how long an endpoint is SystemUpdating after each work on it. [D SM EndpointStatus]

    Errors
    `namespaced_errors`: codes come with a namespace and a link. [D Smithy awsJson: clients take them off]
    `short_errors`: what is not found is named without its ARN. A guess.
    """

    page_size: int = 0
    empty_pages: bool = False
    other_order: bool = False
    left_out: bool = False
    empty_lists: bool = False
    defaults_shown: bool = False
    unknown_members: bool = False
    early_variants: bool = False
    arns_keep_case: bool = False
    whole_seconds: bool = False
    single_precision: bool = False
    whole_numbers: bool = False
    system_tags: bool = False
    list_delay_seconds: float = 0.0
    describe_delay_seconds: float = 0.0
    scaling_delay_seconds: float = 0.0
    alarm_delay_seconds: float = 0.0
    system_update_seconds: float = 0.0
    namespaced_errors: bool = False
    short_errors: bool = False
