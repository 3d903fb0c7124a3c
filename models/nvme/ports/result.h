// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cassert>
#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "models/nvme/spec/location.h"
#include "models/nvme/spec/status.h"

namespace nvme {

/// A failure that the host sees as a completion status. `reason` is for people; it is always a
/// string literal, so that raising an error allocates nothing.
struct CommandError {
    spec::StatusCode code = spec::StatusCode::kInternalError;
    std::string_view reason;     ///< what was wrong, with the specification's field name
    std::uint64_t detail = 0;    ///< the offending value
    bool do_not_retry = true;    ///< DNR: the same command would fail again
    spec::Location parameter{};  ///< the field of the command that is refused, if it is one
};

/// Either a value or the error that the host is to see.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}
    Result(CommandError error) : v_(std::in_place_index<1>, error) {}

    explicit operator bool() const { return v_.index() == 0; }
    T& operator*() {
        assert(*this);
        return *std::get_if<0>(&v_);
    }
    const T& operator*() const {
        assert(*this);
        return *std::get_if<0>(&v_);
    }
    const CommandError& error() const {
        assert(!*this);
        return *std::get_if<1>(&v_);
    }

private:
    std::variant<T, CommandError> v_;
};

struct Done {};
using Outcome = Result<Done>;

}  // namespace nvme
