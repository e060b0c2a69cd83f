// What a stage leaves, as bytes from the process that ran it to the one that goes on.
#pragma once

#include "run/analysis.hpp"
#include "run/byte_stream.hpp"

#include <imbrex/values/result.hpp>

#include <vector>

namespace imbrex::run {

// A design that a stage made of one of `before`; without its timeline. Errors: Error when its
// workload is neither `before` nor what `split_channels` makes of it.
void add_design(ByteWriter& out, const Design& design, const Workload& before);
// The same design. Errors: Error when the bytes say none.
Design take_design(ByteReader& in, const Design& before);

void add_facts(ByteWriter& out, const std::vector<Fact>& facts);
std::vector<Fact> take_facts(ByteReader& in);

void add_analysis(ByteWriter& out, const Analysis& analysis);
// Of a workload of so many operators. Errors: Error.
Analysis take_analysis(ByteReader& in, std::size_t operators);

}  // namespace imbrex::run
