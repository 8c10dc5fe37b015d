# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that the collection once had when other actors made changes, and the tests that prevent each."""

from __future__ import annotations

from typing import NamedTuple


class SeenFault(NamedTuple):
    """*tests* are below the folder of the tests, as `file::test`, with the name of the case where it has many."""

    was: str
    now: str
    tests: tuple[str, ...]


_MOVING, _TROUBLE, _PRUNE = (f"scenarios/test_{each}.py::" for each in ("moving_world", "trouble", "prune"))
_CAPACITY = f"{_MOVING}test_what_serves_is_not_lowered_unless_the_inventory_says_so"
_POLICIES, _COMPOSITE = "scenarios/test_scaling_policies.py::", "scenarios/test_composite_alarms.py::"
_OWNERSHIP, _TAKEN_OVER = "scenarios/test_ownership.py::", "scenarios/test_taken_over.py::"

SEEN = (
    SeenFault(
        "A blank name of the deployment, with prune or destroy, deleted endpoints of others.",
        "A blank name, or one that AWS does not take for a tag, is refused before the first call.",
        (
            "integration/test_bad_input.py::test_a_playbook_asks_nobody_where_a_name_is_blank",
            "integration/test_bad_input.py::test_no_module_takes_a_blank_name_for_none",
            "unit/engine/test_preconditions.py::test_what_aws_would_not_take_for_a_tag_is_no_deployment",
            f"{_PRUNE}test_who_has_no_name_prunes_and_destroys_nothing",
        ),
    ),
    SeenFault(
        "Autoscaling declared for a variant, or its target deregistered by hand, set the variant to one instance.",
        "The count of a scaled variant is never set; once `auto_scaling` is gone, the plan says `30 → 1 instances`.",
        (
            f"{_CAPACITY}[autoscaling is declared on a variant with more instances than its minimum]",
            f"{_CAPACITY}[the target was deregistered by hand under live instances]",
            f"{_CAPACITY}[autoscaling is no longer declared: the declared count counts, and the plan shows it]",
        ),
    ),
    SeenFault(
        "An update that AWS refused removed autoscaling without saying so, and the next inventory lost it for good.",
        "The run restores it at once; what is saved is looked for on every generation, and merged.",
        (
            f"{_MOVING}test_a_refused_update_puts_scaling_back_at_once_and_says_so",
            f"{_MOVING}test_whatever_comes_after_a_recovery_that_failed_brings_all_back",
            f"{_MOVING}test_two_notes_become_one",
        ),
    ),
    SeenFault(
        "Two hosts of a play with the same account, region and deployment pruned each other.",
        "Prune needs a name that the user gave, and is refused if another host has the same three.",
        (
            "integration/test_rivals.py::test_hosts_that_mean_the_same_do_not_prune_each_other",
            "integration/test_prune.py::test_nobody_prunes_without_a_name",
        ),
    ),
    SeenFault(
        "A rollback deployed what had failed or never served, a second one went forward, and only that was kept.",
        "A configuration is marked when its rollout is verified; a rollback leads only to older marked ones.",
        (
            f"{_MOVING}test_after_a_refused_update_there_is_no_way_to_what_never_served",
            f"{_MOVING}test_after_an_update_that_aws_rolled_back_the_way_leads_to_what_served_before",
            f"{_MOVING}test_what_is_kept_has_served",
            f"{_MOVING}test_a_bad_one_that_was_rolled_back_is_no_way_back_later",
            "scenarios/test_rollback.py::test_where_there_is_no_way_back_nothing_is_done",
        ),
    ),
    SeenFault(
        "Runs relied on tags that were late: somebody else's model was deployed, tags stayed, instances were removed.",
        "Only tags that never change are relied on, and only for objects that are older than the index can lag.",
        (
            f"{_MOVING}test_a_model_that_somebody_else_made_again_is_not_taken_for_ours",
            f"{_MOVING}test_tags_that_change_and_change_back_are_what_the_inventory_says",
            f"{_MOVING}test_scaling_that_was_noted_on_an_old_configuration_comes_back",
            f"{_PRUNE}test_what_the_index_says_is_ours_and_others_have_made_again_is_theirs",
            "scenarios/test_destroy.py::test_what_was_given_to_another_deployment_stays_though_the_index_is_late",
        ),
    ),
    SeenFault(
        "Renaming a policy, or swapping the metrics of two, failed in every run.",
        "Policies are put in the order that AWS allows, and restored if the second call fails.",
        (
            f"{_POLICIES}test_scenario[a policy is renamed]",
            f"{_POLICIES}test_scenario[two policies swap their metrics]",
            f"{_POLICIES}test_scenario[somebody else has put a policy for the metric]",
            f"{_POLICIES}test_what_made_way_comes_back_when_the_other_is_refused",
            "unit/engine/test_policy_order.py::test_every_state_on_the_way_is_one_that_aws_allows",
        ),
    ),
    SeenFault(
        "An alarm that a composite alarm depends on made its endpoint fail in every run, and stopped prune.",
        "Only that alarm fails, with the composite alarm named; more than 100 alarms are deleted in several calls.",
        (
            f"{_COMPOSITE}test_an_alarm_that_is_declared_no_more_fails_alone",
            f"{_COMPOSITE}test_a_rollout_goes_on_although_the_alarm_of_its_endpoint_stays",
            f"{_COMPOSITE}test_more_alarms_than_one_call_takes",
        ),
    ),
    SeenFault(
        "With a `managed-by` tag of the user's own, no generation was ever deleted, and prune did nothing.",
        "Ownership rests on the tag of the deployment alone.",
        (
            f"{_OWNERSHIP}test_old_generations_and_what_is_declared_no_more_go_whatever_managed_by_says",
            f"{_OWNERSHIP}test_a_change_of_managed_by_is_a_change_of_tags_and_gives_nothing_away",
            f"{_OWNERSHIP}test_destroying_goes_by_the_deployment_too",
        ),
    ),
    SeenFault(
        "An endpoint that Application Auto Scaling or AWS had made busy failed.",
        "The run waits until it is stable, reads and plans again, also after a throttled first attempt.",
        (
            f"{_MOVING}test_an_endpoint_that_became_busy_is_waited_for_and_planned_again",
            f"{_MOVING}test_an_endpoint_that_became_busy_is_deleted_once_it_has_settled",
            "unit/engine/test_overtaken.py::test_the_resource_is_to_be_planned_again",
        ),
    ),
    SeenFault(
        "A rollback, or an update to a kept configuration, brought back an old serverless concurrency.",
        "The live concurrency is kept as instance counts are.",
        (
            f"{_MOVING}test_a_rollback_keeps_the_live_concurrency",
            f"{_CAPACITY}[a kept configuration with less concurrency than is live is not the one to serve]",
            f"{_CAPACITY}[serverless concurrency that somebody raised does not dip when the memory changes]",
        ),
    ),
    SeenFault(
        "A step policy came back with a new ARN, and the alarm that had called it called nothing.",
        "Every alarm that called it, whoever owns it, is updated to the new ARN, or named.",
        (
            "scenarios/test_step_policies.py::test_scenario[another instance type]",
            "scenarios/test_step_policies.py::test_scenario[somebody else's alarm that the run may not write]",
            "scenarios/test_step_policies.py::test_the_way_back_repoints_too",
        ),
    ),
    SeenFault(
        "A replacement dropped schedules and suspensions; a run at night undid what a schedule had set.",
        "All is restored; bounds that a schedule in force has set are left, and the plan says so.",
        (
            f"{_MOVING}test_a_replacement_brings_scaling_back_as_it_was",
            f"{_MOVING}test_scaling_that_a_replacement_loses_is_named",
            f"{_MOVING}test_what_a_schedule_has_set_is_left_and_said",
            "scenarios/test_schedules.py::test_the_bounds_are_the_schedules_while_they_are_as_it_set_them",
        ),
    ),
    SeenFault(
        "Adopting a serverless variant renamed it, and a host name alone cost a rollout.",
        "A variant keeps its live name unless the inventory names one; every redeploy names its cause.",
        (
            "scenarios/test_kept_names.py::test_scenario[a variant of another name is taken over with it]",
            f"{_TAKEN_OVER}test_scenario[a container with another host name]",
            "scenarios/test_causes.py::test_the_plan_names_the_class_and_the_cause",
        ),
    ),
    SeenFault(
        "An endpoint with inference components was to be redeployed as an ordinary one.",
        "It is another kind of endpoint, and refused as such.",
        (f"{_TAKEN_OVER}test_scenario[an endpoint for inference components]",),
    ),
    SeenFault(
        "An endpoint of nobody's deployment that had the same name was taken over, and lost its tags.",
        "It is adopted only with `adopt: true`, unless it is equal; tags of others stay unless `purge_tags` is set.",
        (
            f"{_OWNERSHIP}test_what_nobody_owns_and_differs_is_changed_only_with_adopt",
            f"{_OWNERSHIP}test_equal_ones_are_adopted_and_the_tags_of_their_owner_stay_for_good",
            f"{_OWNERSHIP}test_their_tags_go_when_purge_tags_is_asked_for",
        ),
    ),
    SeenFault(
        "Scaling to 0 that nothing could end was silent, a deleted configuration led to an outage, others cost calls.",
        "A warning; the configuration is created again first; candidates come from the tags of the deployment.",
        (
            "unit/inventory/test_lint.py::test_no_policy_sees_an_endpoint_without_instances",
            "scenarios/test_lost_config.py::test_scenario[nothing else has changed]",
            f"{_PRUNE}test_what_others_have_costs_nothing_unless_something_goes",
        ),
    ),
    SeenFault(
        "The export asked the region and account of the environment rather than those of the host.",
        "Every playbook and action connects in one way, and the file says where it is from.",
        (
            "integration/test_regions.py::test_every_playbook_goes_where_each_host_is",
            "integration/test_export.py::test_hosts_export_what_they_have_where_they_are",
            "integration/test_export.py::test_each_host_gets_a_file_of_its_own",
        ),
    ),
    SeenFault(
        "`endpoint:` for `endpoints:` was an inventory without endpoints, and prune deleted the fleet.",
        "Prune without the key is refused, and a variable one letter away from ours is an error.",
        (
            "integration/test_prune.py::test_a_slip_in_the_name_of_the_endpoints_deletes_none",
            "integration/test_bad_input.py::test_a_slip_in_a_name_is_reported_before_anything_is_sent",
            "unit/action/test_slips.py::test_a_run_that_prunes_has_to_say_which_endpoints_are_left",
        ),
    ),
    SeenFault(
        "Ansible masked what a module returned where a word of it was a secret, and the controller failed.",
        "Nothing that steers a run is read from text that may be masked.",
        (
            "integration/test_secrets.py::test_no_secret_key_changes_what_a_run_does",
            "unit/engine/test_sealed.py::test_no_secret_changes_what_steers_a_run",
        ),
    ),
)  # fmt: skip
