// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/socket.h>
#include <sys/un.h>

#include <nlohmann/json.hpp>

#include "platform/vfio_user/unique_fd.h"
#include "tests/sim/vfio_user/serve_program.h"

namespace platform::vfio_user::test {

/// A server with a control socket, and who speaks to it.
class ControlledServer : public ServeProgram {
protected:
    void start_server(std::vector<std::string> arguments = {}) {
        arguments.insert(arguments.begin(), {"--socket", "s", "--control", "c"});
        pid = start(std::move(arguments));
        ASSERT_TRUE(listens()) << read("log");
    }

    /// The exit code of `nvme-vp ctl`; what it says is in the file `answer`.
    int ctl(std::vector<std::string> words) {
        words.insert(words.begin(), {"ctl", "c"});
        return exit_code(launch(std::move(words), "answer"));
    }
    nlohmann::json ctl_json(std::vector<std::string> words) {
        words.emplace_back("--json");
        EXPECT_EQ(ctl(std::move(words)), 0) << read("answer");
        return nlohmann::json::parse(read("answer"));
    }

    [[nodiscard]] UniqueFd connect() const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path("c").copy(address.sun_path, sizeof address.sun_path - 1);
        UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        return fd;
    }
    /// As much of it as the server takes.
    static void send(const UniqueFd& fd, const std::string& bytes) {
        for (std::size_t sent = 0; sent < bytes.size();) {
            const ssize_t count =
                ::send(fd.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (count <= 0) return;
            sent += static_cast<std::size_t>(count);
        }
    }
    /// The next line, without its end; empty when the server has hung up.
    static std::string receive(const UniqueFd& fd) {
        std::string line;
        for (char c = 0; ::recv(fd.get(), &c, 1, 0) == 1 && c != '\n';) line += c;
        return line;
    }
    static nlohmann::json ask(const UniqueFd& fd, const std::string& request) {
        send(fd, request + "\n");
        return nlohmann::json::parse(receive(fd), nullptr, false);
    }
    static constexpr const char* kStatus = R"({"arguments": ["status"]})";

    pid_t pid = 0;
};

}  // namespace platform::vfio_user::test
