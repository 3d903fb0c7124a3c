// SPDX-License-Identifier: Apache-2.0
#include <nvme_tlm/nvme_tlm.h>

#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

// The least platform around the controller: RAM at address 0, and a "CPU" that is bound straight to
// the function's sockets. It brings the controller up with register accesses and one admin command.
struct Board : sc_core::sc_module {
    SC_HAS_PROCESS(Board);
    tlm_utils::simple_initiator_socket<Board> config{"config"}, bar0{"bar0"}, bar4{"bar4"};
    tlm_utils::simple_target_socket<Board> ram{"ram"};
    std::vector<unsigned char> memory = std::vector<unsigned char>(1 << 20);
    bool done = false;

    explicit Board(const sc_core::sc_module_name& name) : sc_module(name) {
        ram.register_b_transport(this, &Board::ram_transport);
        SC_THREAD(cpu);
    }
    void ram_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time&) {
        if (tx.get_address() + tx.get_data_length() > memory.size())
            return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        unsigned char* at = &memory[tx.get_address()];
        if (tx.is_write()) std::memcpy(at, tx.get_data_ptr(), tx.get_data_length());
        if (tx.is_read()) std::memcpy(tx.get_data_ptr(), at, tx.get_data_length());
        tx.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    template <typename T>
    T access(tlm_utils::simple_initiator_socket<Board>& socket, tlm::tlm_command command,
             std::uint64_t address, T value) {
        tlm::tlm_generic_payload tx;
        sc_core::sc_time delay;
        tx.set_command(command);
        tx.set_address(address);
        tx.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
        tx.set_data_length(sizeof value);
        tx.set_streaming_width(sizeof value);
        socket->b_transport(tx, delay);
        if (tx.is_response_error()) SC_REPORT_FATAL("board", "bus error");
        return value;
    }
    void write32(std::uint64_t offset, std::uint32_t v) {
        access(bar0, tlm::TLM_WRITE_COMMAND, offset, v);
    }
    void write64(std::uint64_t offset, std::uint64_t v) {
        access(bar0, tlm::TLM_WRITE_COMMAND, offset, v);
    }
    std::uint32_t read32(std::uint64_t offset) {
        return access(bar0, tlm::TLM_READ_COMMAND, offset, std::uint32_t{0});
    }

    void cpu() {
        constexpr std::uint64_t kSq = 0x1000, kCq = 0x2000, kData = 0x4000;
        access(config, tlm::TLM_WRITE_COMMAND, 0x04, std::uint16_t{0x0006});  // memory, bus master
        write32(0x24, 0x000f'000f);                                           // AQA: 16 entries
        write64(0x28, kSq);                                                   // ASQ
        write64(0x30, kCq);                                                   // ACQ
        write32(0x14, 0x0046'0001);                                           // CC: enable
        while ((read32(0x1c) & 1) == 0) wait(10, sc_core::SC_US);             // CSTS.RDY

        const std::uint32_t identify[16] = {0x0001'0006, 0, 0, 0, 0, 0, kData, 0, 0, 0, 1};
        std::memcpy(&memory[kSq], identify, sizeof identify);
        write32(0x1000, 1);                                           // tail of the admin queue
        while ((memory[kCq + 14] & 1) == 0) wait(1, sc_core::SC_US);  // phase tag
        std::cout << "status: " << (memory[kCq + 14] >> 1) << " at " << sc_core::sc_time_stamp()
                  << "\nmodel: " << std::string(&memory[kData + 24], &memory[kData + 64]) << "\n";

        std::uint32_t greet[16] = {0x0002'00c2, 0, 0, 0, 0, 0, kData};  // the vendor's command
        std::memcpy(&memory[kSq + 64], greet, sizeof greet);
        write32(0x1000, 2);
        while ((memory[kCq + 16 + 14] & 1) == 0) wait(1, sc_core::SC_US);
        const std::string greeting(&memory[kData], &memory[kData + 5]);
        std::cout << "vendor: " << greeting << "\n";
        done = greeting == "hello";
        sc_core::sc_stop();
    }
};

int sc_main(int, char*[]) {
    nvme::ControllerParams params;
    params.max_io_queues = 8;
    nvme::NvmeController nvme0("nvme0", params);
    Board board("board");
    board.config.bind(nvme0.config);
    board.bar0.bind(nvme0.bar0);
    board.bar4.bind(nvme0.bar4);
    nvme0.dma.bind(board.ram);
    // What a platform adds to the model: an admin command of the vendor's, opcode C2h. Bits 1:0 say
    // that its data goes to the host.
    using Effects = nvme::spec::CommandEffects;
    std::string problem = nvme0.extensions().add(
        nvme::VendorAdminCommand{0xc2, "Hello", Effects{}.with<Effects::Csupp>(true).raw,
                                 [](nvme::AdminContext& ctx, nvme::AdminCommand& cmd,
                                    std::uint8_t) -> nvme::Result<nvme::Next> {
                                     const auto sent = ctx.send(cmd, "hello", 5);
                                     if (!sent) return sent.error();
                                     return nvme::Next::done(*sent);
                                 }});
    problem += nvme0.add_namespace({}, std::make_unique<media::RamStore>(64ull << 20));
    if (!problem.empty()) std::cerr << problem << "\n";
    sc_core::sc_start(1, sc_core::SC_SEC);
    return board.done ? 0 : 1;
}
