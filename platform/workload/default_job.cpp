// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/default_job.h"

namespace platform {

std::string_view default_job_file() {
    return R"(; The job that `nvme-vp run` executes when it is given none.
[global]
size=16m

; Every 4 KiB block once, in random order. Made durable by a flush, then read back and checked.
[random-write]
rw=randwrite
bs=4k
iodepth=32
verify=crc32c
end_fsync=1

; The same blocks in large requests. They are checked once more.
[sequential-read]
stonewall
rw=read
bs=128k
iodepth=8
verify=crc32c
)";
}

std::string_view default_read_job_file() {
    return R"(
[random-read]
rw=randread
bs=4k
iodepth=32
number_ios=4096

[sequential-read]
stonewall
rw=read
bs=128k
iodepth=8
number_ios=128
)";
}

}  // namespace platform
