// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/spec/commands.h"

// Creation and deletion of I/O queues. [NVMe-Base-2.0 5.4 to 5.7]
namespace nvme::admin {
using spec::StatusCode;
using Cdw10 = spec::CreateQueueCdw10;

namespace {

CommandError error(StatusCode code, const char* reason, std::uint64_t value,
                   spec::Location where = {}) {
    return {code, reason, value, true, where};
}

/// Rules that both kinds of queue share, once their identifier is known to be free.
Outcome check_memory(const AdminContext& ctx, const AdminCommand& cmd, std::uint32_t qsize_z) {
    // MQES is zero-based as QSIZE is; a queue of one entry could never hold any.
    if (qsize_z == 0 || qsize_z > ctx.state.params.max_queue_entries - 1)
        return error(StatusCode::kInvalidQueueSize, "QSIZE is 0 or exceeds MQES", qsize_z,
                     Cdw10::at<Cdw10::Qsize>());
    if ((cmd.sqe.prp1 & (ctx.state.page_size - 1)) != 0)
        return error(StatusCode::kPrpOffsetInvalid, "PRP1 is not page aligned", cmd.sqe.prp1,
                     spec::Prp1::at());
    return Done{};
}

/// The queue begins at 0; what an earlier one left in the shadow doorbell buffers would be taken
/// for the host's.
Outcome clear_doorbell(AdminContext& ctx, std::size_t doorbell) {
    if (ctx.shadow.clear(doorbell)) return Done{};
    return CommandError{StatusCode::kDataTransferError, "the doorbell buffers are unreachable",
                        doorbell, false};
}

}  // namespace

Result<Next> create_io_cq(AdminContext& ctx, AdminCommand& cmd) {
    using Cdw11 = spec::CreateIoCqCdw11;
    const auto cdw10 = Cdw10::from(cmd.sqe.cdw10);
    const auto cdw11 = Cdw11::from(cmd.sqe.cdw11);
    const std::uint32_t qid = cdw10.get<Cdw10::Qid>(), qsize_z = cdw10.get<Cdw10::Qsize>();
    if (!cdw11.get<Cdw11::Pc>())  // CAP.CQR = 1
        return error(StatusCode::kInvalidField, "PC = 0, contiguous queues are required", 0,
                     Cdw11::at<Cdw11::Pc>());
    if (!ctx.queues.valid(qid) || ctx.queues.cq_exists(qid))
        return error(StatusCode::kInvalidQueueIdentifier, "QID is out of range or in use", qid,
                     Cdw10::at<Cdw10::Qid>());
    const std::uint32_t iv = cdw11.get<Cdw11::Iv>();
    if (cdw11.get<Cdw11::Ien>() && iv >= ctx.state.params.msix_vectors)
        return error(StatusCode::kInvalidInterruptVector, "IV exceeds the MSI-X table", iv,
                     Cdw11::at<Cdw11::Iv>());
    if (ctx.state.iocqes != 4)
        return error(StatusCode::kInvalidQueueSize, "CC.IOCQES is not 4", ctx.state.iocqes);
    if (const auto good = check_memory(ctx, cmd, qsize_z); !good) return good.error();

    CompletionQueue::Config config;
    config.id = static_cast<std::uint16_t>(qid);
    config.base = cmd.sqe.prp1;
    config.size = qsize_z + 1;
    config.interrupts = cdw11.get<Cdw11::Ien>();
    config.vector = static_cast<std::uint16_t>(iv);
    if (const auto good = clear_doorbell(ctx, ShadowDoorbells::head_of(config.id)); !good)
        return good.error();
    ctx.queues.create_cq(config);
    return complete_now(ctx);
}

Result<Next> create_io_sq(AdminContext& ctx, AdminCommand& cmd) {
    using Cdw11 = spec::CreateIoSqCdw11;
    const auto cdw10 = Cdw10::from(cmd.sqe.cdw10);
    const auto cdw11 = Cdw11::from(cmd.sqe.cdw11);
    const std::uint32_t qid = cdw10.get<Cdw10::Qid>(), qsize_z = cdw10.get<Cdw10::Qsize>();
    const std::uint32_t cqid = cdw11.get<Cdw11::Cqid>();
    if (!cdw11.get<Cdw11::Pc>())
        return error(StatusCode::kInvalidField, "PC = 0, contiguous queues are required", 0,
                     Cdw11::at<Cdw11::Pc>());
    if (!ctx.queues.valid(qid) || ctx.queues.sq_exists(qid))
        return error(StatusCode::kInvalidQueueIdentifier, "QID is out of range or in use", qid,
                     Cdw10::at<Cdw10::Qid>());
    // An identifier that cannot be is told from one that names no queue yet.
    // [NVMe-Base-2.0 5.5 Create I/O Submission Queue command, CQID]
    if (!ctx.queues.valid(cqid))
        return error(StatusCode::kInvalidQueueIdentifier, "CQID is 0 or out of range", cqid,
                     Cdw11::at<Cdw11::Cqid>());
    if (!ctx.queues.cq_exists(cqid))
        return error(StatusCode::kCompletionQueueInvalid, "CQID does not exist", cqid,
                     Cdw11::at<Cdw11::Cqid>());
    if (ctx.state.iosqes != 6)
        return error(StatusCode::kInvalidQueueSize, "CC.IOSQES is not 6", ctx.state.iosqes);
    if (const auto good = check_memory(ctx, cmd, qsize_z); !good) return good.error();

    SubmissionQueue::Config config;
    config.id = static_cast<std::uint16_t>(qid);
    config.base = cmd.sqe.prp1;
    config.size = qsize_z + 1;
    config.cqid = static_cast<std::uint16_t>(cqid);
    config.priority = static_cast<std::uint8_t>(cdw11.get<Cdw11::Qprio>());
    if (const auto good = clear_doorbell(ctx, ShadowDoorbells::tail_of(config.id)); !good)
        return good.error();
    ctx.queues.create_sq(config);
    return complete_now(ctx);
}

Result<Next> delete_io_cq(AdminContext& ctx, AdminCommand& cmd) {
    using D = spec::DeleteQueueCdw10;
    const std::uint32_t qid = D::from(cmd.sqe.cdw10).get<D::Qid>();
    if (!ctx.queues.cq_exists(qid))
        return error(StatusCode::kInvalidQueueIdentifier, "QID does not exist", qid,
                     D::at<D::Qid>());
    const auto cqid = static_cast<std::uint16_t>(qid);
    if (ctx.queues.in_use(cqid))
        return error(StatusCode::kInvalidQueueDeletion, "submission queues still use it", qid,
                     D::at<D::Qid>());
    ctx.queues.delete_cq(cqid);
    if (ctx.state.params.intx) ctx.state.environment.update_intx();
    return complete_now(ctx);
}

Result<Next> delete_io_sq(AdminContext& ctx, AdminCommand& cmd) {
    using D = spec::DeleteQueueCdw10;
    const std::uint32_t qid = D::from(cmd.sqe.cdw10).get<D::Qid>();
    if (!ctx.queues.sq_exists(qid) || ctx.queues.sq_being_deleted(qid))
        return error(StatusCode::kInvalidQueueIdentifier, "QID does not exist", qid,
                     D::at<D::Qid>());
    ctx.queues.delete_sq(static_cast<std::uint16_t>(qid), cmd.cid());
    return Next::waits();
}

}  // namespace nvme::admin
