#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes kernels/s390x and s390x.cpio, an initramfs with busybox and the modules of the NVMe driver, from the
# archive's packages for s390x. Of the kernel the newest version that can be downloaded: an archive may list one
# before it has it.
set -euo pipefail
. "$(dirname "$0")/../common.sh"
. "$(dirname "$0")/apt.sh"

use_apt s390x trixie
apt-get "${apt_options[@]}" update
rm -rf "$work/packages-s390x" "$work/tree-s390x"
mkdir -p "$work/packages-s390x" "$work/tree-s390x"
cd "$work/packages-s390x"
apt-get "${apt_options[@]}" download busybox-static
for kernel in $(apt-cache "${apt_options[@]}" pkgnames linux-image-6 | grep -- '-s390x$' | sort -rV); do
    ! apt-get "${apt_options[@]}" download "$kernel" || break
done
# No member is missing, or this ends here.
tree=$work/tree-s390x
dpkg-deb --fsys-tarfile linux-image-*.deb | tar -xC "$tree" --wildcards '*/vmlinuz*' '*/drivers/nvme/*'
dpkg-deb --fsys-tarfile busybox-static_*.deb | tar -xC "$tree" ./usr/bin/busybox
cp "$tree"/boot/vmlinuz* "$work/kernels/s390x"

mkdir -p "$tree/archive"/{bin,dev,proc,etc,sys,tmp,modules}
mv "$tree/usr/bin/busybox" "$tree/archive/bin/"
number=0
for module in common/nvme-keyring common/nvme-auth host/nvme-core host/nvme; do
    "$root/usr/bin/busybox" unxz -c "$tree"/usr/lib/modules/*/kernel/drivers/nvme/$module.ko.xz \
        >"$tree/archive/modules/$number-${module#*/}.ko"
    number=$((number + 1))
done
(cd "$tree/archive" && find . | "$root/usr/bin/busybox" cpio -o -H newc) >"$work/s390x.cpio"
cd "$work"
rm -rf "$work/packages-s390x" "$tree"
"$work/qemu-s390x" --version
"$work/qemu-s390x" -device vfio-user-pci,help >/dev/null
touch "$work/s390x.prepared"
