// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/nvme/params/params.h"
#include "models/nvme/spec/features.h"

namespace nvme {

/// One row a feature: dispatch, capabilities and the Feature Identifiers Supported and Effects log
/// come from it. [NVMe-Base-2.0 5.27.1 Feature Specific Information]
struct FeatureInfo {
    enum class Scope : std::uint8_t { kController, kNamespace };
    spec::FeatureId id;
    const char* name;
    bool saveable, changeable;
    Scope scope;
    std::uint16_t data_bytes;  ///< transferred through a host buffer; 0: CDW11 and DW0 alone
    std::uint32_t defined;     ///< bits of CDW11 that are not reserved: they alone are kept
    /// Null: every controller has the feature. One that has not refuses it in every command and
    /// does not list it.
    bool (*offered)(const ControllerParams&) = nullptr;
    /// The current value survives resets and power cycles, although it cannot be saved.
    bool persistent = false;
};

/// Looks a row up; null for a feature that is not supported.
const FeatureInfo* find_feature(std::uint8_t fid);
/// All rows, in ascending order of their identifier.
const std::vector<FeatureInfo>& feature_table();

}  // namespace nvme
