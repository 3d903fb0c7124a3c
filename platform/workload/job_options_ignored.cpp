// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include "platform/workload/job_options.h"

namespace platform {

namespace {

std::optional<std::string> accept(Job&, std::string_view) {
    return std::nullopt;
}

std::optional<std::string> unified(Job&, std::string_view value) {
    if (value == "0" || value == "none") return std::nullopt;
    return "reports keep reads, writes and trims apart";
}

std::optional<std::string> continue_on_error(Job&, std::string_view value) {
    // Data that are wrong end no job, unless verify_fatal is set.
    if (value == "none" || value == "0" || value == "verify") return std::nullopt;
    return "a command that fails ends its job";
}

constexpr JobOption row(std::string_view name, std::string_view why, std::string_view alias = {},
                        JobOption::Apply apply = &accept) {
    return {name, alias, JobOption::Use::kIgnored, apply == &accept, "any", "", why, apply};
}

constexpr char kEngine[] = "the engine is the NVMe driver";
constexpr char kNoCache[] = "there is no page cache";
constexpr char kNoFiles[] = "a namespace stands for the files, and is there already";
constexpr char kProcesses[] = "jobs are simulated processes, which need no time but the driver's";
constexpr char kMemory[] = "buffers are pages of the simulated host";
constexpr char kPriorities[] = "priorities of a kernel's scheduler do not reach the drive";
constexpr char kRandom[] = "runs are always repeatable, and each clone has a stream of its own";
constexpr char kData[] = "the media do not look at the data, and every write has its own";
constexpr char kErrors[] = "a command that fails ends its job, and no other";
constexpr char kNotMeasured[] = "no job ends for being slow, or steady";
constexpr char kReports[] = "reports have jobs and their sum, and all that is measured";
constexpr char kLogs[] = "logs are text, one of each clone, in simulated time";
constexpr char kOtherLogs[] =
    "requests are recorded by the options trace and trace_binary, and reports have histograms";
constexpr char kChecks[] = "each block is checked at once, and told with what is wrong";

constexpr JobOption kRows[] = {
    row("hipri_percentage", kEngine),
    row("fixedbufs", kEngine),
    row("registerfiles", kEngine),
    row("sqthread_poll", kEngine),
    row("sqthread_poll_cpu", kEngine),
    row("nonvectored", kEngine),
    row("libaio_vectored", kEngine),
    row("uncached", kEngine),
    row("nowait", kEngine),
    row("force_async", kEngine),
    row("userspace_reap", kEngine),
    row("cmd_type", kEngine),
    row("serialize_overlap", kEngine),
    row("xnvme_async", kEngine),
    row("xnvme_sync", kEngine),
    row("xnvme_admin", kEngine),
    row("xnvme_be", kEngine),
    row("xnvme_mem", kEngine),
    row("xnvme_iovec", kEngine),
    row("libblkio_driver", kEngine),
    row("libblkio_path", kEngine),
    row("libblkio_pre_connect_props", kEngine),
    row("libblkio_pre_start_props", kEngine),
    row("libblkio_num_entries", kEngine),
    row("libblkio_queue_size", kEngine),
    row("libblkio_vectored", kEngine),
    row("libblkio_wait_mode", kEngine),
    row("spdk_conf", kEngine),
    row("spdk_json_conf", kEngine),
    row("spdk_mem", kEngine),
    row("mem_size_mb", kEngine),
    row("spdk_single_seg", kEngine),
    row("shm_id", kEngine),
    row("hostnqn", kEngine),
    row("digest_enable", kEngine),
    row("enable_vmd", kEngine),
    row("enable_sgl", kEngine),
    row("sge_size", kEngine),
    row("direct", kNoCache, "odirect"),
    row("buffered", kNoCache),
    row("invalidate", kNoCache),
    row("fadvise_hint", kNoCache, "fadvise"),
    row("pre_read", kNoCache),
    row("atomic", kNoCache),
    row("sync_file_range", kNoCache),
    row("directory", kNoFiles),
    row("filesize", kNoFiles),
    row("filename_format", kNoFiles),
    row("unique_filename", kNoFiles),
    row("opendir", kNoFiles),
    row("nrfiles", kNoFiles, "nr_files"),
    row("openfiles", kNoFiles),
    row("file_service_type", kNoFiles),
    row("filetype", kNoFiles),
    row("fill_device", kNoFiles, "fill_fs"),
    row("create_serialize", kNoFiles),
    row("create_fsync", kNoFiles),
    row("create_on_open", kNoFiles),
    row("allow_file_create", kNoFiles),
    row("allow_mounted_write", kNoFiles),
    row("overwrite", kNoFiles),
    row("fallocate", kNoFiles),
    row("lockfile", kNoFiles),
    row("unlink", kNoFiles),
    row("unlink_each_loop", kNoFiles),
    row("thread", kProcesses, "threads"),
    row("nice", kProcesses),
    row("cpumask", kProcesses),
    row("cpus_allowed", kProcesses),
    row("cpus_allowed_policy", kProcesses),
    row("numa_cpu_nodes", kProcesses),
    row("numa_mem_policy", kProcesses),
    row("gtod_reduce", kProcesses),
    row("gtod_cpu", kProcesses),
    row("clocksource", kProcesses),
    row("job_start_clock_id", kProcesses),
    row("thinktime_spin", kProcesses),
    row("rate_ignore_thinktime", kProcesses),
    row("comm", kProcesses),
    row("uid", kProcesses),
    row("gid", kProcesses),
    row("cgroup", kProcesses),
    row("cgroup_weight", kProcesses),
    row("cgroup_nodelete", kProcesses),
    row("mem", kMemory, "iomem"),
    row("mem_align", kMemory, "iomem_align"),
    row("hugepage-size", kMemory),
    row("lockmem", kMemory),
    row("prio", kPriorities),
    row("prioclass", kPriorities),
    row("priohint", kPriorities),
    row("cmdprio", kPriorities),
    row("cmdprio_class", kPriorities),
    row("cmdprio_hint", kPriorities),
    row("cmdprio_percentage", kPriorities),
    row("cmdprio_bssplit", kPriorities),
    row("ioscheduler", kPriorities),
    row("write_hint", kPriorities),
    row("randrepeat", kRandom, "allrandrepeat"),
    row("random_generator", kRandom),
    row("softrandommap", kRandom),
    row("use_os_rand", kRandom),
    row("refill_buffers", kData),
    row("zero_buffers", kData),
    row("scramble_buffers", kData),
    row("buffer_pattern", kData),
    row("buffer_compress_percentage", kData),
    row("buffer_compress_chunk", kData),
    row("dedupe_percentage", kData),
    row("dedupe_mode", kData),
    row("dedupe_global", kData),
    row("dedupe_working_set_percentage", kData),
    row("continue_on_error", kErrors, "", &continue_on_error),
    row("ignore_error", kErrors),
    row("error_dump", kErrors),
    row("exitall_on_error", kErrors),
    row("rate_min", kNotMeasured, "ratemin"),
    row("rate_iops_min", kNotMeasured),
    row("rate_cycle", kNotMeasured, "ratecycle"),
    row("max_latency", kNotMeasured),
    row("steadystate", kNotMeasured, "ss"),
    row("steadystate_duration", kNotMeasured, "ss_dur"),
    row("steadystate_ramp_time", kNotMeasured, "ss_ramp"),
    row("steadystate_check_interval", kNotMeasured, "ss_interval"),
    row("unified_rw_reporting", kReports, "", &unified),
    row("disk_util", kReports),
    row("clat_percentiles", kReports),
    row("slat_percentiles", kReports),
    row("significant_figures", kReports),
    row("block_error_percentiles", kReports),
    row("unit_base", kReports),
    row("bwavgtime", kReports),
    row("iopsavgtime", kReports),
    row("disable_lat", kReports),
    row("disable_clat", kReports),
    row("disable_slat", kReports),
    row("disable_bw_measurement", kReports, "disable_bw"),
    row("per_job_logs", kLogs),
    row("log_entries", kLogs),
    row("log_compression", kLogs),
    row("log_compression_cpus", kLogs),
    row("log_store_compressed", kLogs),
    row("log_prio", kLogs),
    row("log_issue_time", kLogs),
    row("log_unix_epoch", kLogs, "log_alternate_epoch"),
    row("log_alternate_epoch_clock_id", kLogs),
    row("log_max_value", kLogs, "log_window_value"),
    row("log_hist_msec", kOtherLogs),
    row("log_hist_coarseness", kOtherLogs),
    row("write_hist_log", kOtherLogs),
    row("write_iolog", kOtherLogs),
    row("verify_dump", kChecks),
    row("verify_async", kChecks),
    row("verify_async_cpus", kChecks),
    row("verify_write_sequence", kChecks),
    row("verify_state_save", kChecks),
    row("verify_state_load", kChecks),
    row("verify_header_seed", kChecks),
    row("verifysort", kChecks),
    row("verifysort_nr", kChecks),
    row("experimental_verify", kChecks),
};

}  // namespace

JobOptionRows ignored_options() {
    return {std::begin(kRows), std::end(kRows)};
}

}  // namespace platform
