#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/uml/linux-buggy, whose NVMe driver has a bug for nvme-vp explore to find.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/kernel.sh" linux-buggy "$here/../trusts_interrupts.patch"
