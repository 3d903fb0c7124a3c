#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what building, testing and the demo need, from Debian 12's own packages. Does nothing when
# all of them are there. As root, or through sudo.
set -eu

packages="g++ cmake ninja-build pkg-config
  libsystemc-dev libboost-dev libboost-iostreams-dev libboost-program-options-dev
  nlohmann-json3-dev libgtest-dev libnvme-dev libsqlite3-dev e2fsprogs gnuplot-nox libjs-dygraphs"

missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" != 0 ]; then
    sudo=sudo
    command -v sudo >/dev/null || { echo "run as root: missing$missing" >&2; exit 1; }
fi
echo "installing:$missing"
$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086  # a list of package names
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
