# SPDX-License-Identifier: Apache-2.0
# What has to be true on the host after a Linux ran. Sourced.
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"

show_guest() { sed -nE 's/.*guest: /guest: /p' "$run/$console" | tr -d '\r' | sed 's/ *$//'; }

# check_console STEPS: the guest did each of them, and the kernel had nothing to complain about.
check_console() {
    on_console "guest: model nvme-tlm"
    for step in ${1//,/ }; do on_console "guest: $step ok"; done
    on_console "guest: done"
    ! grep -aE "guest: (WARNING|FAILED)|Kernel panic|Call Trace" "$run/$console" || fail "the kernel complains"
}

# Each driver has shut its controller down before the power went.
check_shutdown() {
    local shutdowns
    shutdowns=$(tr -d ' \n' <"$run/report.json" | grep -o '"shutdowns":{[^}]*}' | sort -u || true)
    [ "$shutdowns" = '"shutdowns":{"normal":1,"abrupt":0,"none":0}' ] || fail "no normal shutdown: $shutdowns"
}

# The model's lint found nothing that the driver does wrong. The step admin reads beyond the end on purpose;
# firmware asks for no number of queues, which is a hint.
# lint_allows: another rule, which a run breaks on purpose.
check_lint() {
    grep -q '"findings"' "$run/report.json" || fail "no lint in the report"
    ! grep '"rule":' "$run/report.json" | grep -vE "\"(probe.not-offered|queue.not-negotiated|command.lba${lint_allows:+|$lint_allows})\"" ||
        fail "the driver breaks rules"
}

# The image: it is sound, and each file in it is what the guest wrote.
check_filesystem() {
    local sums files=$folder/files
    /sbin/e2fsck -fn "$image" >"$run/fsck.log" 2>&1 || { cat "$run/fsck.log"; fail "e2fsck finds errors"; }
    mkdir "$files"
    /sbin/debugfs -R "rdump / $files" "$image" >/dev/null 2>&1
    sums=$(sed -nE 's/.*guest: sums ([0-9a-f]{64}).*/\1/p' "$run/$console")
    echo "$sums  $files/sums" | sha256sum --check --quiet || fail "the list of sums differs"
    (cd "$files/files" && sha256sum --check --quiet ../sums) || fail "files differ on the host"
    echo "host: the file system is sound, $(wc -l <"$files/sums") files are as the guest wrote them"
}
