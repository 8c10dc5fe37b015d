# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: Contributors to the friendsofansible.sagemaker collection
"""A strict stand-in for AWS that runs on a laptop: SageMaker inference, Application Auto Scaling, CloudWatch alarms."""
