// SPDX-License-Identifier: Apache-2.0
#include "models/observe/trace_file.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace observe {

TraceFile::TraceFile(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "wb")) {
    if (!file_) throw std::runtime_error(path + ": " + std::strerror(errno));
}

void TraceFile::fail() {
    if (error_.empty()) error_ = path_ + ": " + std::strerror(errno);
}

void TraceFile::write(const void* bytes, std::size_t count) {
    if (file_ && error_.empty() && std::fwrite(bytes, 1, count, file_.get()) != count) fail();
}

void TraceFile::flush() {
    if (file_ && error_.empty() && std::fflush(file_.get()) != 0) fail();
}

std::string TraceFile::close() {
    if (file_ && std::fclose(file_.release()) != 0) fail();
    return error_;
}

}  // namespace observe
