# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""From HTTP to operations and back, for every protocol that botocore may choose."""
