# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of Sphinx; tools/site/build.py copies it to where the pages are."""

import gc

# Sphinx makes millions of objects and hardly any garbage: to look for some takes a quarter of its time.
gc.disable()

project = "friendsofansible.sagemaker"
extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = project
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
# Links into the documentation of Ansible itself are not looked up, so that the site is built without a network.
suppress_warnings = ["ref.ref"]
