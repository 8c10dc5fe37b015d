#!/bin/sh
# Prepares a release: sets the version, writes the changelog from the fragments, builds, checks, commits and tags.
# Publishes nothing: push the commit and the tag, and `ansible-galaxy collection publish` the tarball, when it is right.
set -eu
version=${1:?usage: make release VERSION=1.0.0}
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
if [ -n "$(git status --porcelain)" ]; then
    echo "There are changes that are not committed." >&2
    exit 1
fi
sed -i.bak "s/^version: .*/version: $version/" galaxy.yml
sed -i.bak "s/^VERSION = .*/VERSION = \"$version\"/" plugins/module_utils/version.py
rm galaxy.yml.bak plugins/module_utils/version.py.bak
antsibull-changelog release --version "$version"
# What it keeps for the next time is no YAML that the linters accept, and belongs in no commit.
rm -f changelogs/.plugin-cache.yaml
if [ "${2:-}" = prepare ]; then
    exit 0
fi
make lint
python -m tools.checks galaxy-importer
git add --all
git commit --quiet --message "Release $version"
git tag --annotate --message "Release $version" "v$version"
echo "Committed and tagged v$version; the tarball is build/galaxy/friendsofansible-sagemaker-$version.tar.gz."
