#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs the main job: a driver brings the controller up, does
# verified I/O and shuts it down. Leaves build/demo/report.json and build/demo/nvme.vcd behind.
set -eu
cd "$(dirname "$0")/.."
cmake/install-deps.sh
cmake --preset release >/dev/null
cmake --build --preset release --target nvme-vp -- -j "$(nproc)"
mkdir -p build/demo
build/release/sc_main/nvme-vp run --preset datacenter_tlc_gen4 --report build/demo/report.json --vcd build/demo/nvme.vcd "$@"
echo "report: build/demo/report.json"
echo "waveform: build/demo/nvme.vcd (gtkwave build/demo/nvme.vcd.gtkw)"
