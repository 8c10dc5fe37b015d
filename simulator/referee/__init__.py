# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""Watches runs, and objects if one does what no run may do.

Written from the rules alone, without knowledge of the tool under test.
"""
