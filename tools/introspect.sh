#!/bin/sh
# What ansible-builder would put into an execution environment for the built collection, after it has read the definition
# for AWX. Building the image takes a container engine.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ansible-builder create --file "$root/examples/awx/execution-environment.yml" --context "$work/context" >/dev/null
ansible-galaxy collection install "$root" --no-deps --force -p "$work" >/dev/null
ansible-builder introspect "$work"
