# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Where AWS may answer in several ways: each choice that the simulator does not make by itself is a setting."""
