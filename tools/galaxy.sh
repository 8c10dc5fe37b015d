#!/bin/sh
# Builds the collection, and lets Galaxy's importer judge it. ansible-test and ruff are checks of their own; flake8, which
# the importer leaves out by default, would complain of how ruff formats slices.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/galaxy
rm -rf "$build"
mkdir -p "$build"
cat > "$build/importer.cfg" <<'CONFIG'
[galaxy-importer]
run_ansible_test = False
run_ansible_doc = True
run_ansible_lint = True
offline_ansible_lint = True
run_flake8 = False
check_required_tags = True
check_changelog = True
CONFIG
ansible-galaxy collection build "$root" --output-path "$build" >/dev/null
cd "$build"
GALAXY_IMPORTER_CONFIG=$build/importer.cfg python -m galaxy_importer.main ./*.tar.gz
