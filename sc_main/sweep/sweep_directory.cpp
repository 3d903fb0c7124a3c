// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_directory.h"

#include <fcntl.h>
#include <sys/file.h>

#include <charconv>
#include <cstdio>
#include <fstream>

#include "platform/config/input_file.h"
#include "platform/config/output_file.h"
#include "platform/workload/crc32c.h"

namespace nvme_vp {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kIdentity = "sweep.json";

std::uint32_t checksum_of_program() {
    constexpr const char* kSelf = "/proc/self/exe";
    std::string bytes(fs::file_size(kSelf), '\0');
    std::ifstream(kSelf, std::ios::binary)
        .read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return platform::crc32c(bytes.data(), bytes.size());
}

/// What makes two sweeps the same, so that one goes on where the other has stopped.
json identity_of(const SweepOrder& order, std::vector<std::string>& problems) {
    json identity{{"over", order.over},
                  {"words", order.words},
                  {"job_set", order.job_set},
                  {"files", json::object()},
                  {"program", checksum_of_program()}};
    for (const std::string& path : order.files)
        identity["files"][path] = platform::read_text_file(path, problems).value_or("");
    return identity;
}

json read_json(const fs::path& path) {
    std::ifstream file(path);
    return json::parse(file, nullptr, false);
}

}  // namespace

void SweepDirectory::open(const SweepOrder& order, std::vector<std::string>& problems) {
    const json identity = identity_of(order, problems);
    if (!problems.empty()) return;
    std::string text;
    try {
        text = identity.dump(1) + "\n";
    } catch (const json::type_error&) {
        problems.emplace_back("a sweep keeps its command line as JSON, which must be UTF-8");
        return;
    }
    std::error_code error;
    fs::create_directories(path_, error);
    if (error) {
        problems.push_back(where() + error.message());
        return;
    }
    const fs::path path = path_ / kIdentity;
    if (!fs::exists(path, error)) {
        platform::OutputFile file(path.string());
        if (!file.commit(text)) problems.push_back(where() + file.problem());
    } else if (read_json(path) != identity) {
        problems.push_back(where() + "holds another sweep: remove it, or choose another");
    }
    if (!problems.empty()) return;
    // For writing: NFS locks nothing else for one alone.
    lock_ = platform::vfio_user::UniqueFd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!lock_ || ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0)
        problems.push_back(where() + "a sweep is going on there");
}

SweepOrder SweepDirectory::order(std::vector<std::string>& problems) const {
    const json identity = read_json(path_ / kIdentity);
    SweepOrder order;
    try {
        identity.at("over").get_to(order.over);
        identity.at("words").get_to(order.words);
        identity.at("job_set").get_to(order.job_set);
        for (const auto& [path, text] : identity.at("files").items()) order.files.push_back(path);
    } catch (const json::exception&) {
        problems.push_back("\"" + path_.string() + "\" is not the directory of a sweep");
        return order;
    }
    if (identity_of(order, problems) != identity)
        problems.push_back("\"" + path_.string() +
                           "\": its sweep was begun by another program, or with other files");
    return order;
}

fs::path SweepDirectory::file_of(std::size_t point, const char* ending) const {
    char name[32];
    std::snprintf(name, sizeof name, "%05zu.", point);
    return path_ / (name + std::string{ending});
}

fs::path SweepDirectory::log(std::size_t point) const {
    return file_of(point, "log");
}

std::optional<json> SweepDirectory::report(std::size_t point) const {
    json report = read_json(file_of(point, "json"));
    const bool good = report.is_object() && report.contains("good") && report["good"] == true;
    return good ? std::optional{std::move(report)} : std::nullopt;
}

std::vector<std::size_t> SweepDirectory::reported() const {
    std::vector<std::size_t> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path_, error)) {
        const std::string name = entry.path().filename().string();
        std::size_t point = 0;
        std::from_chars(name.data(), name.data() + name.size(), point);
        if (entry.path() == file_of(point, "json")) found.push_back(point);
    }
    return found;
}

SweepWork SweepDirectory::work(const SweepPlan& plan, const SweepOrder& order,
                               std::size_t point) const {
    SweepWork work{point, plan.arguments(point, order.words, order.job_set),
                   file_of(point, "json").string(), log(point).string()};
    work.words.push_back("--report=" + work.report);
    return work;
}

void SweepDirectory::remove_unfinished() const {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(path_, error)) {
        const std::string name = entry.path().filename().string();
        const bool unfinished = name.size() > 11 && name.compare(5, 6, ".json.") == 0;
        if (unfinished) fs::remove(entry.path(), error);
    }
}

}  // namespace nvme_vp
