#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes traces/linux-6.12-probe.session anew: SeaBIOS and Linux find the model, Linux reads a little. For a change of
# behaviour that is meant; review what differs.
#
#   tests/guest/record.sh [PROGRAM]     PROGRAM: nvme-vp, default build/release/sc_main/nvme-vp
set -euo pipefail
. "$(dirname "$0")/common.sh"
program=$(realpath "${1:-$repository/build/release/sc_main/nvme-vp}")
recording=$repository/traces/linux-6.12-probe.session
"$repository/tests/guest/prepare.sh"
# Few queues and vectors: the recording is to be small.
"$repository/tests/guest/linux.sh" 6.12 probe "$program" --set max_io_queues=2 --set msix_vectors=3 \
    --record "$recording.new"
"$program" replay "$recording.new"
mv "$recording.new" "$recording"
