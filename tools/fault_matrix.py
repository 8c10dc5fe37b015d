# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the fault matrix and prints it; --docs writes docs/fault-matrix.md, --whole (minutes) plays all journeys."""

from __future__ import annotations

import argparse
import sys
import typing as t
from pathlib import Path

import pytest

from simulator.process import running
from tests.scenarios.fault_kinds import KINDS, FaultKind
from tests.scenarios.fault_matrix import OUTCOMES, BrokenPromise, Cell, cells, new_world, play, tracks
from tests.scenarios.journeys import Call
from tests.scenarios.seen_faults import SEEN, SeenFault

PAGE = Path(__file__).resolve().parents[1] / "docs" / "fault-matrix.md"
SIGNS = dict(zip(OUTCOMES, ("converges", "warns", "fails", "replace"), strict=True))
_NEVER = "\N{EN DASH}"
_PROGRESS_EVERY = 100

Outcomes = dict[tuple[Call, str], set[str]]

_HEAD = """# What happens when a call to AWS fails

This page shows every operation that the collection calls, and what happens when one call of it fails in each possible
way, on the simulator. `python -m tools.fault_matrix --docs` wrote it from {count} cells. Each cell was played in the
first run that makes the call; with `--whole`, in every run that makes it. The tests play a part of them.

{legend}

The following holds in every cell:

- The run ends without a traceback.
- An error names its resource and, unless another actor causes the fault, the operation.
- `changed` is true if and only if AWS has accepted a write. After a write without a response it may be either.
- A denied read causes no write that would not have been made anyway.
- The run after the next one writes nothing.

In these runs the clients do not retry: a throttled call stands for a call that botocore has given up. If a cell has two
words, the operation is called for different purposes. Users have clients that retry. With those, a run converges when
each of CreateModel, CreateEndpointConfig, CreateEndpoint, RegisterScalableTarget and PutMetricAlarm, or UpdateEndpoint,
is throttled once, is refused with 503, loses its connection before or after it took effect, or is too slow; separate
tests check this.
"""
_LEGEND = {
    "converges": "the run continues and reaches what is declared",
    "warns": "the same, with a warning about what was left out",
    "fails": "one clear error; the next run reaches what is declared",
    "replace": "one clear error; the next run refuses until `allow_replace` allows an outage, and then converges",
}

WALKS = """
## Random histories

`python -m tests.walk` plays random histories: runs with changing inventories, while calls fail, runs are killed, other
people and Application Auto Scaling change the endpoints, and the tag index is late. Every key of the schema is drawn,
and so are runs of some parts, rollbacks, and modules for one kind of resource. A referee in the simulator objects to
every write that breaks a rule of the collection. At the end of each history nothing fails any more: one run has to
reach what is declared, and the next one must not write anything.

At the end of each history, an export is planned as well, and has to change nothing but tags of the collection.

The latest 5,307 runs, in 761 histories, ended without an objection: `--runs 2650 --seed 900000` and
`--runs 2650 --seed 910000`, both with the same code. Before that, each batch with an objection was corrected, and the
next batch drew other histories.

The histories that ended in an objection are kept in `tests/walk/kept`, and the tests play them again. They showed the
following faults, which have been corrected:

- 30418, in use: a model was deleted while an endpoint was created with a configuration that somebody had deleted
- 50254, capacity: an endpoint whose configuration somebody had deleted was replaced by one with fewer instances
- 50391, planned: check mode did not show the deletion of a policy that a killed run had not restored yet
- 70242, capacity: a rollback restored a maximum capacity below the instance count that somebody had set meanwhile
- 200262, capacity: an endpoint that was created again from a kept configuration started with its former count
- 400074, scaling: a run that does not wait restored a step policy, and its alarms still called the former ARN
- 500113, capacity: a renamed scaled variant began with its minimum if a shadow variant was added in the same run
- 510035, capacity: after a rollback, a run lowered a count that somebody had raised
- 520156, capacity: a rollback to a configuration without provisioned concurrency removed that of the endpoint
- 570008, in use: a model that an instance pool uses was deleted, after somebody had deleted the configuration
- 580167, converges: a model kept the ETag that its inventory no longer declared, and AWS refused a serverless endpoint
- 700004, converges: an asynchronous endpoint was replaced by a real-time one, and AWS refused its minimum of 0 there
- 700084, scaling: a run that only removed a protection did not report missing scaling, and deleted alarms
- 710105, converges: a destroy left alarms that only an earlier inventory declared, and failed on a composite one
- 730061, converges: a value of `redeploy` that was removed and set again failed
- 800188, converges: an export did not tell which old generations of a model an apply of it deletes
- 810003, capacity: a count that came down after a run that did not wait was lowered again by the next run
- 820350, planned: an alarm that goes was pointed to a restored policy after a failed update, which no plan showed
- 840180, scaling: a minimum of 0 became 1 in a run without scaling, where the inventory declares 2
- 860163, in service: prune deleted what check mode had not shown, because the tag index gave no answer in the run
- 890081, capacity: scaling was registered again with a maximum below the count that somebody had set

Other objections were mistakes of the referee or of the walk itself: 30126, 30597, 30606, 110031, 320196, 331060,
331193, 340025, 350019, 410248, 520370, 530354, 530384, 550173, 570085, 580066, 800198 and 850349.

`python -m tests.walk --aftermaths 1` plays a list of histories instead: each way in which a run can leave scaling or an
endpoint missing, followed by each act with each of nine inventories; with a number N, every Nth of them. It found four
faults of the collection, which have been corrected:

- A run over scaling alone registered a target without its former suspension, policies and schedules.
- After AWS had refused to create the replacement of an endpoint, it was created with fewer instances.
- Alarms that call a missing policy were not named.
- An old generation was deleted one run late, which check mode did not show.

The whole list, 25,515 runs in 5,103 histories, has ended without an objection since.
"""
"""Written by hand from what `python -m tests.walk` prints."""


def seen_faults() -> str:
    """The section on faults that the collection once had."""
    head = """
## Faults that were seen

Earlier versions did the following when others acted, AWS refused a call, or an inventory changed after a failure. Tests
in `tests` cover each:

"""
    return head + "\n".join(f"{number}. {_line_of(each)}" for number, each in enumerate(SEEN, 1)) + "\n"


def _line_of(fault: SeenFault) -> str:
    tests = sorted({test.partition("::")[0] for test in fault.tests})
    return f"{fault.was} Now: {fault.now} (`{'`, `'.join(tests)}`)"


def played(found: t.Iterable[tuple[Cell, str]]) -> Outcomes:
    outcomes: Outcomes = {}
    for cell, outcome in found:
        outcomes.setdefault((cell.call, cell.kind.name), set()).add(SIGNS[outcome])
    return outcomes


def page(outcomes: Outcomes, count: int) -> str:
    legend = "\n".join(f"- **{word}**: {meaning}" for word, meaning in _LEGEND.items())
    calls = sorted({call for call, _kind in outcomes})
    head = [_HEAD.format(count=count, legend=legend), _line(["Operation", *(kind.name for kind in KINDS)])]
    rows = [_line([f"{operation} ({service})", *_row(outcomes, (service, operation))]) for service, operation in calls]
    return "\n".join([*head, _line(["---"] * (len(KINDS) + 1)), *rows, "", *_reasons(calls)]) + seen_faults() + WALKS


def _row(outcomes: Outcomes, call: Call) -> list[str]:
    return [_NEVER if kind.cannot(call) else " / ".join(sorted(outcomes[call, kind.name])) for kind in KINDS]


def _line(texts: list[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _reasons(calls: list[Call]) -> list[str]:
    """Why there are cells that were not played."""
    lines = [f"{_NEVER} cannot occur:", ""]
    for kind in KINDS:
        for reason in dict.fromkeys(kind.cannot(call) for call in calls if kind.cannot(call)):
            lines.append(f"- {kind.name}: the operation {reason}")
    return [*lines, ""]


def rows_of(text: str) -> dict[tuple[str, str], str]:
    """What a page says, by operation and fault."""
    table = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    (_first, *kinds), _rule, *rows = table
    return {(row[0], kind): word for row in rows for kind, word in zip(kinds, row[1:], strict=True)}


def label(call: Call, kind: FaultKind) -> tuple[str, str]:
    return f"{call[1]} ({call[0]})", kind.name


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    found: list[tuple[Cell, str]] = []
    broken: list[str] = []
    with running() as simulator, pytest.MonkeyPatch.context() as patch:
        world = new_world(simulator, patch)
        known = tracks(world)
        undisturbed = {track.journey.name: track for track in known}
        chosen = cells(known, options.whole)
        for number, cell in enumerate(chosen):
            if number % _PROGRESS_EVERY == 0:
                print(f"{number} of {len(chosen)} cells", file=sys.stderr, flush=True)
            try:
                found.append((cell, play(world, cell, undisturbed[cell.journey.name])))
            except BrokenPromise as broke:
                broken.append(f"{cell}: {broke}")
                print(broken[-1], file=sys.stderr, flush=True)
    if broken:
        return 1
    text = page(played(found), len(found))
    if options.docs:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
