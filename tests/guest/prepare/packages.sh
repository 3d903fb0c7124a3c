#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Downloads the packages, with all that they depend on, into build/guest/packages, with an apt that knows
# three suites and no installed package, and unpacks all but the kernels into build/guest/root.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/host_qemu.sh"
. "$(dirname "$0")/apt.sh"

use_apt amd64 bookworm trixie trixie-backports
apt-get "${apt_options[@]}" update

# The kernel image of a suite. Since 7.x the image has a package of its own, without the modules.
kernel_package() {
    local version image binary
    version=$(apt-cache "${apt_options[@]}" madison linux-image-cloud-amd64 |
        sed -nE "s/^[^|]*\| *([^ ]+) *\|.* $1\/main .*/\1/p" | head -n 1)
    image=$(apt-cache "${apt_options[@]}" show "linux-image-cloud-amd64=$version" |
        sed -nE 's/^Depends:.*(linux-image-[0-9][^ ,]*).*/\1/p' | head -n 1)
    binary=$(apt-cache "${apt_options[@]}" show "$image" |
        sed -nE 's/^Depends:.*(linux-binary-[0-9][^ ,]*).*/\1/p' | head -n 1)
    echo "${binary:-$image}"
}

wanted="busybox-static fio nvme-cli e2fsprogs util-linux mtools ovmf systemd-boot-efi"
host_qemu_is_new_enough x86_64 || wanted="$wanted qemu-system-x86"
host_qemu_is_new_enough s390x || wanted="$wanted qemu-system-s390x"
# Only libraries and data are of interest, nothing is configured.
needless='^(python3.*|libpython3.*|systemd|libsystemd-shared|dpkg|tar|passwd|adduser|tzdata|debconf)$'
# shellcheck disable=SC2086  # a list
closure=$(apt-get "${apt_options[@]}" install -s -t trixie-backports $wanted |
    sed -nE 's/^Inst ([^ ]+) .*/\1/p' | grep -vE "$needless")

mkdir -p "$work/packages/kernels" "$root"
cd "$work/packages"
# shellcheck disable=SC2086  # a list
apt-get "${apt_options[@]}" download -t trixie-backports $closure
printf '%s\n' ./*.deb | xargs -P 2 -I '{}' dpkg-deb -x '{}' "$root"

for name in 6.1=bookworm 6.12=trixie newest=trixie-backports; do
    package=$(kernel_package "${name#*=}")
    echo "$package" >"kernels/${name%%=*}"
done
cd kernels
# shellcheck disable=SC2046  # a list
apt-get "${apt_options[@]}" download $(sort -u 6.1 6.12 newest)
