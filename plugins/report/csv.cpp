// imbrex.report.csv: the tables of a result for spreadsheets and scripts. Columns keep their order
// and meaning; new ones are added at the end. Units stand in the header.
#include <imbrex/plugin.hpp>

#include <iterator>
#include <string>
#include <variant>

#include <fmt/format.h>

namespace imbrex::csv {
namespace {

std::string_view dealing_name(Dealing dealing) {
  switch (dealing) {
    case Dealing::round_robin:
      return "round-robin";
    case Dealing::strip_w:
      return "strip-w";
    case Dealing::strip_h:
      break;
  }
  return "strip-h";
}

// Quoted as RFC 4180 asks when it holds a comma, a quote or a line break.
std::string cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') {
      quoted += '"';
    }
    quoted += c;
  }
  return quoted + '"';
}

class Csv final : public Reporter {
 public:
  Csv(const NoConfig&, const Context& context) : workload_(*context.workload) {}

  void report(const Result& result, OutputFolder& folder) override {
    folder.write("metrics.csv", metrics(result));
    folder.write("operators.csv", operators(result));
    folder.write("edges.csv", edges(result));
    folder.write("accesses.csv", accesses(result));
  }

 private:
  template <class Value>
  static std::string text_of(const Value& value) {
    return std::visit([](const auto& v) { return cell(fmt::format("{}", v)); }, value);
  }

  // Names carry their unit; those of facts are as in the tables of experiments.
  static std::string metrics(const Result& result) {
    std::string out = "metric,value,baseline\n";
    const auto add = [&](std::string_view name, std::string_view value, std::string_view baseline) {
      fmt::format_to(std::back_inserter(out), "{},{},{}\n", name, value, baseline);
    };
    for (const auto& [name, value] : result.metrics.values) {
      const MetricValue* const baseline =
          result.has_baseline ? result.baseline.find(name) : nullptr;
      add(name, text_of(value), baseline == nullptr ? "" : text_of(*baseline));
    }
    if (result.speedup > 0) {
      add("speedup", fmt::format("{}", result.speedup), "");
    }
    if (result.improvement > 0) {
      add("improvement", fmt::format("{}", result.improvement), "");
    }
    for (std::size_t i = 0; i < result.stages.size(); ++i) {
      for (const auto& [name, value] : result.stages[i].facts) {
        add(fmt::format("stage.{}.{}", i + 1, name), text_of(value), "");
      }
    }
    return out;
  }

  static std::string operators(const Result& result) {
    std::string out =
        "operator,kind,units_per_copy,copies,units,dealing,idle_copies,start_ps,end_ps,busy_ps,"
        "longest_server_ps,servers,jobs,mac_utilisation,bound_by\n";
    for (const OperatorResult& op : result.operators) {
      fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                     cell(op.name), op.kind, op.units_per_copy, op.copies,
                     op.units_per_copy * op.copies, dealing_name(op.dealing), op.idle_copies,
                     op.times.start_ps, op.times.end_ps, op.times.busy_ps,
                     op.times.longest_server_ps, op.times.servers, op.times.jobs,
                     op.mac_utilisation > 0 ? fmt::format("{}", op.mac_utilisation) : "",
                     cell(op.account ? op.account->bound_by : ""));
    }
    return out;
  }

  std::string edges(const Result& result) const {
    std::string out = "producer,consumer,total_bytes,peak_live_bytes\n";
    for (const EdgeTraffic& edge : result.edges) {
      fmt::format_to(std::back_inserter(out), "{},{},{},{}\n",
                     cell(workload_.at(edge.producer).name), cell(workload_.at(edge.consumer).name),
                     edge.total_bytes, edge.peak_live_bytes);
    }
    return out;
  }

  // A head alone where the cost model counts no accesses.
  static std::string accesses(const Result& result) {
    std::string out = "operator,level,tensor,word_bits,tile_words,read_words,written_words\n";
    for (const OperatorResult& op : result.operators) {
      if (!op.account) {
        continue;
      }
      for (const TensorAccesses& one : op.account->accesses) {
        fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{}\n", cell(op.name),
                       cell(one.level), one.tensor, one.word_bits, one.tile_words, one.read_words,
                       one.written_words);
      }
    }
    return out;
  }

  const Workload& workload_;
};

constexpr Component kComponents[] = {component<Csv, NoConfig>(
    "imbrex.report.csv", "Tables of metrics, operators, edges and accesses as CSV files", {})};

}  // namespace

IMBREX_PLUGIN("imbrex.report.csv", "0.1.0", "CSV reports", "Apache-2.0", kComponents)

}  // namespace imbrex::csv
