#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Opens pages of made-up reports in a headless Chromium and uses them: zoom, hover, select, filter, sort,
# save; then says how fluid a million commands are. Wants Debian's chromium or chromium-headless-shell,
# which is why it is not among the tests that always run.
#   tests/page/run.sh [--quick] [name of a test...]      --quick: without the million
set -eu
cd "$(dirname "$0")/../.."
command -v "${CHROMIUM:-chromium}" >/dev/null || command -v chromium-headless-shell >/dev/null || {
    echo "skipped: sudo apt-get install chromium-headless-shell" >&2
    exit 77
}
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
cmake --build --preset release --target nvme_tlm_make_page >/dev/null
exec env PYTHONDONTWRITEBYTECODE=1 python3 tests/page/page_test.py build/release/tests/page/nvme_tlm_make_page "$@"
