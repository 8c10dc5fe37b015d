#!/bin/sh
# ansible-test sanity on a copy of what would ship, in the layout that ansible-test insists on, with the ansible-core of
# the virtual environment $VENV.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
bin=${VENV:-$root/.venv}/bin
site=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
version=$("$bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ansible-test keeps its environments in the home folder, and fetches pip from outside the package registry to make them.
HOME=$root/.venv/ansible-test
export HOME
mkdir -p "$HOME/.ansible/test/cache"
for pip in 24_2 25_2; do cp "$root/tools/get_pip.py" "$HOME/.ansible/test/cache/get_pip_$pip.py"; done

"$bin/ansible-galaxy" collection install "$root" --no-deps --force -p "$work" >/dev/null
ln -s "$site/ansible_collections/amazon" "$work/ansible_collections/amazon"
cd "$work/ansible_collections/friendsofansible/sagemaker"
ANSIBLE_COLLECTIONS_PATH=$work PATH=$bin:$PATH "$bin/ansible-test" sanity --local --python "$version" --color no "$@" \
    >"$work/output" 2>&1 || { cat "$work/output"; exit 1; }
# A run that finds no files passes too.
if ! grep -q 'Running sanity test "validate-modules"' "$work/output"; then
    cat "$work/output"
    exit 1
fi
echo "ansible-test sanity: $(grep -c 'Running sanity test' "$work/output") tests passed"
