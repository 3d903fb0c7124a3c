// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "platform/workload/job_options.h"

namespace platform {

namespace {

constexpr char kNoZones[] = "no namespace of the model is zoned; zonemode=strided needs none";
constexpr char kNoMetadata[] = "no namespace of the model has metadata or protection information";
constexpr char kNoPlacement[] = "the controller has neither streams nor Flexible Data Placement";
constexpr char kReplay[] = "recordings are replayed by `nvme-vp replay FILE`, with its options";
constexpr char kLatencyTarget[] =
    "the queue depth of a job is fixed; `nvme-vp sweep --over depth=...` looks for the best";
constexpr char kTrimChecks[] =
    "trims come from rw=trim, randtrim, trimwrite and randtrimwrite only";
constexpr char kOneCommand[] = "reads, writes and trims are one command each, with one range";
constexpr char kPrograms[] = "no other programs are started";
constexpr char kNotInParts[] = "not modelled: what it changes cannot be left out unnoticed";
constexpr char kOtherHost[] = "no such engine: the storage is of another host, or is no disk";

constexpr char kWeights[] =
    "weights are those of the option driver_wrr_weights, for the whole controller, without a burst";
constexpr char kBitBuckets[] = "reads transfer all of their data";
constexpr char kReadFua[] =
    "reads come without Force Unit Access; sync and writefua are for writes";

constexpr RefusedKey kKeys[] = {
    {"high_weight", kWeights},
    {"medium_weight", kWeights},
    {"low_weight", kWeights},
    {"arbitration_burst", kWeights},
    {"bit_bucket_data_len", kBitBuckets},
    {"readfua", kReadFua},
    {"initial_zone_reset", kNoZones},
    {"max_open_zones", kNoZones},
    {"job_max_open_zones", kNoZones},
    {"ignore_zone_limits", kNoZones},
    {"read_beyond_wp", kNoZones},
    {"zonecapacity", kNoZones},
    {"zone_reset_threshold", kNoZones},
    {"zone_reset_frequency", kNoZones},
    {"recover_zbd_write_error", kNoZones},
    {"write_zone_remainder", kNoZones},
    {"md_per_io_size", kNoMetadata},
    {"pi_*", kNoMetadata},
    {"apptag*", kNoMetadata},
    {"fdp*", kNoPlacement},
    {"plid*", kNoPlacement},
    {"dataplacement", kNoPlacement},
    {"data_placement", kNoPlacement},
    {"dp_scheme", kNoPlacement},
    {"read_iolog*", kReplay},
    {"replay_time_scale", kReplay, "100"},
    {"replay_*", kReplay},
    {"merge_blktrace_*", kReplay},
    {"latency_target", kLatencyTarget},
    {"latency_window", kLatencyTarget},
    {"latency_percentile", kLatencyTarget, "100"},
    {"latency_run", kLatencyTarget},
    {"trim_*", kTrimChecks},
    {"experimental_trim", kTrimChecks},
    {"num_range", kOneCommand, "1"},
    {"write_mode", kOneCommand, "write"},
    {"read_mode", kOneCommand, "read"},
    {"verify_mode", kOneCommand, "read"},
    {"sg_write_mode", kOneCommand, "write"},
    {"stream_id", kOneCommand},
    {"exec_prerun", kPrograms},
    {"exec_postrun", kPrograms},
    {"profile", kPrograms},
    {"bs_unaligned", kNotInParts},
    {"blocksize_unaligned", kNotInParts},
    {"bs_is_seq_rand", kNotInParts},
    {"offset_align", kNotInParts},
    {"num_ranges", kNotInParts, "1"},
    {"file_append", kNotInParts},
    {"create_only", kNotInParts},
    {"verify_only", kNotInParts},
    {"verify_policy", kNotInParts},
    {"verify_pattern_interval", kNotInParts},
    {"write_barrier", kNotInParts},
    {"rwmixcycle", kNotInParts},
    {"thinkcycles", kNotInParts},
    {"ramp_size", kNotInParts},
    {"sprandom", kNotInParts},
    {"spr_*", kNotInParts},
    {"end_syncfs", kNotInParts},
    {"rbdname", kOtherHost},
    {"pool", kOtherHost},
    {"clientname", kOtherHost},
    {"http_*", kOtherHost},
    {"nbd_uri", kOtherHost},
    {"nfs_url", kOtherHost},
    {"gpu_dev_ids", kOtherHost},
    {"cuda_io", kOtherHost},
    {"hostname", kOtherHost},
    {"port", kOtherHost},
    {"cpuload", kOtherHost},
    {"cpuchunks", kOtherHost},
};

struct OtherEngine {
    std::string_view name;
    std::string_view why;
};
constexpr char kNetwork[] = "moves data over a network, not to a disk";
constexpr char kRemote[] = "stores data on another host, not on a disk of this one";
constexpr char kFileSystem[] = "works on the names and sizes of files, which a namespace has not";
constexpr char kNoDisk[] = "uses no disk";
constexpr char kZonedEngine[] = "is for zoned disks, and no namespace is one";
constexpr OtherEngine kEngines[] = {
    {"net", kNetwork},
    {"netsplice", kNetwork},
    {"rdma", kNetwork},
    {"libhdfs", kRemote},
    {"http", kRemote},
    {"gfapi", kRemote},
    {"gfapi_async", kRemote},
    {"rados", kRemote},
    {"rbd", kRemote},
    {"nfs", kRemote},
    {"nbd", kRemote},
    {"libiscsi", kRemote},
    {"dfs", kRemote},
    {"ime_psync", kRemote},
    {"ime_psyncv", kRemote},
    {"ime_aio", kRemote},
    {"filecreate", kFileSystem},
    {"filestat", kFileSystem},
    {"filedelete", kFileSystem},
    {"dircreate", kFileSystem},
    {"dirstat", kFileSystem},
    {"dirdelete", kFileSystem},
    {"falloc", kFileSystem},
    {"ftruncate", kFileSystem},
    {"e4defrag", kFileSystem},
    {"cpuio", kNoDisk},
    {"exec", kNoDisk},
    {"page_fault", kNoDisk},
    {"mtd", kNoDisk},
    {"dev-dax", kNoDisk},
    {"libpmem", kNoDisk},
    {"libzbc", kZonedEngine},
};

constexpr std::string_view kWaitingEngines[] = {"sync",    "psync", "vsync", "pvsync",
                                                "pvsync2", "mmap",  "splice"};

}  // namespace

RefusedKeys refused_keys() {
    return {std::begin(kKeys), std::end(kKeys)};
}

std::string_view why_no_engine(std::string_view engine) {
    for (const OtherEngine& other : kEngines)
        if (other.name == engine) return other.why;
    return {};
}

bool waits_for_each_request(std::string_view engine) {
    return std::find(std::begin(kWaitingEngines), std::end(kWaitingEngines), engine) !=
           std::end(kWaitingEngines);
}

}  // namespace platform
