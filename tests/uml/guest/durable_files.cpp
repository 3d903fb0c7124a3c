// SPDX-License-Identifier: Apache-2.0
// What a file system owes to fsync(), in a folder on it:
//
//   durable_files write FOLDER COUNT    changes files in COUNT steps, and says after each that it
//   is durable durable_files check FOLDER DURABLE  ends with 1 when one of the first DURABLE steps
//   has been lost
//
// Steps take turns: a new file; one more record at the end of a log; a file that another one
// replaces by its name; a block of a table that is written in place. The step after the last
// durable one may have happened in part.
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;
using Step = std::uint64_t;

enum class Kind { kCreate, kAppend, kReplace, kOverwrite };
constexpr unsigned kKinds = 4;
constexpr std::size_t kTableBlock = 4096, kTableBlocks = 4;

Kind kind_of(Step step) {
    return static_cast<Kind>(step % kKinds);
}
std::string file_of(Step step) {
    return "created." + std::to_string(step);
}
std::size_t place_of(Step step) {
    return step / kKinds % kTableBlocks * kTableBlock;
}

/// xorshift64
Bytes content(Step step) {
    constexpr std::size_t kBytes[]{5000, 700, 9000, kTableBlock};
    Bytes bytes(kBytes[step % kKinds]);
    std::uint64_t x = (step + 1) * 0x9e3779b97f4a7c15;
    for (std::uint8_t& byte : bytes) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        byte = static_cast<std::uint8_t>(x);
    }
    return bytes;
}

[[noreturn]] void fail(const std::string& why) {
    std::printf("guest: %s\n", why.c_str());
    std::exit(1);
}

void make_durable(const char* name, int flags, const Bytes& bytes, std::size_t at = 0) {
    const int fd = ::open(name, flags, 0666);
    const bool written =
        bytes.empty() || ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
                             static_cast<ssize_t>(bytes.size());
    if (fd < 0 || !written || ::fsync(fd) != 0) fail(std::string{name} + " cannot be written");
    ::close(fd);
}

void take(Step step) {
    const Bytes bytes = content(step);
    switch (kind_of(step)) {
        case Kind::kCreate:
            return make_durable(file_of(step).c_str(), O_WRONLY | O_CREAT | O_EXCL, bytes);
        case Kind::kAppend:  // pwrite() of a file that is opened so writes at its end
            return make_durable("log", O_WRONLY | O_CREAT | O_APPEND, bytes);
        case Kind::kReplace:
            make_durable("current.new", O_WRONLY | O_CREAT | O_TRUNC, bytes);
            if (::rename("current.new", "current") != 0) fail("current cannot be replaced");
            return make_durable(".", O_RDONLY | O_DIRECTORY, {});
        case Kind::kOverwrite:
            return make_durable("table", O_WRONLY | O_CREAT, bytes, place_of(step));
    }
}

Bytes read_file(const std::string& name) {
    Bytes bytes;
    std::FILE* const file = std::fopen(name.c_str(), "rb");
    if (file == nullptr) fail(name + " is lost");
    for (int byte = 0; (byte = std::fgetc(file)) != EOF;)
        bytes.push_back(static_cast<std::uint8_t>(byte));
    if (std::ferror(file) != 0) fail(name + " cannot be read");
    std::fclose(file);
    return bytes;
}

bool holds(const Bytes& file, std::size_t at, const Bytes& bytes) {
    return file.size() >= at + bytes.size() &&
           Bytes(file.begin() + static_cast<std::ptrdiff_t>(at),
                 file.begin() + static_cast<std::ptrdiff_t>(at + bytes.size())) == bytes;
}

void check(Step durable) {
    std::size_t logged = 0;
    std::optional<Step> current, table[kTableBlocks];
    for (Step step = 0; step != durable; ++step) {
        switch (kind_of(step)) {
            case Kind::kCreate:
                if (read_file(file_of(step)) != content(step)) fail(file_of(step) + " is damaged");
                break;
            case Kind::kAppend:
                if (!holds(read_file("log"), logged, content(step)))
                    fail("record " + std::to_string(step) + " of the log is lost");
                logged += content(step).size();
                break;
            case Kind::kReplace:
                current = step;
                break;
            case Kind::kOverwrite:
                table[place_of(step) / kTableBlock] = step;
                break;
        }
    }
    // What the step after the last durable one changes may be the old or the new one, or of a table
    // a part of each.
    if (current && read_file("current") != content(*current) &&
        (kind_of(durable) != Kind::kReplace || read_file("current") != content(durable)))
        fail("current is not that of step " + std::to_string(*current));
    for (std::size_t block = 0; block != kTableBlocks; ++block) {
        const std::size_t at = block * kTableBlock;
        const bool may_change = kind_of(durable) == Kind::kOverwrite && place_of(durable) == at;
        if (table[block] && !may_change && !holds(read_file("table"), at, content(*table[block])))
            fail("block " + std::to_string(block) + " of the table is not that of step " +
                 std::to_string(*table[block]));
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 || ::chdir(argv[2]) != 0) return 2;
    const auto count = static_cast<Step>(std::atoll(argv[3]));
    if (std::string{argv[1]} == "check") {
        check(count);
        std::printf("guest: all of %llu durable steps are there\n",
                    static_cast<unsigned long long>(count));
        return 0;
    }
    for (Step step = 0; step != count; ++step) {
        take(step);
        std::printf("guest: durable %llu\n", static_cast<unsigned long long>(step + 1));
        std::fflush(stdout);
    }
    return 0;
}
