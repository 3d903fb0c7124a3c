// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_device.h"

#include <string>

#include "models/nvme/spec/registers.h"

namespace observe {

namespace {

using nvme::spec::Cc;
using nvme::spec::Csts;

VcdState state_of(Cc cc, Csts csts) {
    if (csts.get<Csts::Cfs>()) return VcdState::kFailed;
    const auto shst = static_cast<unsigned>(csts.get<Csts::Shst>());
    if (shst != 0) return shst == 1 ? VcdState::kShuttingDown : VcdState::kShutDown;
    if (cc.get<Cc::En>()) return csts.get<Csts::Rdy>() ? VcdState::kReady : VcdState::kEnabling;
    return csts.get<Csts::Rdy>() ? VcdState::kDisabling : VcdState::kDisabled;
}

}  // namespace

VcdDevice::VcdDevice(const VcdScope& scope)
    : VcdAlarm(scope.writer().agenda()),
      writer_(scope.writer()),
      state_(scope.wire("state", 3)),
      cc_(scope.wire("cc.value", 32)),
      en_(scope.wire("cc.en", 1)),
      shn_(scope.wire("cc.shn", 2)),
      csts_(scope.wire("csts.value", 32)),
      rdy_(scope.wire("csts.rdy", 1)),
      cfs_(scope.wire("csts.cfs", 1)),
      shst_(scope.wire("csts.shst", 2)),
      nssro_(scope.wire("csts.nssro", 1)),
      power_(scope.wire("power.state", 5)),
      settling_(scope.wire("power.settling", 1)),
      warning_(scope.wire("health.critical_warning", 8)),
      kelvin_(scope.wire("health.temperature", 16)),
      spare_(scope.wire("health.available_spare", 8)),
      used_(scope.wire("health.percentage_used", 8)) {
    for (std::size_t kind = 0; kind < resets_.size(); ++kind)
        resets_[kind] = scope.event("reset." + std::string(Words<ResetKind>::names[kind]));
}

void VcdDevice::record(const StateChange& e) {
    const Cc cc = Cc::from(e.cc);
    const Csts csts = Csts::from(e.csts);
    writer_.set(state_, static_cast<std::uint64_t>(state_of(cc, csts)));
    writer_.set(cc_, e.cc);
    writer_.set(en_, cc.get<Cc::En>());
    writer_.set(shn_, static_cast<std::uint64_t>(cc.get<Cc::Shn>()));
    writer_.set(csts_, e.csts);
    writer_.set(rdy_, csts.get<Csts::Rdy>());
    writer_.set(cfs_, csts.get<Csts::Cfs>());
    writer_.set(shst_, static_cast<std::uint64_t>(csts.get<Csts::Shst>()));
    writer_.set(nssro_, csts.get<Csts::Nssro>());
}

void VcdDevice::record(const Reset& e) {
    if (const auto kind = static_cast<std::size_t>(e.kind); kind < resets_.size())
        writer_.pulse(resets_[kind]);
}

// In the payload of an alarm: the number of the transition; whether it takes time; what it leads
// to, plus one, or 0 when it has settled.
void VcdDevice::record(const PowerTransition& e) {
    const std::uint64_t number = ++transitions_;
    const bool takes_time = e.settled_ps > e.ps;
    writer_.call_at(e.ps, *this, number << 16 | (takes_time ? 0x100u : 0u) | (e.to + 1u));
    if (takes_time) writer_.call_at(e.settled_ps, *this, number << 16);
}

void VcdDevice::due(std::uint64_t payload) {
    if (const std::uint64_t to = payload & 0xff; to != 0) {
        writer_.set(power_, to - 1);
        writer_.set(settling_, payload >> 8 & 1);
    } else if (payload >> 16 == transitions_) {
        writer_.set(settling_, 0);
    }
}

void VcdDevice::record(const HealthLevels& e) {
    writer_.set(warning_, e.critical_warning);
    writer_.set(kelvin_, e.kelvin);
    writer_.set(spare_, e.available_spare);
    writer_.set(used_, e.percentage_used);
}

}  // namespace observe
