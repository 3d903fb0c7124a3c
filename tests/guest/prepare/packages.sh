#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Downloads the packages, with all that they depend on, into build/guest/packages, with an apt that knows
# three suites and no installed package, and unpacks all but the kernels into build/guest/root.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/host_qemu.sh"

archive=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' |
    grep '/debian/\?$' | head -n 1) || true
[ -n "$archive" ] || { echo "no Debian archive is configured"; exit 1; }

apt=$work/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
: >"$apt/status"
for suite in bookworm trixie trixie-backports; do
    echo "deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main"
done >"$apt/sources.list"
options=(-q -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status"
    -o "Dir::Cache=$apt" -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin
    -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Sandbox::User=root
    -o APT::Install-Recommends=false -o APT::Update::Post-Invoke-Success= -o Acquire::Languages=none
    -o Acquire::Retries=3)
apt-get "${options[@]}" update

# The kernel image of a suite. Since 7.x the image has a package of its own, without the modules.
kernel_package() {
    local version image binary
    version=$(apt-cache "${options[@]}" madison linux-image-cloud-amd64 |
        sed -nE "s/^[^|]*\| *([^ ]+) *\|.* $1\/main .*/\1/p" | head -n 1)
    image=$(apt-cache "${options[@]}" show "linux-image-cloud-amd64=$version" |
        sed -nE 's/^Depends:.*(linux-image-[0-9][^ ,]*).*/\1/p' | head -n 1)
    binary=$(apt-cache "${options[@]}" show "$image" |
        sed -nE 's/^Depends:.*(linux-binary-[0-9][^ ,]*).*/\1/p' | head -n 1)
    echo "${binary:-$image}"
}

wanted="busybox-static fio nvme-cli e2fsprogs util-linux mtools ovmf systemd-boot-efi"
host_qemu_is_new_enough || wanted="$wanted qemu-system-x86"
# Only libraries and data are of interest, nothing is configured.
needless='^(python3.*|libpython3.*|systemd|libsystemd-shared|dpkg|tar|passwd|adduser|tzdata|debconf)$'
# shellcheck disable=SC2086  # a list
closure=$(apt-get "${options[@]}" install -s -t trixie-backports $wanted |
    sed -nE 's/^Inst ([^ ]+) .*/\1/p' | grep -vE "$needless")

mkdir -p "$work/packages/kernels" "$root"
cd "$work/packages"
# shellcheck disable=SC2086  # a list
apt-get "${options[@]}" download -t trixie-backports $closure
printf '%s\n' ./*.deb | xargs -P 2 -I '{}' dpkg-deb -x '{}' "$root"

for name in 6.1=bookworm 6.12=trixie newest=trixie-backports; do
    package=$(kernel_package "${name#*=}")
    echo "$package" >"kernels/${name%%=*}"
done
cd kernels
# shellcheck disable=SC2046  # a list
apt-get "${options[@]}" download $(sort -u 6.1 6.12 newest)
