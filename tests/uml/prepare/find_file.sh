# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# find_file PATH PACKAGE: prints where a file of a Debian package is: on the host, or unpacked in build/uml/root.
# Sourced.
find_file() {
    [ -e "$1" ] && { echo "$1"; return; }
    [ -e "$work/root$1" ] || (cd "$work" && apt-get -qq download "$2" && dpkg-deb -x "$2"_*.deb root && rm "$2"_*.deb) >&2 ||
        skip "the package $2 cannot be had" >&2
    echo "$work/root$1"
}

# need PROGRAM...: without them, nothing can be prepared.
need() {
    PATH=$PATH:/usr/sbin:/sbin
    for program; do command -v "$program" >/dev/null || skip "there is no $program"; done
}
