# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of any kind, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from .inventories import ERRORS, asynchronous, model, provisioned, scaled, serverless, variant

SETTINGS = st.fixed_dictionaries(
    {
        "model_name": st.sampled_from(["m", "n"]),
        "instance_type": st.sampled_from(["ml.m5.large", "ml.c5.large"]),
        "initial_weight": st.sampled_from([0.3, 1, 2]),
    },
    optional={"volume_size": st.sampled_from([10, 20])},
)
SCALED = st.builds(lambda more, high: scaled(1, high, cloudwatch_alarms=ERRORS, **more), SETTINGS, st.integers(2, 4))
FIXED = st.builds(lambda more, count: variant(**more, initial_instance_count=count), SETTINGS, st.integers(1, 3))
ENDPOINTS = st.one_of(
    st.builds(lambda v: provisioned(v=v), SCALED),
    st.builds(lambda v, w: provisioned(v=v, w=w), SCALED, FIXED),
    st.builds(lambda w: provisioned(w=w), FIXED),
    st.builds(lambda w: asynchronous(w=w), FIXED),
    st.builds(lambda number: serverless(max_concurrency=number), st.integers(3, 6)),
    st.builds(lambda number: serverless(max_concurrency=6, provisioned_concurrency=number), st.integers(1, 3)),
)
INVENTORIES = st.fixed_dictionaries(
    {
        "models": st.fixed_dictionaries(
            {"m": st.builds(model, st.integers(1, 3)), "n": st.builds(model, st.integers(4, 5))}
        ),
        "endpoints": st.dictionaries(st.sampled_from(["e", "f"]), ENDPOINTS, min_size=1),
        "additional_tags_all": st.sampled_from([{}, {"team": "a"}, {"team": "b", "cost": "1"}]),
    }
)
