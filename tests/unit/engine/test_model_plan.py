# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import typing as t

import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._aws.client import CallFailed
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.ownership import (
    DEPLOYMENT,
    DIGEST,
    GENERATION_OF,
    KEPT,
    Scope,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._engine.plan import (
    Effect,
    Plan,
    Refused,
    Step,
    rendered,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.generations import (
    LiveGeneration,
    generation_name,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model import (
    DesiredModel,
    LiveGenerations,
    ModelKind,
)
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model_removal import Users
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._resources.model_requests import (
    asked_for,
    normalised,
)
from ansible_collections.friendsofansible.sagemaker.tests.unit.engine.fakes import (
    ROLE,
    FakeAws,
    Options,
    all_found,
    arn,
    client_error,
    missing,
)

OURS = Scope("prod")
URL = "s3://bucket/model.tar.gz"
CONTAINER: Options = {"image": "image:1", "model_data_url": URL, "environment": {"TOKEN": "hush"}}
OPTIONS: Options = {"model_name": "demo", "execution_role_arn": ROLE, "primary_container": CONTAINER}
REQUEST: Options = {
    "ModelName": "demo",
    "ExecutionRoleArn": ROLE,
    "PrimaryContainer": {"Image": "image:1", "ModelDataUrl": URL, "Environment": {"TOKEN": "hush"}},
}
AS_DESCRIBED: Options = {
    "ModelName": "demo",
    "ExecutionRoleArn": ROLE,
    "EnableNetworkIsolation": False,
    "PrimaryContainer": {
        "Image": "image:1",
        "ImageConfig": {"RepositoryAccessMode": "Platform"},
        "Mode": "SingleModel",
        "ModelDataUrl": URL,
        "ModelDataSource": {
            "S3DataSource": {"S3Uri": URL, "S3DataType": "S3Object", "CompressionType": "Gzip", "ETag": "1"}
        },
        "AdditionalModelDataSources": [],
        "Environment": {"TOKEN": "hush"},
    },
}


def desired(scope: Scope = OURS, **options: t.Any) -> DesiredModel:
    return ModelKind(scope).desired({**OPTIONS, **options}, False)


def own_tags(model: DesiredModel) -> dict[str, str]:
    return dict(model.tags.wanted)


def live(request: Options, tags: dict[str, str], name: str = "demo") -> LiveGeneration:
    return LiveGeneration(name=name, arn=arn("model", name), request={**request, "ModelName": name}, tags=tags)


def family(*members: LiveGeneration, users: dict[str, set[str]] | None = None) -> LiveGenerations:
    return LiveGenerations(members, Users(users or {}, {}))


def planned(model: DesiredModel, found: LiveGenerations, scope: Scope = OURS) -> Plan:
    return ModelKind(scope).plan(model, found)


def calls(plan: Plan) -> list[tuple[str, t.Mapping[str, t.Any]]]:
    return [(step.operation, step.parameters) for step in plan.steps if isinstance(step, Step)]


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def test_a_missing_model_is_created_under_its_own_name() -> None:
    model = desired(tags={"team": "ml"})
    plan = planned(model, family())
    assert plan.effect is Effect.CREATE
    assert model.tags.wanted == {
        "managed-by": "Ansible",
        "team": "ml",
        DEPLOYMENT: "prod",
        DIGEST: model.digest,
        GENERATION_OF: "demo",
    }
    assert calls(plan) == [("CreateModel", {**REQUEST, "Tags": as_list(model.tags.wanted)})]
    assert plan.outcome == {"model_name": "demo"}
    assert {item.where for item in plan.differences} >= {
        "execution_role_arn",
        "containers[0].image",
        "containers[0].environment.TOKEN",
        "tags.team",
    }


EQUAL: list[tuple[str, Options, Options]] = [
    ("as it was sent", {}, REQUEST),
    ("as AWS describes it", {}, AS_DESCRIBED),
    (
        "one container in a list",
        {},
        {**{k: v for k, v in REQUEST.items() if k != "PrimaryContainer"}, "Containers": [REQUEST["PrimaryContainer"]]},
    ),
    (
        "the artifact spelled as a data source",
        {
            "primary_container": {
                **{key: value for key, value in CONTAINER.items() if key != "model_data_url"},
                "model_data_source": {
                    "s3_data_source": {"s3_uri": URL, "s3_data_type": "S3Object", "compression_type": "Gzip"}
                },
            }
        },
        AS_DESCRIBED,
    ),
    ("what AWS fills in, spelled out", {"enable_network_isolation": False}, AS_DESCRIBED),
    (
        "subnets in another order",
        {"vpc_config": {"subnets": ["b", "a"], "security_group_ids": ["y", "x"]}},
        {**AS_DESCRIBED, "VpcConfig": {"Subnets": ["a", "b"], "SecurityGroupIds": ["x", "y"]}},
    ),
]


@pytest.mark.parametrize(("options", "request_"), [row[1:] for row in EQUAL], ids=[row[0] for row in EQUAL])
def test_an_equal_model_is_left_alone(options: Options, request_: Options) -> None:
    model = desired(**options)
    tags = {key: value for key, value in own_tags(model).items() if key != DIGEST}
    plan = planned(model, family(live(request_, tags)))
    assert calls(plan) == [("AddTags", {"ResourceArn": arn("model", "demo"), "Tags": as_list({DIGEST: model.digest})})]
    plan = planned(model, family(live(request_, own_tags(model))))
    assert (plan.effect, plan.steps, plan.differences) == (Effect.NONE, (), ())
    assert plan.outcome == {"model_name": "demo"}


def test_the_digest_in_the_tag_proves_that_a_model_is_the_wanted_one_but_not_that_it_is_another() -> None:
    model = desired()
    assert planned(model, family(live({}, own_tags(model)))).effect is Effect.NONE
    other = own_tags(model) | {DIGEST: "0" * 64}
    plan = planned(model, family(live(REQUEST, other)))
    assert [item.where for item in plan.differences] == [f"tags.{DIGEST}"]
    assert plan.effect is Effect.TAGS
    assert planned(desired(enable_network_isolation=True), family(live(REQUEST, other))).effect is Effect.CREATE


def named(host: str | None, image: str = "image:1", **more: t.Any) -> DesiredModel:
    container = {**CONTAINER, "image": image, **({"container_hostname": host} if host else {}), **more}
    return desired(primary_container=container)


def test_a_word_makes_it_anew_once() -> None:
    before = named("main")
    again = desired(primary_container={**CONTAINER, "image": "image:1"}, redeploy="monday")
    plan = planned(again, family(live(before.request, own_tags(before))))
    assert plan.effect is Effect.CREATE
    assert plan.outcome["model_name"] == f"demo-{again.digest[:8]}"
    assert ("redeploy", None, "monday") in [(item.where, item.before, item.after) for item in plan.differences]
    made = live(again.request, own_tags(again))
    assert planned(again, family(made)).effect is Effect.NONE
    assert planned(before, family(made)).effect is Effect.TAGS, "without the word it stays as it is"


HOSTS = [(None, "main"), ("main", None), ("main", "other")]


@pytest.mark.parametrize(("before", "after"), HOSTS)
def test_the_host_name_of_an_only_container_makes_no_other_model(before: str | None, after: str | None) -> None:
    """[D ContainerDefinition] SageMaker ignores it. Only the digest depends on it, so that is renewed."""
    theirs, model = live(named(before).request, {}), named(after)
    plan = planned(model, family(theirs))
    assert (plan.effect, calls(plan)[0][0], plan.outcome) == (Effect.TAGS, "AddTags", {"model_name": "demo"})
    ours = live(named(before).request, own_tags(named(before)))
    plan = planned(model, family(ours))
    tags = as_list({DIGEST: model.digest})
    assert calls(plan) == [("AddTags", {"ResourceArn": arn("model", "demo"), "Tags": tags})]
    assert [item.where for item in plan.differences] == [f"tags.{DIGEST}"]
    settled = live(named(before).request, own_tags(named(before)) | {DIGEST: model.digest})
    for scope in (OURS, Scope("prod", trusts_tags=False)):
        assert planned(model, family(settled), scope).effect is Effect.NONE


@pytest.mark.parametrize(("before", "after"), HOSTS)
def test_what_aws_fills_in_does_not_hide_that_only_the_host_name_differs(before: str | None, after: str | None) -> None:
    filled_in = {"ImageConfig": {"RepositoryAccessMode": "Platform"}, "Mode": "SingleModel"}
    asked = named(before).request
    described = {**asked, "PrimaryContainer": asked["PrimaryContainer"] | filled_in}
    assert planned(named(after), family(live(described, own_tags(named(before))))).effect is Effect.TAGS
    asking = named(before, image_config={"repository_access_mode": "Platform"})
    assert planned(named(after), family(live(asking.request, own_tags(asking)))).effect is Effect.CREATE


def test_asking_for_what_aws_has_filled_in_makes_no_other_model() -> None:
    model = named(None, image_config={"repository_access_mode": "Platform"})
    plan = planned(model, family(live(AS_DESCRIBED, own_tags(named(None)))))
    assert [item.where for item in plan.differences] == [f"tags.{DIGEST}"]


def pinned(etag: str, source: Options) -> DesiredModel:
    data = {"model_data_source": {"s3_data_source": {**source, "e_tag": etag}}}
    return desired(primary_container={"image": "image:1", **data})


PACKED = {"s3_uri": URL, "s3_data_type": "S3Object", "compression_type": "Gzip"}
UNPACKED = {"s3_uri": "s3://bucket/model/", "s3_data_type": "S3Prefix", "compression_type": "None"}


@pytest.mark.parametrize("source", [PACKED, UNPACKED])
def test_a_model_whose_digest_left_the_etag_out_is_not_made_anew(source: Options) -> None:
    """That of versions before the ETag was part of a model; the tag is brought up to date in place."""
    wanted = pinned("5eb63bbb", source)
    without_etag = desired(primary_container={"image": "image:1", "model_data_source": {"s3_data_source": source}})
    before = own_tags(wanted) | {DIGEST: without_etag.digest}
    plan = planned(wanted, family(live(wanted.request, before)))
    assert (plan.effect, plan.outcome) == (Effect.TAGS, {"model_name": "demo"})
    assert [item.where for item in plan.differences] == [f"tags.{DIGEST}"]
    assert planned(pinned("another", source), family(live(wanted.request, before))).effect is Effect.CREATE


@pytest.mark.parametrize("source", [PACKED, UNPACKED])
def test_a_model_that_was_pinned_to_an_etag_is_made_anew_when_it_is_declared_no_more(source: Options) -> None:
    """AWS refuses a serverless endpoint with it, and other data under the same name."""
    before = pinned("5eb63bbb", source)
    wanted = desired(primary_container={"image": "image:1", "model_data_source": {"s3_data_source": source}})
    assert planned(wanted, family(live(before.request, own_tags(before)))).effect is Effect.CREATE


DRAFT = {"channel_name": "draft", "s3_data_source": UNPACKED}
ADAPTER = {"channel_name": "adapter", "s3_data_source": PACKED}


def with_data(*sources: Options) -> DesiredModel:
    return desired(primary_container={"image": "image:1", "additional_model_data_sources": list(sources)})


@pytest.mark.parametrize("tags", [{}, own_tags(with_data(DRAFT, ADAPTER))])
def test_the_order_of_additional_data_is_no_cause_of_a_new_generation(tags: dict[str, str]) -> None:
    there = live(with_data(DRAFT, ADAPTER).request, tags)
    assert planned(with_data(ADAPTER, DRAFT), family(there)).effect in (Effect.NONE, Effect.TAGS)
    other = {**ADAPTER, "s3_data_source": {**PACKED, "s3_uri": "s3://bucket/other.tar.gz"}}
    assert planned(with_data(other, DRAFT), family(there)).effect is Effect.CREATE
    assert planned(with_data(ADAPTER), family(live(there.request, own_tags(with_data(DRAFT, ADAPTER))))).effect is (
        Effect.CREATE
    )


def test_what_is_declared_no_more_is_reported_as_the_cause_of_the_new_generation() -> None:
    before = named(None, image_config={"repository_access_mode": "Platform"})
    plan = planned(named(None), family(live(before.request, own_tags(before))))
    assert plan.effect is Effect.CREATE
    assert [item.where for item in plan.differences if not item.where.startswith("tags")] == [
        "containers[0].image_config.repository_access_mode"
    ]


def test_what_aws_tells_of_additional_data_is_no_cause_of_a_new_generation() -> None:
    result = {**DRAFT, "s3_data_source": {**UNPACKED, "e_tag": "5eb63bbb"}}
    wanted = with_data(DRAFT)
    described = live(with_data(result).request, own_tags(wanted))
    assert planned(wanted, family(described)).effect is Effect.NONE
    assert asked_for(described.request, described.tags) == normalised(wanted.request) | {"ModelName": "demo"}


def test_the_host_name_of_an_only_container_is_no_cause_of_a_new_generation() -> None:
    plan = planned(named("main", "image:2"), family(live(named(None).request, own_tags(named(None)))))
    assert [item.where for item in plan.differences if not item.where.startswith("tags")] == ["containers[0].image"]
    new = planned(named("main"), family())
    assert "containers[0].container_hostname" in {item.where for item in new.differences}


def test_host_names_tell_the_containers_of_a_pipeline_apart() -> None:
    def pipeline(*hosts: str) -> DesiredModel:
        containers = [{**CONTAINER, "container_hostname": host} for host in hosts]
        return ModelKind(OURS).desired({"model_name": "demo", "containers": containers}, False)

    plan = planned(pipeline("a", "c"), family(live(pipeline("a", "b").request, own_tags(pipeline("a", "b")))))
    assert plan.effect is Effect.CREATE
    paths = [item.where for item in plan.differences if not item.where.startswith("tags")]
    assert paths == ["containers[1].container_hostname"]


def test_of_generations_that_differ_in_a_host_name_the_wanted_one_is_taken_or_else_the_newest() -> None:
    old = live(named("a").request, own_tags(named("a")))
    new = live(named("b").request, own_tags(named("b")), "demo-01234567")
    found = family(old, new)
    assert [planned(named(host), found).outcome["model_name"] for host in "abc"] == ["demo", new.name, new.name]


def test_only_tags_changed() -> None:
    model = desired(tags={"team": "ml"})
    plan = planned(model, family(live(AS_DESCRIBED, own_tags(desired()) | {"team": "old", "gone": "1"})))
    assert plan.effect is Effect.TAGS
    assert calls(plan) == [
        ("AddTags", {"ResourceArn": arn("model", "demo"), "Tags": as_list({"team": "ml"})}),
        ("DeleteTags", {"ResourceArn": arn("model", "demo"), "TagKeys": ["gone"]}),
    ]
    assert [item.where for item in plan.differences] == ["tags.team", "tags.gone"]


def test_a_changed_model_is_a_new_generation_beside_the_old() -> None:
    before, after = desired(), desired(primary_container={**CONTAINER, "image": "image:2"})
    plan = planned(after, family(live(AS_DESCRIBED, own_tags(before))))
    name = generation_name("demo", after.digest)
    ((operation, parameters),) = calls(plan)
    assert (plan.effect, operation, parameters["ModelName"]) == (Effect.CREATE, "CreateModel", name)
    assert parameters["PrimaryContainer"]["Image"] == "image:2"
    assert {"Key": GENERATION_OF, "Value": "demo"} in parameters["Tags"]
    assert plan.outcome == {"model_name": name}
    assert plan.notes == (f"new generation {name}",)
    changed = [(item.where, item.before, item.after) for item in plan.differences if not item.where.startswith("tags")]
    assert changed == [("containers[0].image", "image:1", "image:2")]


def test_a_generation_that_exists_is_used_again() -> None:
    before, after = desired(), desired(primary_container={**CONTAINER, "image": "image:2"})
    name = generation_name("demo", after.digest)
    newer = live({}, own_tags(after), name)
    plan = planned(after, family(live(AS_DESCRIBED, own_tags(before)), newer))
    assert (plan.effect, plan.steps, plan.outcome) == (Effect.NONE, (), {"model_name": name})
    plan = planned(before, family(live(AS_DESCRIBED, own_tags(before)), newer))
    assert (plan.effect, plan.steps, plan.outcome) == (Effect.NONE, (), {"model_name": "demo"})


def test_the_plain_name_is_taken_again_when_only_generations_are_left() -> None:
    old = live(AS_DESCRIBED, own_tags(desired()), "demo-01234567")
    plan = planned(desired(primary_container={**CONTAINER, "image": "image:2"}), family(old))
    assert plan.outcome == {"model_name": "demo"}


def test_a_generation_of_other_content_under_the_wanted_name_is_refused() -> None:
    after = desired(primary_container={**CONTAINER, "image": "image:2"})
    name = generation_name("demo", after.digest)
    impostor = live(AS_DESCRIBED, own_tags(desired()), name)
    with pytest.raises(Refused, match=f"{name} exists with different content"):
        planned(after, family(live(AS_DESCRIBED, own_tags(desired())), impostor))


def test_an_equal_model_without_our_tags_is_adopted() -> None:
    model = desired()
    plan = planned(model, family(live(AS_DESCRIBED, {"Owner": "terraform"})))
    assert plan.effect is Effect.TAGS
    added = model.tags.wanted | {KEPT: "4b1b"}
    assert calls(plan) == [("AddTags", {"ResourceArn": arn("model", "demo"), "Tags": as_list(added)})]


def test_an_equal_model_of_another_deployment_is_refused() -> None:
    theirs = own_tags(desired()) | {DEPLOYMENT: "test"}
    with pytest.raises(Refused, match='belongs to the deployment "test"'):
        planned(desired(), family(live(AS_DESCRIBED, theirs)))


def test_asking_for_the_default_of_what_aws_computes_is_a_change() -> None:
    containers = [{**CONTAINER, "container_hostname": "a"}, {**CONTAINER, "container_hostname": "b"}]
    model = ModelKind(OURS).desired(
        {"model_name": "demo", "containers": containers, "inference_execution_config": {"mode": "Serial"}}, False
    )
    direct = {**model.request, "InferenceExecutionConfig": {"Mode": "Direct"}}
    assert planned(model, family(live(direct, {}))).effect is Effect.CREATE


def absent(found: LiveGenerations, scope: Scope = OURS, released_by: t.Collection[str] = ()) -> Plan:
    kind = ModelKind(scope, released_by)
    return kind.plan_absent(kind.desired({"model_name": "demo"}, True), found)


def deletions(plan: Plan) -> list[str]:
    assert {operation for operation, _parameters in calls(plan)} <= {"DeleteModel"}
    return [parameters["ModelName"] for _operation, parameters in calls(plan)]


def test_all_our_generations_are_deleted() -> None:
    tags = own_tags(desired())
    plan = absent(family(live(AS_DESCRIBED, tags), live(REQUEST, tags, "demo-01234567")))
    assert plan.effect is Effect.DELETE
    assert deletions(plan) == ["demo", "demo-01234567"]
    assert [item.path for item in plan.differences] == [("generations", "demo"), ("generations", "demo-01234567")]
    assert all(item.after is None for item in plan.differences)


def test_what_is_gone_already_is_fine() -> None:
    plan = absent(family())
    assert (plan.effect, plan.steps) == (Effect.NONE, ())


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"managed-by": "Ansible"},
        {"managed-by": "Ansible", DEPLOYMENT: "test"},
        {"managed-by": "Ansible", DEPLOYMENT: "prod", GENERATION_OF: "other"},
    ],
)
def test_a_deployment_deletes_only_its_own(tags: dict[str, str]) -> None:
    plan = absent(family(live(AS_DESCRIBED, {GENERATION_OF: "demo"} | tags)))
    assert (plan.effect, plan.steps, plan.notes) == (Effect.NONE, (), ("demo skipped: not owned by this deployment",))


def test_without_deployment_the_named_model_goes_with_its_generations_that_no_deployment_owns() -> None:
    made = {"managed-by": "me", GENERATION_OF: "demo"}
    found = family(
        live(REQUEST, {}),
        live(REQUEST, {}, "demo-00000000"),
        live(REQUEST, made, "demo-01234567"),
        live(REQUEST, made | {DEPLOYMENT: "prod"}, "demo-11111111"),
    )
    plan = absent(found, Scope())
    assert deletions(plan) == ["demo", "demo-01234567"]
    assert plan.notes == tuple(f"demo-{n * 8} skipped: not owned by this deployment" for n in ("0", "1"))


@pytest.mark.parametrize("used", ["demo", "demo-01234567"])
def test_a_generation_in_use_is_not_deleted_and_neither_are_the_others(used: str) -> None:
    tags = own_tags(desired())
    members = (live(AS_DESCRIBED, tags), live(REQUEST, tags, "demo-01234567"))
    with pytest.raises(Refused, match=f"{used} is used by endpoint configuration a, b"):
        absent(family(*members, users={used: {"b", "a"}}))


def test_a_configuration_that_the_same_run_deletes_does_not_count() -> None:
    found = family(live(AS_DESCRIBED, own_tags(desired())), users={"demo": {"a", "b"}})
    assert deletions(absent(found, released_by=["a", "b"])) == ["demo"]
    with pytest.raises(Refused, match="used by endpoint configuration b"):
        absent(found, released_by=["a"])


def test_pruning_spares_the_generations_in_use_and_tells_which() -> None:
    tags = own_tags(desired())
    members = (live(AS_DESCRIBED, tags), live(REQUEST, tags, "demo-01234567"))
    found = family(*members, users={"demo": {"b", "a"}})
    plan = ModelKind(OURS, spares_used=True).plan_absent(desired(), found)
    assert (plan.effect, deletions(plan)) == (Effect.DELETE, ["demo-01234567"])
    assert plan.notes == ("kept: demo is used by endpoint configuration a, b",)


def test_environment_values_are_in_no_rendered_plan_and_no_result() -> None:
    before = desired(primary_container={**CONTAINER, "environment": {"TOKEN": "hush-old", "GONE": "hush-gone"}})
    after = desired(primary_container={**CONTAINER, "environment": {"TOKEN": "hush-new", "NEW": "hush-too"}})
    found = family(live(before.request, own_tags(before)))
    kind = ModelKind(OURS)
    plans = [kind.plan(after, family()), kind.plan(after, found)]
    for plan in plans:
        assert "hush" not in str(rendered(plan))
        assert "containers[0].environment.TOKEN: (hidden" in str(rendered(plan))
    result = [kind.options(after, family(), plans[0]), kind.options(before, found, kind.plan(before, found))]
    assert "hush" not in str(result)
    assert [options["primary_container"]["environment"]["TOKEN"] for options in result] == ["(hidden)"] * 2


def test_the_result_names_the_generation_and_its_arn_once_it_exists() -> None:
    kind = ModelKind(OURS)
    before, after = desired(), desired(primary_container={**CONTAINER, "image": "image:2"})
    old = live(AS_DESCRIBED, own_tags(before))
    plan = kind.plan(after, family(old))
    name = generation_name("demo", after.digest)
    assert kind.facts(after, family(old), plan) == {"model_name": name, "model_arn": None}
    made = live(after.request, own_tags(after), name)
    assert kind.facts(after, family(old, made), plan) == {"model_name": name, "model_arn": arn("model", name)}
    assert kind.options(after, family(old, made), plan)["primary_container"]["image"] == "image:2"


def description(name: str, created: int) -> Options:
    return {"ModelName": name, "ModelArn": arn("model", name), "CreationTime": created, "PrimaryContainer": {}}


def listed(*names: str) -> Options:
    return {"Models": [{"ModelName": name, "ModelArn": arn("model", name)} for name in names]}


def test_a_family_is_read_oldest_first_and_without_namesakes() -> None:
    models = {
        "demo": description("demo", 2),
        "demo-01234567": description("demo-01234567", 1),
        "demo-76543210": description("demo-76543210", 3),
    }
    aws = FakeAws(
        ListModels=listed("demo-76543210", "demo", "demo-01234567", "demo-model", "my-demo", "demo-0123456"),
        DescribeModel=lambda ModelName: models[ModelName],  # noqa: N803
        ListTags=lambda ResourceArn: {  # noqa: N803
            "Tags": [] if ResourceArn.endswith("76543210") else [{"Key": GENERATION_OF, "Value": "demo"}]
        },
    )
    (found,) = all_found(ModelKind(OURS).read(aws.api(), [desired()], False))
    assert [member.name for member in found.members] == ["demo-01234567", "demo"]
    assert len(aws.named("DescribeModel")) == 3
    assert aws.named("ListEndpoints") == []


def test_a_model_that_vanishes_while_it_is_read_is_not_there() -> None:
    aws = FakeAws(ListModels=listed("demo"), DescribeModel=missing("model"))
    (found,) = all_found(ModelKind(OURS).read(aws.api(), [desired()], False))
    assert found.members == ()


def test_a_refusal_to_read_one_family_leaves_the_others() -> None:
    def describe_model(ModelName: str) -> Options:  # noqa: N803
        if ModelName == "demo":
            raise client_error("AccessDeniedException", "no")
        return description(ModelName, 1)

    other = ModelKind(OURS).desired({**OPTIONS, "model_name": "other"}, False)
    aws = FakeAws(ListModels=listed("demo", "other"), DescribeModel=describe_model, ListTags={"Tags": []})
    first, second = ModelKind(OURS).read(aws.api(), [desired(), other], False)
    assert not isinstance(second, CallFailed)
    assert str(first) == "DescribeModel: AccessDeniedException: no"
    assert [member.name for member in second.members] == ["other"]


@pytest.mark.parametrize(
    ("names", "owner", "reads"), [((), "prod", 0), (("demo",), "prod", 1), (("demo",), "test", 0), (("demo",), "", 0)]
)
def test_users_are_read_only_when_something_is_to_be_deleted(names: tuple[str, ...], owner: str, reads: int) -> None:
    tags = {DEPLOYMENT: owner, GENERATION_OF: "demo"}
    aws = FakeAws(
        ListModels=listed(*names),
        DescribeModel=description("demo", 1),
        ListTags={"Tags": as_list(tags)},
        ListEndpointConfigs={"EndpointConfigs": []},
    )
    ModelKind(OURS).read(aws.api(), [desired()], True)
    assert len(aws.named("ListEndpointConfigs")) == reads
