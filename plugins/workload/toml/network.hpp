// From a parsed workload file to calls of the builder: checks the whole file first, then expands
// blocks and repetitions.
#pragma once

#include "operators.hpp"

#include <imbrex/values/workload_builder.hpp>

#include <map>
#include <optional>

namespace imbrex::toml_reader {

// What a recipe says about every network alike.
struct ReaderOptions {
  std::int32_t bits = 8;   // of weights and data where the file says nothing else
  std::int64_t batch = 1;  // multiplies the axis of every input that counts samples
  std::int64_t batch_axis = kNoBatchAxis;
};

// One file, one builder. Throws InputError with every complaint at once.
class Network {
 public:
  Network(const Document& document, WorkloadBuilder& builder, const ReaderOptions& options);
  void build();

 private:
  // Where layers are being built: the network itself, or one call of a block.
  struct Scope {
    std::string prefix;  // of the names of operators, "" or "call."
    Arguments arguments;
    std::map<std::string, TensorId, std::less<>> layers;  // arguments that name layers
    TensorId block_input = TensorId::none;                // what "in" means
    TensorId previous = TensorId::none;
    bool has_previous = false;
    const Scope* caller = nullptr;
    int depth = 0;
    std::map<std::string, int, std::less<>> counters;  // for unnamed layers
  };

  // Refuses a file that asks for too much. `parts`: layers, inputs, arguments, at `layer`.
  void expand(DocumentNode layer, std::size_t parts);
  void read_inputs();
  void build_layers(DocumentNode layers, Scope& scope);
  void build_layer(DocumentNode layer, Scope& scope);
  void build_once(DocumentNode layer, Scope& scope, const std::string& name,
                  const std::vector<TensorId>& operands);
  TensorId build_operator(DocumentNode layer, Scope& scope, const std::string& name,
                          const std::vector<TensorId>& operands);
  TensorId attach(Fields& fields, const std::string& name, TensorId data);
  TensorId call_block(DocumentNode layer, Scope& scope, const std::string& name,
                      const std::vector<TensorId>& operands);
  void bind_argument(Fields& fields, const std::string& name, DocumentNode node,
                     const Scope& caller, Scope& inner);
  bool bind_arguments(DocumentNode layer, DocumentNode block, const Scope& caller, Scope& inner);
  std::optional<std::vector<TensorId>> operands_of(DocumentNode layer, const Scope& scope);
  // TensorId::none when the name belongs to a layer that failed; no value when it is unknown.
  std::optional<TensorId> resolve(std::string_view name, const Scope& scope) const;
  TensorId resolve_or_complain(DocumentNode node, const Scope& scope);
  void remember(DocumentNode layer, const std::string& name, TensorId tensor);
  void mark_outputs(Scope& scope);

  const Document& document_;
  WorkloadBuilder& builder_;
  ReaderOptions options_;
  Complaints complaints_;
  DocumentNode blocks_;
  DocumentNode defaults_;
  std::map<std::string, TensorId, std::less<>> names_;  // absolute, "call.layer"
  std::int64_t operators_ = 0;
  std::int64_t expanded_ = 0;  // see `expand`
};

// Keys, operators and calls of every layer of the file, used or not.
void check_structure(DocumentNode root, Complaints& complaints);

}  // namespace imbrex::toml_reader
