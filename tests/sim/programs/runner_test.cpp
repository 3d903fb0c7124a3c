// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <utility>

#include "models/media/store/ram_store.h"
#include "platform/runner/runner.h"
#include "platform/runner/workloads.h"
#include "tests/sim/programs/text_checks.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

using media::IoStatus;
using Kind = RunErrors::Kind;

constexpr std::uint64_t kBytes = 4 << 20;

/// Memory that misbehaves in one way.
class BadStore final : public media::BlockStore {
public:
    std::uint64_t size() const override { return store_.size(); }
    bool read_only() const override { return false; }
    IoStatus read(std::uint64_t offset, void* dst, std::size_t length) override {
        if (offset <= unreadable && unreadable < offset + length) return IoStatus::kReadError;
        const IoStatus status = store_.read(offset, dst, length);
        if (offset <= flipped && flipped < offset + length)
            static_cast<unsigned char*>(dst)[flipped - offset] ^= 1;
        return status;
    }
    IoStatus write(std::uint64_t offset, const void* src, std::size_t length) override {
        if (offset <= unwritable && unwritable < offset + length) return IoStatus::kWriteError;
        return store_.write(offset, src, length);
    }
    IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override {
        return store_.deallocate(offset, length);
    }
    IoStatus flush() override { return store_.flush(); }
    IoStatus resize(std::uint64_t bytes) override { return store_.resize(bytes); }

    static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};
    std::uint64_t flipped = kNowhere, unreadable = kNowhere, unwritable = kNowhere;

private:
    media::RamStore store_{kBytes};
};

class RunnerTest : public nvme::test::SimTest {
protected:
    RunnerTest() {
        // Without a cache every access reaches the store.
        params().write_cache_bytes = 0;
        auto store = std::make_unique<BadStore>();
        store_ = store.get();
        namespaces_.emplace_back();
        namespaces_.back().store = std::move(store);
    }
    [[nodiscard]] Workload job(const std::string& text) const {
        std::vector<std::string> problems;
        const JobFile file = parse_job_file(text, "job.fio");
        EXPECT_TRUE(file.ok());
        const std::vector<std::vector<Target>> chosen(file.jobs.size(), {targets().front()});
        Workload workload = job_workload(file, chosen, problems);
        EXPECT_TRUE(lists(problems, {}));
        EXPECT_TRUE(check_workload(workload, system_).empty());
        return workload;
    }
    RunResult run(Workload workload) { return runner(std::move(workload))->run(); }
    [[nodiscard]] std::unique_ptr<Runner> runner(Workload workload) {
        std::vector<std::vector<OpenNamespace>> namespaces;
        namespaces.push_back(std::move(namespaces_));
        return std::make_unique<Runner>(system_, RunOptions{}, std::move(namespaces),
                                        std::move(workload));
    }
    nvme::ControllerParams& params() { return system_.front().controllers.front().params; }
    [[nodiscard]] std::vector<Target> targets() const {
        return targets_of(system_, {&namespaces_});
    }

    SystemSpec system_ = SystemSpec(1);
    std::vector<OpenNamespace> namespaces_;
    BadStore* store_ = nullptr;
};

TEST_F(RunnerTest, AGoodStoreGivesAGoodRun) {
    const RunResult result =
        run(job("[w]\nrw=randwrite\nbs=4k\nsize=1m\niodepth=8\nverify=crc32c\n"));
    EXPECT_TRUE(result.good());
    ASSERT_EQ(result.streams.size(), 1u);
    EXPECT_EQ(result.streams[0]->io.of(Op::kWrite).bytes, 1u << 20);
    EXPECT_EQ(result.streams[0]->read_back.of(Op::kRead).bytes, 1u << 20);
    EXPECT_EQ(result.commands(), 512u);
}

TEST_F(RunnerTest, OneWrongBitIsFoundAndTheRestStillChecked) {
    store_->flipped = 300'000;
    const RunResult result =
        run(job("[w]\nrw=randwrite\nbs=4k\nsize=1m\niodepth=8\nverify=crc32c\n"));
    EXPECT_FALSE(result.good());
    EXPECT_EQ(result.errors.of(Kind::kVerification), 1u);
    EXPECT_EQ(result.errors.total(), 1u);
    EXPECT_TRUE(lists(result.errors.messages(), {"offset 299008"}));
    EXPECT_EQ(result.streams[0]->read_back.of(Op::kRead).latency.count(), 256u);
}

TEST_F(RunnerTest, VerifyFatalEndsTheJobAtTheFirstMismatch) {
    store_->flipped = 300'000;
    const RunResult result =
        run(job("[w]\nrw=write\nbs=4k\nsize=1m\nverify=crc32c\nverify_fatal=1\n"));
    EXPECT_EQ(result.errors.of(Kind::kVerification), 1u);
    EXPECT_EQ(result.streams[0]->read_back.of(Op::kRead).latency.count(), 300'000u / 4096 + 1);
}

TEST_F(RunnerTest, AReadThatFailsEndsItsJobButNotTheOthers) {
    store_->unreadable = 100'000;
    const RunResult result =
        run(job("[global]\nbs=4k\nsize=1m\n[r]\nrw=read\n[other]\nrw=read\noffset=2m\n[later]\n"
                "stonewall\nrw=read\noffset=1m\n"));
    EXPECT_EQ(result.errors.of(Kind::kCommand), 1u);
    EXPECT_TRUE(
        lists(result.errors.messages(), {"r: read of 4096 bytes at offset 98304 of namespace 1"}));
    ASSERT_EQ(result.streams.size(), 3u);
    EXPECT_EQ(result.streams[0]->io.of(Op::kRead).latency.count(), 24u);
    EXPECT_EQ(result.streams[0]->io.of(Op::kRead).errors, 1u);
    EXPECT_EQ(result.streams[1]->io.of(Op::kRead).latency.count(), 256u);
    EXPECT_EQ(result.streams[2]->io.of(Op::kRead).latency.count(), 256u);
}

TEST_F(RunnerTest, AWriteThatFailsIsAnErrorEvenIfNobodyReadsItBack) {
    store_->unwritable = 0;
    const RunResult result = run(job("[w]\nrw=write\nbs=64k\nsize=1m\niodepth=4\n"));
    EXPECT_GE(result.errors.of(Kind::kCommand), 1u);
    EXPECT_LE(result.errors.of(Kind::kCommand), 4u);
    EXPECT_FALSE(result.good());
}

TEST_F(RunnerTest, ARequestOfSeveralCommandsFailsAsOne) {
    params().mdts = 1;
    store_->unreadable = 100'000;
    const RunResult result = run(job("[r]\nrw=read\nbs=256k\nsize=256k\n"));
    EXPECT_EQ(result.streams[0]->commands, 32u);
    EXPECT_EQ(result.streams[0]->io.of(Op::kRead).errors, 1u);
    EXPECT_EQ(result.errors.total(), 1u);
}

TEST_F(RunnerTest, QueuesSmallerThanWhatIsInFlightHoldCommandsBackWithoutLosingAny) {
    params().mdts = 1;
    params().max_queue_entries = 9;
    const RunResult result =
        run(job("[w]\nrw=randwrite\nbs=64k\nsize=4m\niodepth=8\nverify=crc32c\n"));
    EXPECT_TRUE(result.good());
    EXPECT_EQ(result.commands(), 2u * 64 * 8);
}

TEST_F(RunnerTest, ACopyReportsWhatItCouldNotRead) {
    store_->unreadable = 1'000'000;
    namespaces_.emplace_back();
    namespaces_.back().config.nsid = 2;
    namespaces_.back().store = std::make_unique<media::RamStore>(kBytes);
    const std::vector<Target> all = targets();
    std::vector<std::string> problems;
    const RunResult result = run(copy_workload(all[0], all[1], 1, problems));
    EXPECT_EQ(result.errors.of(Kind::kCommand), 1u);
    EXPECT_EQ(result.streams[0]->io.of(Op::kWrite).latency.count(), 1'000'000u / 131'072);
    EXPECT_EQ(result.streams[0]->io.of(Op::kFlush).latency.count(), 0u);
}

TEST_F(RunnerTest, AnInterruptionLetsWhatIsInFlightFinish) {
    std::atomic<bool> interrupt{false};
    Workload workload =
        job("[r]\nrw=randread\nbs=4k\niodepth=8\nruntime=1000\ntime_based\n"
            "[later]\nstonewall\nrw=read\n");
    const std::unique_ptr<Runner> all = runner(std::move(workload));
    all->set_interrupt(&interrupt);
    double last = -1;
    all->set_progress([&](const Runner::Progress& progress) {
        EXPECT_GE(progress.fraction, last);
        last = progress.fraction;
        if (progress.requests >= 1000) interrupt = true;
    });
    const RunResult result = all->run();
    EXPECT_TRUE(result.interrupted);
    EXPECT_FALSE(result.good());
    EXPECT_EQ(result.errors.total(), 0u);
    ASSERT_EQ(result.streams.size(), 1u);
    EXPECT_GE(result.streams[0]->io.of(Op::kRead).latency.count(), 1000u);
}

}  // namespace
}  // namespace platform
