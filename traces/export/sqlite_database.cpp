// SPDX-License-Identifier: Apache-2.0
#include "traces/export/sqlite_database.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>

#include <sqlite3.h>

#include "models/nvme/spec/command_formats.h"

namespace analysis {

namespace {

// Times are picoseconds of the simulation, lengths nanoseconds; null: not known.
constexpr const char* kTables = R"(
CREATE TABLE run (file TEXT, begin_ps INTEGER, end_ps INTEGER, complete INTEGER, details INTEGER,
    note TEXT, limits TEXT);
CREATE TABLE queue (sqid INTEGER PRIMARY KEY, cqid INTEGER, size INTEGER, commands INTEGER,
    most_in_flight INTEGER, doorbells INTEGER, interrupts INTEGER);
CREATE TABLE command (id INTEGER PRIMARY KEY, sqid INTEGER, cid INTEGER, opcode INTEGER, name TEXT,
    nsid INTEGER, slba INTEGER, blocks INTEGER, bytes INTEGER, status INTEGER, begin_ps INTEGER,
    fetched_ps INTEGER, end_ps INTEGER, latency_ns REAL, doorbell_ns REAL, fetch_ns REAL,
    decode_ns REAL, media_ns REAL, data_ns REAL, completion_ns REAL, interrupt_ns REAL,
    host_ns REAL);
CREATE TABLE mark (at_ps INTEGER, kind TEXT, text TEXT);
CREATE TABLE finding (at_ps INTEGER, rule TEXT, queue INTEGER, text TEXT);
CREATE TABLE phase (name TEXT, begin_ps INTEGER, end_ps INTEGER);
CREATE TABLE sample (at_ps INTEGER PRIMARY KEY, iops REAL, read_mb_s REAL, write_mb_s REAL,
    depth REAL, link_up REAL, link_down REAL, media REAL, decoder REAL, doorbells REAL,
    interrupts REAL);
)";

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
};

class Database {
public:
    Database() {
        sqlite3* opened = nullptr;
        const int result = sqlite3_open(":memory:", &opened);
        database_.reset(opened);
        check(result);
        run(kTables);
        run("BEGIN");
    }
    [[nodiscard]] sqlite3* get() const { return database_.get(); }
    void check(int result) const {
        if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW)
            throw std::runtime_error(std::string("SQLite: ") + sqlite3_errstr(result));
    }
    void run(const char* statement) const {
        check(sqlite3_exec(database_.get(), statement, nullptr, nullptr, nullptr));
    }
    [[nodiscard]] std::string bytes() const {
        run("COMMIT");
        sqlite3_int64 size = 0;
        const std::unique_ptr<unsigned char, Close> all(
            sqlite3_serialize(database_.get(), "main", &size, 0));
        if (!all) check(SQLITE_NOMEM);
        return {reinterpret_cast<const char*>(all.get()), static_cast<std::size_t>(size)};
    }

private:
    std::unique_ptr<sqlite3, Close> database_;
};

/// Adds rows to a table: a value for each column, in their order.
class Rows {
public:
    Rows(const Database& database, const std::string& table, int columns) : database_(database) {
        std::string text = "INSERT INTO " + table + " VALUES (?";
        for (int i = 1; i < columns; ++i) text += ",?";
        sqlite3_stmt* prepared = nullptr;
        database.check(
            sqlite3_prepare_v2(database.get(), (text + ")").c_str(), -1, &prepared, nullptr));
        statement_.reset(prepared);
    }
    template <typename... Value>
    void add(const Value&... values) {
        column_ = 0;
        (bind(values), ...);
        database_.check(sqlite3_step(statement_.get()));
        database_.check(sqlite3_reset(statement_.get()));
    }

private:
    /// Columns have no more than 63 bits: a time that is later is as late as can be.
    void bind(std::uint64_t value) {
        constexpr auto kMost =
            static_cast<std::uint64_t>(std::numeric_limits<sqlite3_int64>::max());
        database_.check(sqlite3_bind_int64(statement_.get(), ++column_,
                                           static_cast<sqlite3_int64>(std::min(value, kMost))));
    }
    void bind(double value) {
        database_.check(sqlite3_bind_double(statement_.get(), ++column_, value));
    }
    void bind(std::string_view text) {
        database_.check(sqlite3_bind_text(statement_.get(), ++column_, text.data(),
                                          static_cast<int>(text.size()), SQLITE_TRANSIENT));
    }
    void bind(const std::string& text) { bind(std::string_view(text)); }
    template <typename T>
    void bind(const std::optional<T>& value) {
        if (value) return bind(*value);
        database_.check(sqlite3_bind_null(statement_.get(), ++column_));
    }

    const Database& database_;
    std::unique_ptr<sqlite3_stmt, Close> statement_;
    int column_ = 0;
};

std::optional<std::uint64_t> number(bool known, std::uint64_t value) {
    return known ? std::optional(value) : std::nullopt;
}
template <typename T>
std::optional<std::uint64_t> number(const std::optional<T>& value) {
    return value ? std::optional<std::uint64_t>(*value) : std::nullopt;
}

void add_commands(const Database& database, const Analysis& a) {
    Rows rows(database, "command", 22);
    for (std::size_t i = 0; i < a.commands.size(); ++i) {
        const Command& c = a.commands[i];
        const auto stage = [&c](Stage s) {
            return c.stage(s) < 0 ? std::nullopt : std::optional(static_cast<double>(c.stage(s)));
        };
        rows.add(std::uint64_t{i}, std::uint64_t{c.sqid}, std::uint64_t{c.cid},
                 std::uint64_t{c.opcode}, nvme::spec::command_name(c.sqid, c.opcode),
                 std::uint64_t{c.nsid}, number(c.blocks != 0, c.slba), std::uint64_t{c.blocks},
                 std::uint64_t{c.bytes}, number(c.completed(), c.status), c.begin_ps, c.fetched_ps,
                 number(c.completed(), c.end_ps),
                 c.completed() ? std::optional(to_ns(c.latency_ps())) : std::nullopt,
                 stage(Stage::kDoorbell), stage(Stage::kFetch), stage(Stage::kDecode),
                 stage(Stage::kMedia), stage(Stage::kData), stage(Stage::kCompletion),
                 stage(Stage::kInterrupt), stage(Stage::kHost));
    }
    database.run("CREATE INDEX command_by_queue ON command (sqid, cid)");
}

void add_samples(const Database& database, const Analysis& a) {
    Rows rows(database, "sample", 11);
    const Series& s = a.series;
    for (std::size_t i = 0; i < s.iops.size(); ++i) {
        const auto at = [i](const std::vector<double>& values) {
            return values.empty() ? std::nullopt : std::optional(values[i]);
        };
        rows.add(a.begin_ps + i * s.step_ps, at(s.iops), at(s.read_mb_s), at(s.write_mb_s),
                 at(s.depth), at(s.link_up), at(s.link_down), at(s.media), at(s.decoder),
                 at(s.doorbells), at(s.interrupts));
    }
}

}  // namespace

std::string sqlite_database(const Analysis& a) {
    const Database database;
    Rows(database, "run", 7)
        .add(a.file, a.begin_ps, a.end_ps, std::uint64_t{a.complete}, std::uint64_t{a.details},
             a.note, a.limits);
    Rows queues(database, "queue", 7);
    for (const auto& [sqid, q] : a.queues)
        queues.add(std::uint64_t{sqid}, number(q.cqid), std::uint64_t{q.size}, q.commands,
                   std::uint64_t{q.most_in_flight}, q.doorbells, number(q.interrupts));
    add_commands(database, a);
    Rows marks(database, "mark", 3);
    for (const Mark& mark : a.marks) marks.add(mark.ps, mark.kind, mark.text);
    Rows findings(database, "finding", 4);
    for (const Finding& f : a.findings)
        findings.add(f.ps, f.rule, number(f.queue >= 0, static_cast<std::uint64_t>(f.queue)),
                     f.text);
    Rows phases(database, "phase", 3);
    for (const Phase& phase : a.phases) phases.add(phase.name, phase.begin_ps, phase.end_ps);
    add_samples(database, a);
    return database.bytes();
}

}  // namespace analysis
