# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""A walk through a world that moves: runs with ever other intentions, faults, and others who act meanwhile."""
