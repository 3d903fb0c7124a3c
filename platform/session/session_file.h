// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "platform/config/namespace_spec.h"
#include "platform/config/program_config.h"
#include "platform/session/session_event.h"

namespace platform {

/// A namespace as a session found it.
struct SessionNamespace {
    std::uint32_t nsid = 0;
    std::uint32_t lba_size = 512;
    std::uint64_t bytes = 0;
    bool read_only = false;
    std::uint32_t event = 0;  ///< which of the configuration's events adds it, from 1; 0: none
};

[[nodiscard]] ParamList parameters_of(SessionNamespace& ns);

/// A recorded session: what was configured, and all that happened. As a file: a line with the
/// format's version, a line of JSON, then a line for each event (session_event.h).
struct Session {
    std::string configuration;  ///< JSON text, as read_config_text() takes it
    std::vector<SessionNamespace> namespaces;
    std::vector<SessionEvent> events;
    std::vector<MediaContent> media;
};

/// Writes a session while it goes on. What has happened before the program dies is in the file.
class SessionWriter {
public:
    /// Throws std::runtime_error, with the path, when the file cannot be written.
    SessionWriter(const std::string& path, const ProgramConfig& config,
                  const std::vector<SessionNamespace>& namespaces);

    void add(const SessionEvent& event) { add_line(to_text(event)); }
    void add(const MediaContent& content) { add_line(to_text(content)); }
    /// Empty, or what is wrong with the file.
    [[nodiscard]] std::string close();

private:
    void add_line(const std::string& line) { file_ << line << '\n'; }

    const std::string path_;
    std::ofstream file_;
};

/// True for a file that says to be a session, of whatever version.
[[nodiscard]] bool is_session_file(const std::string& path);

/// Null with at least one problem, which names the line.
[[nodiscard]] std::shared_ptr<const Session> read_session(const std::string& path,
                                                          std::vector<std::string>& problems);

/// A namespace as a session sees it.
[[nodiscard]] SessionNamespace describe(const OpenNamespace& ns, std::uint32_t event);
/// The namespace at a place of the list as the session found it, in memory: a replay changes no
/// image. Without a store where there is a problem.
[[nodiscard]] OpenNamespace open_session_namespace(const Session& session, std::size_t place,
                                                   std::vector<std::string>& problems);

}  // namespace platform
