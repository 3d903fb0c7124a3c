// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/listening_socket.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace platform::vfio_user {

namespace {

constexpr int kBacklog = 8;

template <typename Fd>
Fd stream_socket() {
    return Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

/// Whoever wants to listen in a folder does it alone, from the look at what is there to listen():
/// before, a socket cannot be told from one that a dead server left. The folder itself is what is
/// locked, so that no file remains.
class FolderLock {
public:
    /// Waits for others, who take no time, and not for ever: anybody can lock a folder.
    explicit FolderLock(const std::string& path) {
        const std::string folder = std::filesystem::path(path).parent_path();
        fd_ = UniqueFd(
            ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!fd_) {
            problem_ = std::strerror(errno);
            return;
        }
        for (int tries = 0; ::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0; ++tries) {
            if (errno != EWOULDBLOCK && errno != EINTR) problem_ = std::strerror(errno);
            if (tries == kTries) problem_ = "another program has locked it";
            if (!problem_.empty()) break;
            ::usleep(kPauseUs);
        }
        if (!problem_.empty()) problem_ = "its folder: " + problem_;
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    static constexpr useconds_t kPauseUs = 10'000;
    static constexpr int kTries = 1'000;

    UniqueFd fd_;
    std::string problem_;
};

/// Makes room for a socket at the address. Returns what is in the way, or nothing.
std::string remove_stale(const sockaddr_un& address) {
    struct stat file {};
    if (::lstat(address.sun_path, &file) != 0) return {};
    if (!S_ISSOCK(file.st_mode)) return "exists and is not a socket";
    const auto probe = stream_socket<UniqueFd>();
    if (::connect(probe.get(), generic(address), sizeof address) == 0 || errno == EAGAIN)
        return "another server listens there";
    if (errno != ECONNREFUSED) return std::strerror(errno);
    ::unlink(address.sun_path);
    return {};
}

}  // namespace

ListeningSocket::~ListeningSocket() {
    struct stat file {};
    if (fd_ && ::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ &&
        file.st_ino == inode_)
        ::unlink(path_.c_str());
}

std::string ListeningSocket::open(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return "socket path \"" + path + "\": must have 1 to " +
               std::to_string(sizeof address.sun_path - 1) + " characters";
    path.copy(address.sun_path, path.size());
    const FolderLock lock(path);
    if (!lock.problem().empty()) return path + ": " + lock.problem();
    if (const std::string wrong = remove_stale(address); !wrong.empty()) return path + ": " + wrong;

    auto fd = stream_socket<ClientFd>();
    struct stat file {};
    // The file gets the mode of the socket: there is no moment at which others could connect.
    if (!fd || ::fchmod(fd.get(), S_IRUSR | S_IWUSR) != 0 ||
        ::bind(fd.get(), generic(address), sizeof address) != 0 ||
        ::listen(fd.get(), kBacklog) != 0 || ::lstat(path.c_str(), &file) != 0)
        return path + ": " + std::strerror(errno);
    device_ = file.st_dev;
    inode_ = file.st_ino;
    path_ = path;
    fd_ = std::move(fd);
    return {};
}

}  // namespace platform::vfio_user
