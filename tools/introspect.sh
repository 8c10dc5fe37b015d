#!/bin/sh
# What ansible-builder would put into an execution environment for the built collection.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ansible-galaxy collection install "$root" --no-deps --force -p "$work" >/dev/null
ansible-builder introspect "$work"
