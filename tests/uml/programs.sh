#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A real Linux in simulated time with the tools of the trade: a tour with nvme-cli, fio one at a time and, by
# io_uring and with verification, 32 at a time.
#
#   tests/uml/programs.sh PROGRAM
set -euo pipefail
. "$(dirname "$0")/common.sh"
begin "$1"
need_programs
steps=tour,fio_psync,fio_uring
boot run $steps
[ "$code" = 0 ] || { cat "$folder/run.console" "$folder/run.err"; fail "exit code $code"; }
show run
for step in ${steps//,/ }; do on_console run "guest: $step ok"; done
