// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_output.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "models/util/ends_in.h"

namespace observe {

namespace {

/// Viewers go by the name.
const std::string& checked(const std::string& path) {
    if (!util::ends_in(path, ".vcd"))
        throw std::runtime_error("'" + path + "': the name of a VCD file must end in .vcd");
    return path;
}

}  // namespace

VcdOutput::VcdOutput(const std::string& path)
    : path_(checked(path)), file_(std::fopen(path.c_str(), "wb")) {
    if (!file_) throw std::runtime_error(path + ": " + std::strerror(errno));
}

void VcdOutput::fail(int error) {
    if (problem_.empty())
        problem_ = path_ + ": could not be written completely: " + std::strerror(error);
}

void VcdOutput::flush() {
    if (file_ && problem_.empty() &&
        std::fwrite(text_.data(), 1, text_.size(), file_.get()) != text_.size())
        fail(errno);
    text_.clear();
}

std::string VcdOutput::close() {
    if (!file_) return problem_;
    flush();
    if (std::fclose(file_.release()) != 0) fail(errno);
    return problem_;
}

}  // namespace observe
