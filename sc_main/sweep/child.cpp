// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/child.h"

#include <spawn.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

namespace nvme_vp {

pid_t start_child(const std::string& program, std::vector<std::string> words, int out, int err,
                  char* const* environment) {
    // A parent may have it ignored; then nobody would hear of the end of the child.
    ::signal(SIGCHLD, SIG_DFL);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    pid_t pid = -1;
    const int error =
        ::posix_spawnp(&pid, program.c_str(), &files, &attributes, argv.data(), environment);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::system_error(error, std::generic_category(), program);
    return pid;
}

}  // namespace nvme_vp
