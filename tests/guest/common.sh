# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What all scripts of tests/guest share. Sourced.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$repository/build/guest
root=$work/root

# Ends a test that cannot run here; ctest knows the exit code.
skip() { echo "skipped: $*"; exit 77; }

# The unpacked programs are newer than the host's libraries: their own loader starts them. What comes first
# can be an option of the loader.
loader=$root/usr/lib64/ld-linux-x86-64.so.2
libraries=$root/usr/lib/x86_64-linux-gnu
libraries=$libraries:$libraries/ceph:$libraries/pulseaudio
run_unpacked() { "$loader" --library-path "$libraries" "$@"; }
