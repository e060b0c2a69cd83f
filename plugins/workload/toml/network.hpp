// File: network.hpp
//
// From a parsed workload file to calls of the builder: checks the whole file first, then expands
// blocks and repetitions.
#pragma once

#include "operators.hpp"

#include <imbrex/batch.hpp>

#include <map>
#include <optional>

namespace imbrex_toml {

// What a recipe says about every network alike.
struct ReaderOptions {
  std::int32_t bits = 8;   // of weights and data where the file says nothing else
  std::int64_t batch = 1;  // multiplies the axis of every input that counts samples
  std::int64_t batch_axis = imbrex::kNoBatchAxis;
};

// One file, one builder. Throws InputError with every complaint at once.
class Network {
 public:
  Network(const imbrex::Document& document, imbrex::WorkloadBuilder& builder,
          const ReaderOptions& options);
  void build();

 private:
  // Where layers are being built: the network itself, or one call of a block.
  struct Scope {
    std::string prefix;  // of the names of operators, "" or "call."
    Arguments arguments;
    std::map<std::string, imbrex::TensorId, std::less<>> layers;  // arguments that name layers
    imbrex::TensorId block_input = imbrex::TensorId::none;        // what "in" means
    imbrex::TensorId previous = imbrex::TensorId::none;
    bool has_previous = false;
    const Scope* caller = nullptr;
    int depth = 0;
    std::map<std::string, int, std::less<>> counters;  // for unnamed layers
  };

  void read_inputs();
  void build_layers(imbrex::DocumentNode layers, Scope& scope);
  void build_layer(imbrex::DocumentNode layer, Scope& scope);
  void build_once(imbrex::DocumentNode layer, Scope& scope, const std::string& name,
                  const std::vector<imbrex::TensorId>& operands);
  imbrex::TensorId build_operator(imbrex::DocumentNode layer, Scope& scope, const std::string& name,
                                  const std::vector<imbrex::TensorId>& operands);
  imbrex::TensorId attach(Fields& fields, const std::string& name, imbrex::TensorId data);
  imbrex::TensorId call_block(imbrex::DocumentNode layer, Scope& scope, const std::string& name,
                              const std::vector<imbrex::TensorId>& operands);
  void bind_argument(Fields& fields, const std::string& name, imbrex::DocumentNode node,
                     const Scope& caller, Scope& inner);
  bool bind_arguments(imbrex::DocumentNode layer, imbrex::DocumentNode block, const Scope& caller,
                      Scope& inner);
  std::optional<std::vector<imbrex::TensorId>> operands_of(imbrex::DocumentNode layer,
                                                           const Scope& scope);
  // TensorId::none when the name belongs to a layer that failed; no value when it is unknown.
  std::optional<imbrex::TensorId> resolve(std::string_view name, const Scope& scope) const;
  imbrex::TensorId resolve_or_complain(imbrex::DocumentNode node, const Scope& scope);
  void remember(imbrex::DocumentNode layer, const std::string& name, imbrex::TensorId tensor);
  void mark_outputs(Scope& scope);

  const imbrex::Document& document_;
  imbrex::WorkloadBuilder& builder_;
  ReaderOptions options_;
  Complaints complaints_;
  imbrex::DocumentNode blocks_;
  imbrex::DocumentNode defaults_;
  std::map<std::string, imbrex::TensorId, std::less<>> names_;  // absolute, "call.layer"
  std::int64_t operators_ = 0;
};

// Keys, operators and calls of every layer of the file, used or not.
void check_structure(imbrex::DocumentNode root, Complaints& complaints);

}  // namespace imbrex_toml
