# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run needs to know of the kind of resource that it manages, and what a list of options asks for."""

from __future__ import annotations

import typing as t

from .._aws.client import Api, CallFailed
from ..problems import InvalidInput, Problem, differing_only_in_case, join
from .plan import Finished, Made, Plan, ResourceId
from .requests import Options
from .tag_limits import tag_problems


class Named(t.Protocol):
    """What is desired of one resource."""

    @property
    def name(self) -> str:
        """The name by which results and messages call it."""

    @property
    def resource(self) -> ResourceId:
        """What plans call it."""


Desired = t.TypeVar("Desired", bound=Named)
Live = t.TypeVar("Live")


class Kind(t.Protocol[Desired, Live]):
    """One kind of resource: what is desired, what is live, and what leads from one to the other."""

    @property
    def services(self) -> tuple[str, ...]:
        """The AWS services that it calls, first the one whose resources it manages."""

    @property
    def ignores_case(self) -> bool:
        """Whether AWS takes two names that differ only in case for the same."""

    def desired(self, options: Options, is_for_deletion: bool) -> Desired:
        """What the options ask for; raises InvalidInput."""

    def read(
        self, api: Api, desired: t.Sequence[Desired], is_for_deletion: bool, made: t.Sequence[Made] = ()
    ) -> list[Live | CallFailed]:
        """What is live, in the order of *desired*; a CallFailed in the place of what could not be read.

        Of what this run has just *made*, the tags are those that were sent.
        """

    def plan(self, desired: Desired, live: Live) -> Plan:
        """How to get from *live* to *desired*; raises Refused."""

    def plan_absent(self, desired: Desired, live: Live) -> Plan:
        """How to delete it; raises Refused."""

    def follow_up(self, api: Api, finished: t.Sequence[Finished[Desired, Live]]) -> t.Iterable[Plan]:
        """What is left to do for all resources together whose plans have come to an end."""

    def facts(self, desired: Desired, live: Live, plan: Plan) -> Options:
        """Its name in AWS, its ARN and its state."""

    def options(self, desired: Desired, live: Live, plan: Plan) -> Options:
        """The resource in the module's own options; what is not made yet as it is planned."""


Entry = t.TypeVar("Entry")


def desired_of(
    kind: Kind[Desired, t.Any], entries: t.Sequence[Options], plural: str, is_for_deletion: bool
) -> list[Desired]:
    """What the entries ask for; raises InvalidInput with the problems of all of them.

    *plural* is the option that lists them, or empty where the options of one resource stand by themselves.
    """
    problems: list[Problem] = []
    found = by_name(
        entries,
        plural,
        lambda options: _desired(kind, options, is_for_deletion),
        lambda desired: desired.name,
        problems,
        repeated="is declared twice",
    )
    if kind.ignores_case:
        problems += [Problem(found[name][0], f'"{name}" {fault}') for name, fault in differing_only_in_case(found)]
    if problems:
        raise InvalidInput(problems)
    return [desired for _path, desired in found.values()]


def _desired(kind: Kind[Desired, t.Any], options: Options, is_for_deletion: bool) -> Desired:
    problems = [] if is_for_deletion else tag_problems(kind.services[0], options.get("tags"))
    try:
        desired = kind.desired(options, is_for_deletion)
    except InvalidInput as error:
        raise InvalidInput([*error.problems, *problems]) from error
    if problems:
        raise InvalidInput(problems)
    return desired


def by_name(
    entries: t.Sequence[Options],
    option: str,
    read: t.Callable[[Options], Entry],
    name_of: t.Callable[[Entry], str],
    problems: list[Problem],
    *,
    repeated: str = "is given twice",
) -> dict[str, tuple[str, Entry]]:
    """What *read* makes of each entry, with its path, by its name; what is wrong with them is added to *problems*.

    *option* is the list in which the entries stand, or empty; *read* may raise InvalidInput.
    """
    found: dict[str, tuple[str, Entry]] = {}
    for index, options in enumerate(entries):
        path = f"{option}[{index}]" if option else ""
        try:
            entry = read(options)
        except InvalidInput as error:
            problems += [Problem(_within(path, problem.path), problem.message) for problem in error.problems]
            continue
        name = name_of(entry)
        if name in found:
            problems.append(Problem(path, f'"{name}" {repeated}'))
        found[name] = path, entry
    return found


def _within(place: str, path: str) -> str:
    return join(place, path) if path else place
