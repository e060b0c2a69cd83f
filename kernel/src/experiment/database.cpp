#include "experiment/database.hpp"

#include <imbrex/plugin/error.hpp>

#include <memory>
#include <string>

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace imbrex::experiment {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTables = R"(
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE axis(position INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE level(axis INTEGER, position INTEGER, label TEXT NOT NULL, PRIMARY KEY(axis, position)) WITHOUT ROWID;
CREATE TABLE point(id INTEGER PRIMARY KEY, plan_sha256 TEXT NOT NULL, state TEXT NOT NULL, message TEXT);
CREATE TABLE point_level(point INTEGER, axis INTEGER, level INTEGER, PRIMARY KEY(point, axis)) WITHOUT ROWID;
CREATE TABLE value(plan_sha256 TEXT, quantity TEXT, unit TEXT, number REAL, text TEXT, PRIMARY KEY(plan_sha256, quantity)) WITHOUT ROWID;
BEGIN;
)";

class Connection {
 public:
  explicit Connection(const fs::path& file) {
    const int code = ::sqlite3_open(file.c_str(), &handle_);
    require(code == SQLITE_OK, "open");
  }
  ~Connection() { ::sqlite3_close(handle_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void execute(const char* sql) {
    require(::sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, "fill");
  }
  void require(bool good, const char* what) const {
    if (!good) {
      throw Error(ErrorCode::failed, fmt::format("cannot {} the experiment's database: {}", what,
                                                 ::sqlite3_errmsg(handle_)));
    }
  }
  sqlite3* handle() const noexcept { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

// One INSERT, run once per row.
class Insert {
 public:
  Insert(const Connection& connection, const char* sql) : connection_(connection) {
    connection.require(
        ::sqlite3_prepare_v2(connection.handle(), sql, -1, &statement_, nullptr) == SQLITE_OK,
        "fill");
  }
  ~Insert() { ::sqlite3_finalize(statement_); }
  Insert(const Insert&) = delete;
  Insert& operator=(const Insert&) = delete;

  template <class... Values>
  void row(const Values&... values) {
    int column = 0;
    (bind(++column, values), ...);
    connection_.require(::sqlite3_step(statement_) == SQLITE_DONE, "fill");
    ::sqlite3_reset(statement_);
  }

 private:
  void bind(int column, std::size_t value) {
    ::sqlite3_bind_int64(statement_, column, static_cast<sqlite3_int64>(value));
  }
  void bind(int column, const std::string& value) {
    ::sqlite3_bind_text(statement_, column, value.c_str(), static_cast<int>(value.size()),
                        SQLITE_TRANSIENT);
  }
  void bind(int column, const Quantity& value) {
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
      ::sqlite3_bind_int64(statement_, column, *integer);
    } else if (const auto* const real = std::get_if<double>(&value)) {
      ::sqlite3_bind_double(statement_, column, *real);
    } else {
      ::sqlite3_bind_null(statement_, column);
    }
  }

  const Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

void fill_axes(const Connection& connection, const Experiment& experiment) {
  Insert axes(connection, "INSERT INTO axis VALUES(?, ?)");
  Insert levels(connection, "INSERT INTO level VALUES(?, ?, ?)");
  for (std::size_t axis = 0; axis < experiment.axes.size(); ++axis) {
    axes.row(axis, experiment.axes[axis].name);
    for (std::size_t level = 0; level < experiment.axes[axis].levels.size(); ++level) {
      levels.row(axis, level, experiment.axes[axis].levels[level].label);
    }
  }
}

void fill_points(const Connection& connection, const ExperimentPlan& plan, const Records& records) {
  Insert points(connection, "INSERT INTO point VALUES(?, ?, ?, ?)");
  Insert levels(connection, "INSERT INTO point_level VALUES(?, ?, ?)");
  for (std::size_t i = 0; i < plan.points.size(); ++i) {
    const PlannedPoint& point = plan.points[i];
    const auto& record = records[point.plan];
    points.row(i + 1, plan.sha256[point.plan],
               std::string(record ? to_string(record->state) : "not run"),
               record ? record->message : std::string());
    for (std::size_t axis = 0; axis < point.point.levels.size(); ++axis) {
      levels.row(i + 1, axis, point.point.levels[axis]);
    }
  }
}

void fill_values(const Connection& connection, const Records& records) {
  Insert values(connection, "INSERT INTO value VALUES(?, ?, ?, ?, ?)");
  for (const auto& record : records) {
    if (!record) {
      continue;
    }
    for (const auto& [name, quantity] : record->quantities) {
      const auto* const text = std::get_if<std::string>(&quantity);
      values.row(record->plan_sha256, name, std::string(unit_of(name)), quantity,
                 text == nullptr ? std::string() : *text);
    }
  }
}

}  // namespace

void write_database(const ExperimentPlan& plan, const Records& records, const fs::path& folder) {
  const fs::path file = folder / fmt::format(".{}.{}", kDatabaseName, ::getpid());
  std::error_code ignored;
  fs::remove(file, ignored);
  {
    Connection connection(file);
    connection.execute(kTables);
    fill_axes(connection, plan.experiment);
    fill_points(connection, plan, records);
    fill_values(connection, records);
    connection.execute("COMMIT");
  }
  fs::rename(file, folder / kDatabaseName);
}

}  // namespace imbrex::experiment
