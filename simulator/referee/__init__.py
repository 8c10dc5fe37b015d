# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Watches the runs of whatever manages endpoints here, and objects where one does what no run may do.

Written from the rules alone, and from nothing that a tool under test knows.
"""
