#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All guests, with the release build. Options go to ctest: -V shows what the guests say.
cd "$(dirname "$0")/../.." || exit 1
exec ctest --preset release -L guest "$@"
