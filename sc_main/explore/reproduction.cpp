// SPDX-License-Identifier: Apache-2.0
#include "sc_main/explore/reproduction.h"

#include <stdexcept>

#include "platform/config/output_file.h"
#include "sc_main/explore/trials.h"

namespace nvme_vp {

namespace {

namespace fs = std::filesystem;

/// In single quotes, for a shell, where it needs them.
std::string shell_word(const std::string& word) {
    constexpr const char* kSafe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=";
    if (!word.empty() && word.find_first_not_of(kSafe) == std::string::npos) return word;
    std::string quoted = "'";
    for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
    return quoted + "'";
}

std::string lines(const platform::Perturbations& all, std::size_t controllers) {
    std::string text;
    for (const platform::Perturbation& one : all)
        text += "    " + platform::text_of(one, controllers) + "\n";
    return text;
}

}  // namespace

std::string write_reproduction(const fs::path& folder, const Reproduction& what) {
    const fs::path there = fs::absolute(folder);
    const std::string command = shell_word(fs::read_symlink("/proc/self/exe").string()) +
                                " uml --config " + shell_word((there / Trials::kConfig).string()) +
                                " --console again.console --trace " + "again.trace";
    platform::OutputFile file((there / "README").string());
    const std::string text =
        "Seed " + std::to_string(what.seed) + ": " + what.failure + ".\n\nThe perturbations of " +
        Trials::kConfig + ":\n\n" + lines(what.least, what.controllers) +
        "\nThose that were drawn for the seed:\n\n" + lines(what.drawn, what.controllers) +
        "\nReplay it; the trace and the console are the same as " + Trials::kTrace + " and " +
        Trials::kConsole + " here, to the byte:\n\n    " + command + "\n";
    if (!file.commit(text)) throw std::runtime_error(file.problem());
    return what.failure + ", which is seen again by\n    " + command + "\n" + folder.string() +
           " has its trace, its console and its plan\n";
}

}  // namespace nvme_vp
