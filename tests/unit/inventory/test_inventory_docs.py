# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import botocore
import pytest
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.endpoint_keys import INVENTORY
from ansible_collections.friendsofansible.sagemaker.plugins.module_utils._inventory.schema import leaves
from ansible_collections.friendsofansible.sagemaker.tools import inventory_docs


def test_the_page_is_up_to_date() -> None:
    written = inventory_docs.PAGE.read_text()
    if f"botocore {botocore.__version__};" not in written:
        pytest.skip("the page states the limits of another botocore")
    assert written == inventory_docs.page(), "run: python tools/inventory_docs.py"


def test_every_leaf_is_on_the_page() -> None:
    page = inventory_docs.page()
    for path, key in leaves(INVENTORY):
        parent = path.rpartition(".")[0]
        section = page.partition(f"## `{parent}`\n" if parent else "## The three parts\n")[2].partition("\n## ")[0]
        assert f"`{key.name}`" in section, path
        assert key.help.replace("|", "\\|") in section, path
        assert all(member.operation in section for member in key.members), path
        if len(key.members) == 1:
            assert str(key.members[0]) in section, path
