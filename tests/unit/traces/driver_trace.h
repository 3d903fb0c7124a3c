// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/opcodes.h"
#include "models/nvme/spec/registers.h"
#include "models/observe/trace.h"

namespace driver {

/// Events of a driver, as they would be recorded: each a microsecond behind the one before.
class DriverTrace {
public:
    /// CAP.CSS offers the NVM Command Set and all of them; CAP.MPSMAX is 0.
    static constexpr std::uint64_t kCap = 0x0000'0820'1e01'ffff;
    static constexpr std::uint32_t kCc = 0x0046'0001;

    explicit DriverTrace(observe::TraceSink& sink) : sink_(sink) {}

    util::TimePs now() const { return ps_; }
    void pass(util::TimePs time) { ps_ += time; }
    template <typename E>
    void event(E e) {
        e.ps = ps_ += util::kPsPerUs;
        sink_.record(e);
    }
    void write(std::uint32_t offset, std::uint64_t value, std::uint8_t size = 4) {
        event(observe::RegisterWrite{0, offset, size, value});
    }
    void read(std::uint32_t offset, std::uint64_t value, std::uint8_t size = 4) {
        event(observe::RegisterRead{0, offset, size, value});
    }
    void state(std::uint32_t cc, std::uint32_t csts) { event(observe::StateChange{0, cc, csts}); }
    void command_register(std::uint16_t value) { event(observe::ConfigWrite{0, 4, 2, value}); }

    void fetch(std::uint16_t sqid, std::uint16_t cid, std::uint8_t opcode, std::uint32_t cdw10 = 0,
               std::uint32_t cdw11 = 0, std::uint32_t cdw12 = 0) {
        observe::CommandFetched e{};
        e.sqid = sqid;
        e.sqe.cdw0 = opcode | std::uint32_t{cid} << 16;
        e.sqe.nsid = sqid == 0 ? 0 : 1;
        e.sqe.cdw10 = cdw10;
        e.sqe.cdw11 = cdw11;
        e.sqe.cdw12 = cdw12;
        event(e);
    }
    void complete(std::uint16_t sqid, std::uint16_t cid, std::uint8_t opcode,
                  nvme::spec::StatusCode status = nvme::spec::StatusCode::kSuccess,
                  std::uint32_t dw0 = 0) {
        event(observe::CommandCompleted{0, ps_, sqid, sqid, cid, opcode, status, dw0});
    }
    void admin(nvme::spec::AdminOpcode opcode, std::uint32_t cdw10 = 0, std::uint32_t cdw11 = 0,
               std::uint32_t dw0 = 0) {
        const auto byte = static_cast<std::uint8_t>(opcode);
        fetch(0, 1, byte, cdw10, cdw11);
        complete(0, 1, byte, nvme::spec::StatusCode::kSuccess, dw0);
    }
    void identify(std::uint8_t cns) { admin(nvme::spec::AdminOpcode::kIdentify, cns); }
    void ask_for_event(std::uint16_t cid = 9) {
        fetch(0, cid, static_cast<std::uint8_t>(nvme::spec::AdminOpcode::kAsyncEventRequest));
    }
    void io(std::uint16_t cid, std::uint8_t opcode = 2, std::uint32_t slba = 0,
            nvme::spec::StatusCode status = nvme::spec::StatusCode::kSuccess) {
        fetch(1, cid, opcode, slba, 0, 7);
        complete(1, cid, opcode, status);
    }

    /// From configuration space to CSTS.RDY.
    void enable(std::uint32_t cc = kCc) {
        command_register(0x6);
        read(nvme::spec::offset::kCap, kCap, 8);
        read(nvme::spec::offset::kCsts, 0);
        write(nvme::spec::offset::kAqa, 0x001f'001f);
        write(nvme::spec::offset::kAsq, 0x1000, 8);
        write(nvme::spec::offset::kAcq, 0x2000, 8);
        write(nvme::spec::offset::kCc, cc);
        state(cc, 0);
        state(cc, 1);
        read(nvme::spec::offset::kCsts, 1);
    }
    /// All the rest of initialisation.
    void probe() {
        using nvme::spec::AdminOpcode;
        identify(0x01);
        identify(0x02);
        identify(0x00);
        admin(AdminOpcode::kSetFeatures, 0x07, 0);
        admin(AdminOpcode::kCreateIoCq, 0x003f'0001, 0x0001'0003);
        event(observe::QueueChange{0, true, true, 1, 64, 0x4000, 1});
        event(observe::Interrupt{0, 0, 0xfee0'0000});
        admin(AdminOpcode::kCreateIoSq, 0x003f'0001, 0x0001'0001);
        event(observe::QueueChange{0, false, true, 1, 64, 0x8000});
        admin(AdminOpcode::kSetFeatures, 0x0b, 0x100);
        ask_for_event();
    }
    void shut_down(std::uint32_t cc = kCc) {
        using nvme::spec::AdminOpcode;
        admin(AdminOpcode::kDeleteIoSq, 1);
        event(observe::QueueChange{0, false, false, 1, 0});
        admin(AdminOpcode::kDeleteIoCq, 1);
        event(observe::QueueChange{0, true, false, 1, 0});
        write(nvme::spec::offset::kCc, cc | 0x4000);
        state(cc | 0x4000, 0x5);
        state(cc | 0x4000, 0x9);
        read(nvme::spec::offset::kCsts, 0x9);
        disable();
    }
    void disable() {
        event(observe::Reset{0, observe::ResetKind::kController});
        state(0, 0);
    }

private:
    observe::TraceSink& sink_;
    util::TimePs ps_ = 0;
};

}  // namespace driver
