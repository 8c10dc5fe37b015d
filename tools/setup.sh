#!/bin/sh
# Makes .venv: every development dependency, and this checkout linked in as the collection it is.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/.venv
python=$venv/bin/python
stamp=$venv/.installed

wanted=$(cat "$root/requirements-dev.txt" "$0" | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi

echo "setting up $venv"
"${PYTHON:-python3}" -m venv --clear "$venv"
if "$python" -m pip install --quiet --disable-pip-version-check uv; then
    "$venv/bin/uv" pip install --quiet --python "$python" --link-mode copy -r "$root/requirements-dev.txt"
else
    "$python" -m pip install --quiet --disable-pip-version-check -r "$root/requirements-dev.txt"
fi

site=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# uv writes no bytecode; without it every module start would compile these again.
"$python" -m compileall -q -j0 "$site/ansible" "$site/boto3" "$site/botocore" "$site/moto" \
    "$site/ansible_collections/amazon/aws" >/dev/null || true

mkdir -p "$venv/collections/ansible_collections/friendsofansible"
ln -sfn "$root" "$venv/collections/ansible_collections/friendsofansible/sagemaker"
echo "$venv/collections" > "$site/friendsofansible_sagemaker.pth"
echo "$wanted" > "$stamp"
