# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for all tests.

The commands that they start are those beside the Python that runs them, whatever shell it was started from. All
sessions of botocore share what it has read of its data, as all clients of a session do.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

import botocore.session

os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
botocore.session.create_loader = functools.cache(botocore.session.create_loader)
