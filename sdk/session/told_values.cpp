#include "told_values.hpp"

#include <utility>
#include <variant>

namespace imbrex::session {

void Diagnostics::read(const std::string& errors, const std::string& notes) {
  texts_.clear();
  structs_.clear();
  std::vector<recipe::Message> messages = recipe::read_messages(errors, recipe::Severity::error);
  for (recipe::Message& note : recipe::read_messages(notes, recipe::Severity::note)) {
    messages.push_back(std::move(note));
  }
  for (recipe::Message& told : messages) {
    recipe::Message message = recipe::in_parts(std::move(told));
    Texts texts;
    texts.severity = to_string(message.severity);
    texts.suggestion = message.suggestion().value_or("");
    for (const std::string& line : message.excerpt) {
      texts.excerpt += (texts.excerpt.empty() ? "" : "\n") + line;
    }
    texts.message = std::move(message);
    texts_.push_back(std::move(texts));
  }
  for (const Texts& texts : texts_) {
    structs_.push_back({texts.severity.c_str(), texts.message.text.c_str(),
                        texts.message.file.c_str(), texts.message.line, texts.message.column,
                        texts.suggestion.c_str(), texts.excerpt.c_str()});
  }
}

std::vector<imbrex_metric> metrics_of(const Result& result) {
  std::vector<imbrex_metric> metrics;
  for (const auto& [name, value] : result.metrics.values) {
    imbrex_metric metric{name.c_str(), 0, 0, 0};
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
      metric.is_integer = 1;
      metric.integer = *integer;
      metric.real = static_cast<double>(*integer);
    } else {
      metric.real = std::get<double>(value);
    }
    metrics.push_back(metric);
  }
  return metrics;
}

std::vector<imbrex_operator> operators_of(const Result& result) {
  std::vector<imbrex_operator> operators;
  for (const OperatorResult& op : result.operators) {
    operators.push_back({op.name.c_str(), op.kind.c_str(), op.times.start_ps, op.times.end_ps,
                         op.times.busy_ps, op.times.jobs, op.times.servers,
                         op.units_per_copy * op.copies, op.copies});
  }
  return operators;
}

}  // namespace imbrex::session
