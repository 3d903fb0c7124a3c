# SPDX-License-Identifier: Apache-2.0
# A disk that both kinds of firmware load from. Sourced.
. "$(dirname "${BASH_SOURCE[0]}")/boot.sh"

# x86 code that loads the second sector by the BIOS's extended read, sends it to the first serial port up to
# a zero byte, and turns the machine off (ACPI's sleep register, where QEMU's q35 has it). In the order of
# execution:
boot_code=(
    'fa'                        # no interrupts: SeaBIOS's would put the rest of what it says in between
    '31c0 8ed8 8ed0 bc007c'     # data and stack segment 0, stack below this code
    'be377c b442 cd13 721a'     # read by the packet at the end; off when that fails
    'be0080'                    # from 8000h:
    'ac 84c0 7412 88c4'         #   next byte; off when it is zero
    'bafd03 ec a820 74fb'       #   until the port takes a byte
    'baf803 88e0 ee ebe9'       #   send it, go on
    'ba0406 b80020 ef f4 ebfd'  # off
    '1000 0100 0080 0000 0100000000000000' # packet: 1 block to 0000:8000h, from block 1
)
hello="guest: loaded by the BIOS from the second sector"

# Bytes of hexadecimal digits.
bytes() { printf '%b' "$(tr -d ' ' <<<"$*" | sed 's/../\\x&/g')"; }
at() { dd of="$image" seek="$1" bs=1 conv=notrunc status=none; }
in_fat() { MTOOLS_SKIP_CHECK=1 run_unpacked "$root/usr/bin/$1" -i "$image@@1M" "${@:2}"; }

# make_bootable_image KERNEL COMMAND_LINE: $image, 128 MiB, with one partition from 1 MiB on, which is an EFI
# system partition with systemd's boot loader, that kernel and an initramfs.
make_bootable_image() {
    truncate -s 128M "$image"
    bytes "${boot_code[@]}" | at 0
    bytes "80 000200 ef feffff 00080000 00f80300" | at 446 # bootable, type EFh, 127 MiB
    bytes "55aa" | at 510
    printf '%s\r\n\0' "$hello" | at 512
    (initramfs busybox) >"$folder/initrd"
    cp "$work/kernels/$1" "$folder/vmlinuz"
    cp "$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$folder/BOOTX64.EFI"
    printf '%s\n' "linux /vmlinuz" "initrd /initrd" "options $2" >"$folder/entry.conf"
    in_fat mformat -F -T 260096 -H 2048 ::
    in_fat mmd ::/EFI ::/EFI/BOOT ::/loader ::/loader/entries
    in_fat mcopy "$folder/BOOTX64.EFI" ::/EFI/BOOT/
    in_fat mcopy "$folder/entry.conf" ::/loader/entries/
    in_fat mcopy "$folder/vmlinuz" "$folder/initrd" ::/
}
