# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# An apt that knows one architecture and no installed package, and has its archive from the host's configuration.
# Sourced.

# use_apt ARCHITECTURE SUITE...: fills the list apt_options, which comes after the name of each command.
use_apt() {
    local architecture=$1 archive suite place
    shift
    archive=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' |
        grep '/debian/\?$' | head -n 1) || true
    [ -n "$archive" ] || { echo "no Debian archive is configured"; exit 1; }
    place=$work/apt-$architecture
    mkdir -p "$place/lists/partial" "$place/archives/partial"
    : >"$place/status"
    for suite; do
        echo "deb [arch=$architecture signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main"
    done >"$place/sources.list"
    apt_options=(-q -o "Dir::Etc::sourcelist=$place/sources.list" -o Dir::Etc::sourceparts=-
        -o "Dir::State::lists=$place/lists" -o "Dir::State::status=$place/status"
        -o "Dir::Cache=$place" -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin
        -o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture" -o APT::Sandbox::User=root
        -o APT::Install-Recommends=false -o APT::Update::Post-Invoke-Success= -o Acquire::Languages=none
        -o Acquire::Retries=3)
}
