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
requirements=$root/requirements-dev.txt
# The machine's own certificates, so that it works behind a proxy that has one; where uv cannot, pip can, only slower.
if ! "$python" -m pip install --quiet --disable-pip-version-check uv ||
    ! "$venv/bin/uv" pip install --quiet --system-certs --python "$python" --link-mode copy -r "$requirements"; then
    echo "uv could not install the requirements; pip does"
    "$python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
fi

site=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# uv writes no bytecode; without it every module start would compile these again.
"$python" -m compileall -q -j0 "$site/ansible" "$site/boto3" "$site/botocore" "$site/moto" \
    "$site/ansible_collections/amazon/aws" >/dev/null || true

mkdir -p "$venv/collections/ansible_collections/friendsofansible"
ln -sfn "$root" "$venv/collections/ansible_collections/friendsofansible/sagemaker"
echo "$venv/collections" > "$site/friendsofansible_sagemaker.pth"
echo "$wanted" > "$stamp"
