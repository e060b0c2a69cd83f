// What a recipe may demand of searched mappings, as text that any cost model can offer as a
// parameter `constraints` and apply to its map spaces. One constraint per string:
//
//   "OPERATORS: SLOT dims = K P"    only these dimensions may loop there ("none": no loop at all)
//   "OPERATORS: SLOT K = 4"         also <= and >=: bound of one dimension; "K = 1" forbids it
//   "OPERATORS: SLOT >= 64"         also <= and =: product of all bounds of a spatial slot
//                                   (>= is a utilisation floor)
//   "OPERATORS: SLOT order = P Q"   the slot's loops start with these, outermost first
//
// OPERATORS are operator names with * and ?, separated by commas; SLOT is a slot's name as the cost
// model calls it, e.g. "bank spatial". Constraints of slots that a placement does not have are
// ignored, and so are dimensions whose loop would have bound 1.
#pragma once

#include <imbrex/values/map_space_spec.hpp>

#include <span>
#include <string>
#include <vector>

namespace imbrex::mapspace {

class MapConstraints {
 public:
  MapConstraints() = default;
  // `slots`: the names of all slots that the cost model's map spaces can have.
  // Errors: InputError quoting the constraint, for text that is not of the forms above, an unknown
  // slot or dimension (with the nearest name and all names), patterns that match no operator with
  // MACs.
  MapConstraints(std::span<const std::string> texts, const Workload& workload,
                 std::span<const std::string> slots);

  bool empty() const noexcept { return rules_.empty(); }
  bool concern(const Operator& op) const;
  // Adds the constraints that concern the operator, in the order given, and their texts as origins,
  // so that `MapSpace::why_empty` quotes the one to blame (forbidden dimensions are also factors of
  // at most 1; a factor that allows everything carries the text of its slot's floor). A minimum
  // beyond an operator's dimension is that dimension. A chain of jobs (`Operator::chain`) leaves
  // its dimension one loop, the first of the outermost temporal slot that may hold it: no spatial
  // loop runs over it, and a job is one step. O(rules).
  // Errors: InputError for a product of a temporal slot.
  void apply(const Operator& op, MapSpaceSpec& spec) const;

 private:
  enum class Form : std::uint8_t { dims, factor, product, order };
  struct Rule {
    std::string text;
    std::vector<std::string> patterns;
    std::string slot;
    Form form = Form::dims;
    std::vector<Dim> dims;  // factor: one
    std::int64_t minimum = 1;
    std::int64_t maximum = INT64_MAX;
  };
  static Rule parse(const std::string& text, std::span<const std::string> slots);
  static bool concerns(const Rule& rule, const Operator& op);
  static void apply(const Rule& rule, std::size_t slot, MapSpaceSpec& spec);

  std::vector<Rule> rules_;
};

}  // namespace imbrex::mapspace
