#include "element_network.hpp"

#include "text.hpp"

#include <algorithm>

namespace imbrex::elements {

const Field& ElementNetwork::any() {
  const std::size_t last = fields_.size() - 1;
  return flip(3) ? fields_[random.below(fields_.size())] : fields_[last];
}

const Field& ElementNetwork::input(const Dims& dims) {
  const std::string name = fresh("input");
  model_.input(name, dims);
  fields_.push_back({name, dims, std::vector<Tokens>(static_cast<std::size_t>(count(dims)))});
  text_ += name + " " + onnx_reader::to_text(dims) + "\n";
  return fields_.back();
}

std::string ElementNetwork::weight(const Dims& dims) {
  const std::string name = fresh("w");
  model_.weight(name, dims);
  return name;
}

std::string ElementNetwork::integers(const Dims& values) {
  const std::string name = fresh("i");
  auto& tensor =
      model_.weight(name, {static_cast<std::int64_t>(values.size())}, ::onnx::TensorProto::INT64);
  for (const std::int64_t value : values) {
    tensor.add_int64_data(value);
  }
  return name;
}

onnx_reader::NodeHandle ElementNetwork::node(const std::string& type,
                                             const std::vector<std::string>& inputs,
                                             const std::string& name,
                                             const std::vector<std::string>& more_results) {
  std::vector<std::string> results{name};
  results.insert(results.end(), more_results.begin(), more_results.end());
  read_.insert(read_.end(), inputs.begin(), inputs.end());
  return model_.node(type, inputs, results).name(name);
}

const Field& ElementNetwork::result(const std::string& name, const Dims& dims, const Fill& fill) {
  Field field{name, dims, {}};
  for_each(dims, [&](const Dims& at) { field.tokens.push_back(fill(at)); });
  fields_.push_back(std::move(field));
  text_ += "  " + name + " " + onnx_reader::to_text(dims) + "\n";
  return fields_.back();
}

Field ElementNetwork::product(const std::string& name, const Dims& dims, const Fill& needs,
                              const Position& position) {
  Field field{name, dims, {}};
  Product product{name, tokens_, {}, {}};
  for_each(dims, [&](const Dims& at) {
    product.needs.push_back(needs(at));
    product.positions.push_back(position ? position(at) : flat(dims, at));
    field.tokens.emplace_back().set(tokens_++);
  });
  products_.push_back(std::move(product));
  return field;
}

const Field& ElementNetwork::vector(std::int64_t elements) {
  const Field& data = input({3});
  const std::string name = fresh("vector");
  node("MatMul", {data.name, weight({3, elements})}, name);
  const Field own = product(
      name, {elements}, [&](const Dims&) { return data.at({0}) | data.at({1}) | data.at({2}); });
  return result(name, {elements}, [&](const Dims& at) { return own.at(at); });
}

const Field& ElementNetwork::scalar() {
  const Field& data = any();
  const std::string name = fresh("scalar");
  node("ReduceMean", {data.name}, name).integer("keepdims", 0);
  Tokens all;
  for (const Tokens& element : data.tokens) {
    all |= element;
  }
  return result(name, {}, [&](const Dims&) { return all; });
}

void ElementNetwork::finish() {
  for (const Field& field : fields_) {
    if (!field.name.starts_with("input") &&
        std::find(read_.begin(), read_.end(), field.name) == read_.end()) {
      model_.output(field.name);
    }
  }
}

}  // namespace imbrex::elements
