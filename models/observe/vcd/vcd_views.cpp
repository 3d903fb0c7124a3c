// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_views.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace observe {

namespace {

using util::TimePs;

/// The start of the simulation, if that is later.
constexpr TimePs before(TimePs at, TimePs by) {
    return at - std::min(at, by);
}

/// Empty, or what is wrong.
std::string write_file(const std::string& path, const std::string& text) {
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "wb"));
    const bool good = file && std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
                      std::fclose(file.release()) == 0;
    return good ? std::string() : path + ": " + std::strerror(errno);
}

}  // namespace

VcdView view_of(const VcdWriter& writer) {
    constexpr TimePs kShown = 100 * util::kPsPerUs;
    VcdView view;
    view.stem = std::filesystem::path(writer.path()).filename().string();
    // A name that the save file could not hold.
    if (view.stem.find_first_of("\"\n\r") == std::string::npos) view.file = view.stem;
    view.scopes = writer.scopes();
    view.signals = writer.declarations();
    const TimePs first = writer.window().from;
    const TimePs end = std::max(first, std::min(writer.now(), writer.window().to));
    view.begin = first;
    view.length = end - first;
    if (writer.window().to != util::kNever) return view;  // somebody has chosen what to see
    if (writer.triggered_at() != util::kNever) {
        view.begin = std::max(first, before(writer.triggered_at(), kShown / 2));
        view.length = kShown;
    } else if (writer.first_mark() != util::kNever) {
        view.begin = std::max(first, before(writer.first_mark(), util::kPsPerUs));
        view.length = std::min(writer.last_mark() - view.begin + util::kPsPerUs, kShown);
    }
    // GTKWave goes to the start when its window, which may be wider, would go beyond the end.
    view.begin = std::max(first, std::min(view.begin, before(end, 3 * util::kPsPerUs)));
    view.length = std::min(view.length, (end - view.begin) / 3 * 2);
    return view;
}

std::string write_vcd_view(const std::string& directory, const VcdView& view) {
    const std::string stem = directory + view.stem;
    const std::string filters = stem + ".filters/";
    std::error_code error;
    for (const std::string& folder : {filters, filters + "surfer"}) {
        std::filesystem::create_directory(folder, error);
        if (error) return folder + ": " + error.message();
    }
    std::string wrong = write_file(stem + ".gtkw", gtkwave_save_file(view));
    if (wrong.empty()) wrong = write_file(stem + ".sucl", surfer_command_file(view));
    for (const VcdFilter& filter : vcd_filters()) {
        if (wrong.empty())
            wrong = write_file(filters + filter.name + ".txt", gtkwave_filter(filter));
        if (wrong.empty())
            wrong =
                write_file(filters + "surfer/nvme_" + filter.name + ".txt", surfer_mapping(filter));
    }
    return wrong;
}

}  // namespace observe
