// SPDX-License-Identifier: Apache-2.0
#include "platform/session/session_file.h"

#include <algorithm>
#include <array>
#include <istream>
#include <iterator>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "models/media/store/ram_store.h"
#include "models/media/store/range.h"
#include "platform/config/input_file.h"
#include "platform/config/json_text.h"
#include "platform/config/param_list.h"

namespace platform {

namespace {

using nlohmann::json;
using Problems = std::vector<std::string>;

constexpr std::string_view kMagic = "nvme-tlm session ";
constexpr std::string_view kVersion = "1";
constexpr std::size_t kMaxProblems = 20;  // of one file: then it is the wrong file

/// What the client brought is no part of a session, nor is where results go.
constexpr std::string_view kNotRecorded[] = {"socket", "pace", "doorbells", "job", "namespaces"};
bool is_recorded(const std::string& key) {
    return !is_output_option(key) && std::find(std::begin(kNotRecorded), std::end(kNotRecorded),
                                               key) == std::end(kNotRecorded);
}

std::string header(const ProgramConfig& config, const std::vector<SessionNamespace>& namespaces) {
    nlohmann::ordered_json configuration = config_to_json(config);
    for (auto it = configuration.begin(); it != configuration.end();)
        it = is_recorded(it.key()) ? std::next(it) : configuration.erase(it);
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const SessionNamespace& ns : namespaces) list.push_back(write_object(ns));
    return nlohmann::ordered_json{{"configuration", configuration}, {"namespaces", list}}.dump();
}

void read_header(const std::string& line, const std::string& where, Session& session,
                 Problems& problems) {
    const std::optional<json> parsed = parse_json(line, where, problems);
    if (!parsed) return;
    const json& root = *parsed;
    if (!root.is_object() || !root.contains("configuration") || !root.contains("namespaces")) {
        problems.push_back(where + ": must be a JSON object with configuration and namespaces");
        return;
    }
    if (!is_list(root["namespaces"], 0, kMostNamespaces, where + ": /namespaces", problems)) return;
    session.configuration = root["configuration"].dump();
    for (const json& entry : root["namespaces"]) {
        SessionNamespace ns;
        const std::string place =
            where + ": /namespaces/" + std::to_string(session.namespaces.size());
        const std::size_t before = problems.size();
        read_object(parameters_of(ns), entry, place, {}, problems);
        if (problems.size() == before && ns.bytes < ns.lba_size)
            problems.push_back(place + ": holds not even one block");
        session.namespaces.push_back(ns);
    }
}

void read_line(const std::string& line, const std::string& where, Session& session,
               Problems& problems) {
    std::string wrong;
    if (is_media(line)) {
        wrong = parse_media(line, session.media.emplace_back());
        const MediaContent& m = session.media.back();
        if (wrong.empty()) {
            const auto& all = session.namespaces;
            if (m.ns >= all.size() || !media::in_range(all[m.ns].bytes, m.offset, m.length))
                wrong = "its namespace does not hold this range";
        }
    } else {
        wrong = parse_event(line, session.events.emplace_back());
        const auto n = session.events.size();
        if (wrong.empty() && n > 1 && session.events[n - 1].at < session.events[n - 2].at)
            wrong = "is earlier than the line before";
    }
    if (!wrong.empty()) problems.push_back(where + ": " + wrong);
}

void skip_byte_order_mark(std::istream& file) {
    std::array<char, kByteOrderMark.size()> begin{};
    file.read(begin.data(), begin.size());
    if (file && std::string_view{begin.data(), begin.size()} == kByteOrderMark) return;
    file.clear();
    file.seekg(0);
}

/// std::getline() for lines of a length that can be kept. A longer one ends the file.
bool read_text_line(std::istream& file, std::string& line) {
    line.clear();
    std::array<char, 4096> part;
    for (;;) {
        file.getline(part.data(), part.size());
        const auto got = static_cast<std::size_t>(file.gcount());
        const bool cut = file.fail() && got == part.size() - 1;  // the line goes on
        line.append(part.data(), got - (got != 0 && !cut && !file.eof() ? 1 : 0));
        if (line.size() > kLongestText) return false;
        if (!cut) return !file.fail() || !line.empty();
        file.clear();
    }
}

/// Memory with what a session found, read-only if it found it so.
class SessionStore final : public media::BlockStore {
public:
    explicit SessionStore(const SessionNamespace& ns) : ram_(ns.bytes), read_only_(ns.read_only) {}

    [[nodiscard]] bool load(const MediaContent& m) {
        return ram_.write(m.offset, m.data.data(), m.data.size()) == media::IoStatus::kOk;
    }
    [[nodiscard]] std::uint64_t size() const override { return ram_.size(); }
    [[nodiscard]] bool read_only() const override { return read_only_; }
    [[nodiscard]] media::IoStatus read(std::uint64_t offset, void* dst,
                                       std::size_t length) override {
        return ram_.read(offset, dst, length);
    }
    [[nodiscard]] media::IoStatus write(std::uint64_t offset, const void* src,
                                        std::size_t length) override {
        if (read_only_) return media::IoStatus::kReadOnly;
        return ram_.write(offset, src, length);
    }
    [[nodiscard]] media::IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override {
        if (read_only_) return media::IoStatus::kReadOnly;
        return ram_.deallocate(offset, length);
    }
    [[nodiscard]] media::IoStatus flush() override { return ram_.flush(); }
    [[nodiscard]] media::IoStatus resize(std::uint64_t new_size) override {
        if (read_only_) return media::IoStatus::kReadOnly;
        return ram_.resize(new_size);
    }

private:
    media::RamStore ram_;
    const bool read_only_;
};

}  // namespace

ParamList parameters_of(SessionNamespace& ns) {
    return {
        {{"nsid", "", "namespace identifier", 1, 65536}, ns.nsid},
        {{"lba_size", "bytes", "logical block", 512, 4096}, ns.lba_size},
        {{"bytes", "bytes", "size", 1, std::uint64_t{1} << 62}, ns.bytes},
        {{"read_only", "", "write protected"}, ns.read_only},
        {{"event", "", "which event adds it; 0: it is there from the beginning"}, ns.event},
    };
}

SessionWriter::SessionWriter(const std::string& path, const ProgramConfig& config,
                             const std::vector<SessionNamespace>& namespaces)
    : path_(path), file_(path, std::ios::binary | std::ios::trunc) {
    if (!file_) throw std::runtime_error(path + ": cannot be written");
    file_ << kMagic << kVersion << '\n' << header(config, namespaces) << '\n';
}

std::string SessionWriter::close() {
    file_.close();
    return file_ ? std::string{} : path_ + ": could not be written completely";
}

bool is_session_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    skip_byte_order_mark(file);
    std::string begin(kMagic.size(), '\0');
    return file.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == kMagic;
}

std::shared_ptr<const Session> read_session(const std::string& path, Problems& problems) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    const std::size_t before = problems.size();
    skip_byte_order_mark(file);
    if (!read_text_line(file, line)) {
        problems.push_back(path + ":1: cannot be read, or is too long");
        return nullptr;
    }
    if (line != std::string{kMagic} + std::string{kVersion}) {
        problems.push_back(path + ":1: \"" + line.substr(0, 40) + "\": must be \"" +
                           std::string{kMagic} + std::string{kVersion} + "\"");
        return nullptr;
    }
    auto session = std::make_shared<Session>();
    if (!read_text_line(file, line)) {
        problems.push_back(path + ":2: is missing, or too long");
        return nullptr;
    }
    read_header(line, path + ":2", *session, problems);
    if (problems.size() != before) return nullptr;
    for (std::size_t number = 3; read_text_line(file, line); ++number) {
        if (file.eof()) break;  // a line without its end: the recording was cut off here
        read_line(line, path + ":" + std::to_string(number), *session, problems);
        if (problems.size() - before >= kMaxProblems) break;
    }
    if (line.size() > kLongestText) problems.push_back(path + ": has a line that is too long");
    if (problems.size() == before && session->events.empty())
        problems.push_back(path + ": has no events: no client came while it was recorded");
    return problems.size() == before ? session : nullptr;
}

SessionNamespace describe(const OpenNamespace& ns, std::uint32_t event) {
    return {ns.config.nsid, ns.config.lba_size, ns.store->size(), ns.store->read_only(), event};
}

OpenNamespace open_session_namespace(const Session& session, std::size_t place,
                                     Problems& problems) {
    const SessionNamespace& ns = session.namespaces[place];
    const std::string who = "namespace " + std::to_string(ns.nsid);
    OpenNamespace opened;
    opened.config.nsid = ns.nsid;
    opened.config.lba_size = ns.lba_size;
    try {
        auto store = std::make_unique<SessionStore>(ns);
        for (const MediaContent& m : session.media)
            if (m.ns == place && !store->load(m))
                problems.push_back(who + ": its content cannot be restored");
        opened.store = std::move(store);
    } catch (const std::bad_alloc&) {
        problems.push_back(who + ": this machine has no address space for " +
                           std::to_string(ns.bytes) + " bytes");
    }
    return opened;
}

}  // namespace platform
