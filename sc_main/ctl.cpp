// SPDX-License-Identifier: Apache-2.0
#include "sc_main/ctl.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <nlohmann/json.hpp>

#include "platform/vfio_user/unique_fd.h"
#include "sc_main/standard_streams.h"

namespace nvme_vp {

namespace {

using platform::vfio_user::UniqueFd;

/// A server answers between two pieces of its work; this long only one that hangs takes.
constexpr int kPatienceS = 30;
constexpr const char* kNoAnswer = "the server does not answer";

UniqueFd connect_to(const std::string& path, std::string& wrong) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        wrong = "the path is too long for a socket";
        return {};
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{kPatienceS, 0};
    if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0) {
        wrong = std::strerror(errno);
        return {};
    }
    while (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (errno == EINTR) continue;
        wrong = errno == EAGAIN ? kNoAnswer : std::strerror(errno);
        return {};
    }
    return fd;
}

bool send_line(int fd, const std::string& line) {
    std::size_t sent = 0;
    while (sent < line.size()) {
        const ssize_t count = ::send(fd, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

/// Without its end; empty: none came.
std::string receive_line(int fd) {
    std::string line;
    char bytes[4096];
    for (;;) {
        const ssize_t count = ::recv(fd, bytes, sizeof bytes, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return {};
        line.append(bytes, static_cast<std::size_t>(count));
        if (const std::size_t end = line.find('\n'); end != std::string::npos)
            return line.substr(0, end);
    }
}

/// As execute() of platform/control makes it.
bool is_answer(const nlohmann::ordered_json& answer) {
    if (!answer.is_object() || !answer.contains("ok") || !answer["ok"].is_boolean()) return false;
    if (answer["ok"]) return answer.contains("text") && answer["text"].is_string();
    return answer.contains("problems") && answer["problems"].is_array() &&
           std::all_of(answer["problems"].begin(), answer["problems"].end(),
                       [](const auto& problem) { return problem.is_string(); });
}

}  // namespace

int ctl(CommandLine& line) {
    std::string wrong;
    const UniqueFd fd = connect_to(line.ctl.socket, wrong);
    std::string text;
    if (wrong.empty()) {
        const nlohmann::json request{{"arguments", line.ctl.words},
                                     {"controller", line.ctl.controller}};
        constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
        if (send_line(fd.get(), request.dump(-1, ' ', false, kReplace) + "\n"))
            text = receive_line(fd.get());
        if (text.empty()) wrong = kNoAnswer;
    }
    const auto answer = nlohmann::ordered_json::parse(text, nullptr, false);
    if (wrong.empty() && !is_answer(answer)) wrong = "what answers there is no nvme-vp";
    if (!wrong.empty()) {
        line.problems.push_back(line.ctl.socket + ": " + wrong);
        return kUsage;
    }
    if (!answer.value("ok", false)) {
        if (line.ctl.json)
            tell(stdout, answer.dump(2) + "\n");
        else
            tell_problems(answer.value("problems", std::vector<std::string>{}));
        return kRunFailed;
    }
    if (line.ctl.json)
        tell(stdout, answer.value("result", nlohmann::ordered_json{}).dump(2) + "\n");
    else
        tell(stdout, answer.value("text", std::string{}));
    return kGood;
}

}  // namespace nvme_vp
