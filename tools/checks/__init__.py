# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Galaxy, Automation Hub, AWX and the users' versions of Ansible will check, in one table: ``make checks``."""
