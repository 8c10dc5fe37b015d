# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Running variants: made from a configuration, kept over an update, shown in DescribeEndpoint."""

from __future__ import annotations

from hashlib import sha256

from ..call import Call
from ..types import Params
from .model_rules import containers_of
from .resources import DeployedImage, Progress, Status, Variant, Work


def started(call: Call, config: Params) -> Variant:
    """A new variant as its configuration says, its images resolved to digests now."""
    serverless = config.get("ServerlessConfig")
    return Variant(
        config=config,
        images=_deployed_images(call, config),
        weight=config["InitialVariantWeight"],
        count=config.get("InitialInstanceCount"),
        serverless=dict(serverless) if serverless else None,
    )


def retain(variant: Variant, live: Variant, excluded: set[str]) -> None:
    """Keep the live variant's desired weight and count. [D SM RetainAllVariantProperties]"""
    if "DesiredWeight" not in excluded:
        variant.weight = variant.desired_weight = live.desired_weight
    if "DesiredInstanceCount" not in excluded and variant.count is not None and live.desired_count is not None:
        variant.count = variant.desired_count = live.desired_count


def summary(call: Call, variant: Variant, status: str | None) -> Params:
    shown: Params = {
        "VariantName": variant.name,
        "DeployedImages": [_image(call, image) for image in variant.images],
        "CurrentWeight": variant.weight,
        "DesiredWeight": variant.desired_weight,
    }
    if variant.serverless is None:
        shown |= {"CurrentInstanceCount": variant.count, "DesiredInstanceCount": variant.desired_count}
    else:
        # [C] no instances, and what is desired only while it differs; that it is shown then is a guess.
        shown |= {"CurrentInstanceCount": 0, "CurrentServerlessConfig": variant.serverless}
        if variant.desired_serverless != variant.serverless:
            shown["DesiredServerlessConfig"] = variant.desired_serverless
    for name in ("ManagedInstanceScaling", "RoutingConfig"):
        if name in variant.config:
            shown[name] = variant.config[name]
    if "InstancePools" in variant.config:
        shown["InstancePools"] = _pools(variant)
    if status:
        shown["VariantStatus"] = [{"Status": status}]
    return shown


def pending_summary(call: Call, variant: Variant, progress: Progress) -> Params:
    """A variant on its way. That it has no instances until the traffic shifts is a guess."""
    status, since = _stage(call.now, progress)
    shown = summary(call, variant, None)
    # [D SM ProductionVariantStatus] since when it has been at this stage; that AWS always returns it is a guess.
    shown["VariantStatus"] = [{"Status": status, "StartTime": call.time(since)}]
    if variant.serverless is None:
        shown["CurrentInstanceCount"] = 0 if status == "Creating" else variant.count
    if "InstanceType" in variant.config:
        shown["InstanceType"] = variant.config["InstanceType"]
    return shown


def early_summary(variant: Variant) -> Params:
    """A variant of an endpoint that is being created, where it is shown: it has neither weight nor instances yet."""
    return {"VariantName": variant.name, "VariantStatus": [{"Status": "Creating"}]}


def running_status(status: Status) -> str | None:
    """[D SM VariantStatus] A settled variant shows none. [C]"""
    return {Status.UPDATING: "Updating", Status.ROLLING_BACK: "Updating", Status.DELETING: "Deleting"}.get(status)


def _stage(now: float, progress: Progress) -> tuple[str, float]:
    """The stage and when it began. Thirds of the time: creating, activating traffic, baking; that is made up."""
    if progress.is_stuck or progress.work is Work.CREATE:
        return "Creating", progress.started
    third = max(progress.due - progress.started, 1e-9) / 3
    number = min(int((now - progress.started) / third), 2)
    return ("Creating", "ActivatingTraffic", "Baking")[number], progress.started + number * third


def _deployed_images(call: Call, config: Params) -> list[DeployedImage]:
    model = call.region.models.get(config.get("ModelName", "").lower())
    containers = containers_of(model.content) if model else []
    images = [container["Image"] for container in containers if "Image" in container]
    return [DeployedImage(image, _resolved(image), call.now) for image in images]


def _resolved(image: str) -> str:
    """The image by digest, which is made up from its name."""
    name = image.split("@")[0]
    repository = name.rsplit(":", 1)[0] if ":" in name.rsplit("/", 1)[-1] else name
    digest = image.split("@")[1] if "@" in image else f"sha256:{sha256(image.encode()).hexdigest()}"
    return f"{repository}@{digest}"


def _image(call: Call, image: DeployedImage) -> Params:
    return {
        "SpecifiedImage": image.specified,
        "ResolvedImage": image.resolved,
        "ResolutionTime": call.time(image.at),
    }


def _pools(variant: Variant) -> list[Params]:
    """All instances are in the pool of the highest priority: capacity never runs out here."""
    pools = sorted(variant.config["InstancePools"], key=lambda pool: int(pool["Priority"]))
    return [
        {
            "InstanceType": pool["InstanceType"],
            "CurrentInstanceCount": (variant.count or 0) if index == 0 else 0,
        }
        for index, pool in enumerate(pools)
    ]
