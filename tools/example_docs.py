# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/examples.md from the files in examples/endpoints: ``python -m tools.example_docs``."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "examples.md"
ORDER = (
    "real-time",
    "office-hours",
    "steps",
    "serverless",
    "asynchronous",
    "two-variants",
    "shadow",
    "gpu-pools",
    "reserved",
    "models",
    "multi-model",
    "pipeline",
    "canary",
    "rolling",
    "alarms",
    "private",
    "capture",
    "new-members",
)
"""The commonest first."""
FILES = [ROOT / "examples" / "endpoints" / f"{name}.yml" for name in ORDER]

HEAD = """\
<!-- Written by tools/example_docs.py from the files in examples/endpoints. Change them there. -->
# An example for each kind of endpoint

Each example is a whole inventory and a file in `examples/endpoints`. The tests deploy each of them against the
simulator, change it, and destroy it. To see the plan for one:

```shell
ansible-playbook -i examples/basic/inventory.yml friendsofansible.sagemaker.plan -e @examples/endpoints/canary.yml
```

Replace role, images, S3 locations and topics with your own. [The inventory page](inventory.md) describes every key.
"""
_FORM = re.compile(r"---\n# (?P<title>.+)\n#\n(?P<text>(?:#.*\n)+)(?P<inventory>models:\n.*)", re.DOTALL)


class Example(t.NamedTuple):
    """A file, taken apart."""

    title: str
    text: str
    inventory: str


def read(file: Path) -> Example:
    """What a file says: its first comment is the title, the next one the text."""
    found = _FORM.fullmatch(file.read_text())
    if not found:
        raise ValueError(f"{file.name} does not begin with a title and a text in comments")
    text = re.sub(r"^# ?", "", found["text"], flags=re.MULTILINE)
    return Example(found["title"], text, found["inventory"])


def page() -> str:
    return "\n".join([HEAD, *map(_section, FILES)])


def _section(file: Path) -> str:
    example = read(file)
    path = file.relative_to(ROOT)
    fenced = f"```yaml\n{example.inventory}```\n"
    return f"## {example.title}\n\n{example.text}\n[{path}](../{path})\n\n{fenced}"


if __name__ == "__main__":
    PAGE.write_text(page())
