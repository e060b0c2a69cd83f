// A random ONNX network and, for every element of its tensors, the elements of products that it
// depends on, as the ONNX manual defines each operator. Each rule adds its node to the file and
// computes the elements of its results; none of it uses the reader, its regions or its maps.
#pragma once

#include "field.hpp"
#include "model_builder.hpp"

#include <imbrex/plugin/host.hpp>

#include <deque>
#include <functional>
#include <span>
#include <string>

namespace imbrex::elements {

inline constexpr std::int64_t kLargestProduct = 400;

// A product that the workload maps as the operator of this name.
struct Product {
  std::string name;
  std::size_t first_token = 0;
  std::vector<Tokens> needs;           // per element
  std::vector<std::size_t> positions;  // row-major, in the result of the workload's operator
};

class ElementNetwork {
 public:
  explicit ElementNetwork(Random& stream) : random(stream), model_(17) {}

  Random& random;
  onnx_reader::ModelBuilder& model() noexcept { return model_; }
  const onnx_reader::ModelBuilder& model() const noexcept { return model_; }
  const std::deque<Field>& fields() const noexcept { return fields_; }
  const std::deque<Product>& products() const noexcept { return products_; }
  const std::string& text() const noexcept { return text_; }
  std::size_t tokens() const noexcept { return tokens_; }

  std::int64_t pick(std::int64_t low, std::int64_t high) { return random.between(low, high); }
  bool flip(std::uint64_t one_in = 2) { return random.below(one_in) == 0; }
  // Any field, mostly a new one.
  const Field& any();
  std::string fresh(const std::string& front) { return front + std::to_string(++names_); }

  const Field& input(const Dims& dims);
  std::string weight(const Dims& dims);
  std::string integers(const Dims& values);

  // A node whose first result is returned; its name is that of the node. `fill` says what an
  // element is made of.
  using Fill = std::function<Tokens(const Dims&)>;
  onnx_reader::NodeHandle node(const std::string& type, const std::vector<std::string>& inputs,
                               const std::string& name,
                               const std::vector<std::string>& more_results = {});
  const Field& result(const std::string& name, const Dims& dims, const Fill& fill);
  // A product of so many elements keeps the network small.
  bool has_room(std::int64_t elements) const noexcept {
    return elements <= kLargestProduct &&
           tokens_ + static_cast<std::size_t>(elements) <= kMostTokens;
  }
  // The elements of a product; positions are row-major unless said otherwise.
  using Position = std::function<std::size_t(const Dims&)>;
  Field product(const std::string& name, const Dims& dims, const Fill& needs,
                const Position& position = {});

  // Computed at run time: a vector of so many elements, a scalar.
  const Field& vector(std::int64_t elements);
  const Field& scalar();
  // Marks what nobody reads as results of the network.
  void finish();

 private:
  onnx_reader::ModelBuilder model_;
  std::deque<Field> fields_;
  std::deque<Product> products_;
  std::vector<std::string> read_;
  std::size_t tokens_ = 0;
  std::int64_t names_ = 0;
  std::string text_;
};

// Adds one operator on the field, or says that it does not fit.
struct Maker {
  const char* type;
  bool (*make)(ElementNetwork& network, const Field& data);
};
std::span<const Maker> convolution_makers();
std::span<const Maker> product_makers();
std::span<const Maker> recurrence_makers();
std::span<const Maker> compound_makers();
std::span<const Maker> pointwise_makers();
std::span<const Maker> window_makers();
std::span<const Maker> movement_makers();
std::span<const Maker> picking_makers();

// Types of the operators of a network, for the count that a test demands.
void fill_at_random(ElementNetwork& network, std::vector<std::string>& types);

}  // namespace imbrex::elements
