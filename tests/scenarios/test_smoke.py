# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
import typing as t

from .harness import World

INVENTORY: dict[str, t.Any] = {
    "models": {
        "m": {
            "iam_role_arn": "arn:aws:iam::111122223333:role/sagemaker",
            "container_definitions": {"c": {"image": "i:1", "model_data_location": "s3://b/m.tar.gz"}},
        }
    },
    "endpoints": {
        "e": {
            "provisioned": {
                "production_variants": {
                    "v": {
                        "model_name": "m",
                        "instance_type": "ml.m5.large",
                        "auto_scaling": {
                            "maximum_capacity": 4,
                            "policies": {"p": {"expression": "SageMakerVariantInvocationsPerInstance = 10"}},
                        },
                    }
                }
            }
        }
    },
}


def test_smoke(world: World) -> None:
    result = world.apply(INVENTORY)
    assert not result.error
    inv = copy.deepcopy(INVENTORY)
    inv["models"]["m"]["container_definitions"]["c"]["image"] = "i:2"
    for n in range(3, 6):
        foretold = world.apply(inv, check=True)
        print(foretold.diff)
        result = world.apply(inv)
        assert not result.error
        assert [s.operation for s in foretold.planned] == [s.operation for s in result.planned]
        print([(s.operation) for s in result.planned])
        world.simulator.clear_journal()
        assert not world.apply(inv).changed
        assert world.simulator.writes() == []
        print(len(world.simulator.journal()))
        inv["models"]["m"]["container_definitions"]["c"]["image"] = f"i:{n}"
    v = inv["endpoints"]["e"]["provisioned"]["production_variants"]["v"]
    v["instance_type"] = "ml.c5.large"
    foretold = world.apply(inv, check=True)
    print(foretold.diff)
    result = world.apply(inv)
    assert not result.error
    print([(s.operation) for s in result.planned])
    print([w["operation"] for w in world.simulator.writes()])
    world.simulator.clear_journal()
    assert not world.apply(inv).changed
    result = world.destroy(inv, check=True)
    assert not result.error
    result = world.destroy(inv)
    assert not result.error
    assert world.client("sagemaker").list_models()["Models"] == []
