// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "platform/workload/job_values.h"

namespace platform {

namespace {

using namespace values;
using Use = JobOption::Use;

constexpr std::size_t kMaxPattern = 512;
constexpr std::size_t kMaxPercentiles = 64;

Problem verify(Job& job, std::string_view value) {
    if (value == "0") {
        job.verify = false;
        job.verify_chosen = true;
        return std::nullopt;
    }
    const std::optional<VerifyKind> kind = verify_kind_of(value);
    if (!kind) return "is not a supported kind of verification";
    job.verify = job.verify_chosen = true;
    job.verify_kind = *kind;
    return std::nullopt;
}

Problem sync(Job& job, std::string_view value) {
    constexpr std::string_view kNone[] = {"0", "none"};
    constexpr std::string_view kAll[] = {"1", "sync", "dsync"};
    const auto is_one_of = [&](const auto& words) {
        return std::find(std::begin(words), std::end(words), value) != std::end(words);
    };
    if (!is_one_of(kNone) && !is_one_of(kAll)) return "is none of these words";
    job.force_unit_access = is_one_of(kAll);
    return std::nullopt;
}

Problem kb_base(Job& job, std::string_view value) {
    if (value != "1000" && value != "1024") return "is neither 1000 nor 1024";
    job.kb_base = value == "1000" ? 1000 : 1024;
    return std::nullopt;
}

Problem count_only(Job& job, std::string_view value) {
    std::uint64_t ignored = 0;
    return number_into(ignored, job, value, 0, kNoLimit);
}

int hex_digit(char c) {
    const std::size_t at = std::string_view{"0123456789abcdef"}.find(
        c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// "0xaa55", "\"text\"" and "%o"; a number without 0x is decimal, and little endian. [fio 3.33
/// fio(1) verify_pattern; options.c, str_verify_pattern_cb()]
Problem verify_pattern(Job& job, std::string_view value) {
    std::vector<std::uint8_t> bytes;
    while (!value.empty()) {
        if (value.front() == '"') {
            value.remove_prefix(1);
            const std::string_view text = take_part(value, '"');
            bytes.insert(bytes.end(), text.begin(), text.end());
        } else if (value.substr(0, 2) == "0x" || value.substr(0, 2) == "0X") {
            value.remove_prefix(2);
            std::vector<std::uint8_t> digits;
            for (; !value.empty() && hex_digit(value.front()) >= 0; value.remove_prefix(1))
                digits.push_back(static_cast<std::uint8_t>(hex_digit(value.front())));
            if (digits.empty()) return "has no digits behind 0x";
            if (digits.size() % 2 != 0) digits.insert(digits.begin(), 0);
            for (std::size_t i = 0; i < digits.size(); i += 2)
                bytes.push_back(static_cast<std::uint8_t>(digits[i] << 4 | digits[i + 1]));
        } else if (value.front() >= '0' && value.front() <= '9') {
            std::uint64_t number = 0;
            const std::size_t end = value.find_first_not_of("0123456789");
            if (Problem problem = number_into(number, job, value.substr(0, end), 0, kNoLimit))
                return problem;
            value.remove_prefix(end == std::string_view::npos ? value.size() : end);
            do bytes.push_back(static_cast<std::uint8_t>(number & 0xff));
            while ((number >>= 8) != 0);
        } else {
            return value.substr(0, 2) == "%o" ? "has %o, the place of the block, which is not there"
                                              : "is no pattern";
        }
        if (bytes.size() > kMaxPattern) return "has more than 512 bytes";
    }
    job.verify_pattern = std::move(bytes);
    if (job.verify_chosen) return std::nullopt;
    job.verify = true;
    job.verify_kind = VerifyKind::kPattern;
    return std::nullopt;
}

Problem percentile_list(Job& job, std::string_view value) {
    std::vector<double> list;
    while (!value.empty()) {
        double percent = 0;
        if (Problem problem = read_decimal(take_part(value, ':'), percent)) return problem;
        if (percent > 100) return "has a percentage beyond 100";
        if (list.size() == kMaxPercentiles) return "has more than 64 percentages";
        list.push_back(percent);
    }
    job.percentiles = std::move(list);
    return std::nullopt;
}

/// Without a value, the log has the name of the job: that is put in when it is known.
template <auto Member>
Problem log_name(Job& job, std::string_view value) {
    if (value.find('/') != std::string_view::npos && value.back() == '/') return "names no file";
    job.*Member = value == "1" ? "%" : std::string{value};
    return std::nullopt;
}

Problem log_average(Job& job, std::string_view value) {
    return time<&Job::log_average, util::kPsPerMs>(job, value);
}

constexpr char kLog[] = "the beginning of a file name";

constexpr JobOption kRows[] = {
    // name, alias, use, bare, allowed, default, meaning, apply
    {"name", "", Use::kHonoured, false, "text", "the section", "name of the job in reports",
     &text<&Job::name>},
    {"description", "", Use::kHonoured, false, "text", "", "free text", &text<&Job::description>},
    {"kb_base", "", Use::kHonoured, false, "1000 or 1024", "1024",
     "1024: 4k = 4096 and 4ki = 4000; 1000: the other way round", &kb_base},
    {"fsync", "", Use::kHonoured, false, kCount, "0 (never)",
     "a Flush after every so many writes, before the request that follows", &number<&Job::fsync>},
    {"fdatasync", "", Use::kHonoured, false, kCount, "0 (never)",
     "same as fsync: NVMe has one Flush", &number<&Job::fdatasync>},
    {"end_fsync", "fsync_on_close", Use::kHonoured, false, kBool, "0",
     "a Flush when all writes have completed", &flag<&Job::end_fsync>},
    {"sync", "", Use::kHonoured, false, "none, sync, dsync, 0 or 1", "none",
     "other than none or 0: every write has Force Unit Access", &sync},
    {"writefua", "", Use::kHonoured, true, kBool, "0",
     "every write has Force Unit Access, as with sync", &flag<&Job::force_unit_access>},
    {"verify", "", Use::kHonoured, false,
     "crc32c, crc7, crc16, crc32, crc64, md5, sha1, sha256, meta, pattern, null or 0", "0",
     "write blocks that can be checked, read them back and check them; meta: only whose they are; "
     "pattern: they are verify_pattern and nothing else; null: anything is right",
     &verify},
    {"verify_pattern", "", Use::kHonoured, false, "0xaa55, \"text\", numbers, one behind the other",
     "",
     "what checkable blocks are filled with, over and over; none: with data of their own; "
     "where nothing is said of verify, verify=pattern",
     &verify_pattern},
    {"verify_interval", "", Use::kHonoured, false, "512 to 1g", "the smallest bs",
     "bytes of a checkable block", &number<&Job::verify_interval, 512, kMaxBlock>},
    {"verify_backlog", "", Use::kHonoured, false, "0..1048576", "0 (at the end)",
     "read back after so many writes", &number<&Job::verify_backlog, 0, 1 << 20>},
    {"verify_backlog_batch", "", Use::kHonoured, false, kCount, "verify_backlog",
     "accepted: all that wait for it are read back", &count_only},
    {"do_verify", "", Use::kHonoured, false, kBool, "1",
     "0: write checkable blocks, but do not read them back", &flag<&Job::do_verify>},
    {"verify_fatal", "", Use::kHonoured, false, kBool, "0",
     "end the job at the first block that is wrong", &flag<&Job::verify_fatal>},
    {"group_reporting", "", Use::kHonoured, true, kBool, "0",
     "--output-format=json adds up the jobs of a group that have this key; other reports have jobs "
     "and clones",
     &flag<&Job::group_reporting>},
    {"new_group", "", Use::kHonoured, true, kBool, "0",
     "start a group for group_reporting, as stonewall does", &flag<&Job::new_group>},
    {"stats", "", Use::kHonoured, true, kBool, "1", "0: --output-format=json leaves the job out",
     &flag<&Job::stats>},
    {"lat_percentiles", "", Use::kHonoured, true, kBool, "0",
     "--output-format=json lists percentiles of lat_ns, too", &flag<&Job::lat_percentiles>},
    {"percentile_list", "", Use::kHonoured, false, "percentages, separated by :", "those of fio",
     "latencies that --output-format=json lists", &percentile_list},
    {"write_bw_log", "", Use::kHonoured, true, kLog, "",
     "write fio's log of bandwidths, NAME_bw.N.log of clone N; without a value with the job's name",
     &log_name<&Job::bw_log>},
    {"write_lat_log", "", Use::kHonoured, true, kLog, "",
     "write fio's logs of latencies, NAME_lat.N.log, NAME_clat.N.log and NAME_slat.N.log",
     &log_name<&Job::lat_log>},
    {"write_iops_log", "", Use::kHonoured, true, kLog, "",
     "write fio's log of requests per second, NAME_iops.N.log", &log_name<&Job::iops_log>},
    {"log_avg_msec", "", Use::kHonoured, false, kTime, "0 (each request)",
     "a line of a log is the average over this time (a bare number: ms)", &log_average},
    {"log_offset", "", Use::kHonoured, true, kBool, "0", "lines of logs have the place, too",
     &flag<&Job::log_offset>},
};

}  // namespace

JobOptionRows result_options() {
    return {std::begin(kRows), std::end(kRows)};
}

}  // namespace platform
