#include "execution_order.hpp"

#include "text.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <functional>
#include <queue>
#include <unordered_map>
#include <unordered_set>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// Names a node reads, those captured by its sub-graphs included.
void collect_reads(const ::onnx::NodeProto& node, std::vector<std::string>& reads);
void collect_sub_graphs(const ::onnx::NodeProto& node, std::vector<std::string>& reads);

void collect_captures(const ::onnx::GraphProto& graph, std::vector<std::string>& reads) {
  std::unordered_set<std::string> own;
  for (const auto& input : graph.input()) {
    own.insert(input.name());
  }
  for (const auto& tensor : graph.initializer()) {
    own.insert(tensor.name());
  }
  std::vector<std::string> inner;
  for (const auto& node : graph.node()) {
    own.insert(node.output().begin(), node.output().end());
    collect_reads(node, inner);
  }
  for (const auto& output : graph.output()) {
    inner.push_back(output.name());
  }
  std::copy_if(inner.begin(), inner.end(), std::back_inserter(reads),
               [&](const std::string& name) { return !own.contains(name); });
}

void collect_reads(const ::onnx::NodeProto& node, std::vector<std::string>& reads) {
  for (const std::string& name : node.input()) {
    if (!name.empty()) {
      reads.push_back(name);
    }
  }
  collect_sub_graphs(node, reads);
}

void collect_sub_graphs(const ::onnx::NodeProto& node, std::vector<std::string>& reads) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.has_g()) {
      collect_captures(attribute.g(), reads);
    }
  }
}

std::unordered_map<std::string, int> writers_of(const NodeList& nodes) {
  std::unordered_map<std::string, int> writers;
  for (int i = 0; i < nodes.size(); ++i) {
    for (const std::string& name : nodes[i].output()) {
      if (name.empty()) {
        continue;
      }
      const auto [found, fresh] = writers.emplace(name, i);
      if (!fresh) {
        throw InputError(fmt::format("value {} is written twice, by node {} and by node {}",
                                     in_quotes(name), describe(nodes[found->second]),
                                     describe(nodes[i])));
      }
    }
  }
  return writers;
}

class Sorter {
 public:
  Sorter(const NodeList& nodes, const std::function<bool(const std::string&)>& is_known)
      : nodes_(nodes), readers_(count()), waiting_(count(), 0) {
    const auto writers = writers_of(nodes);
    std::vector<std::string> reads;
    for (int i = 0; i < nodes.size(); ++i) {
      reads.clear();
      collect_reads(nodes[i], reads);
      for (const std::string& name : reads) {
        link(i, name, writers, is_known);
      }
    }
  }

  std::vector<int> sorted() {
    std::priority_queue<int, std::vector<int>, std::greater<>> ready;
    for (int i = 0; i < nodes_.size(); ++i) {
      if (waiting_[at(i)] == 0) {
        ready.push(i);
      }
    }
    std::vector<int> order;
    while (!ready.empty()) {
      const int i = ready.top();
      ready.pop();
      order.push_back(i);
      for (const int reader : readers_[at(i)]) {
        if (--waiting_[at(reader)] == 0) {
          ready.push(reader);
        }
      }
    }
    if (order.size() != count()) {
      fail_on_cycle();
    }
    return order;
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  std::size_t count() const { return at(nodes_.size()); }

  void link(int reader, const std::string& name,
            const std::unordered_map<std::string, int>& writers,
            const std::function<bool(const std::string&)>& is_known) {
    const auto writer = writers.find(name);
    if (writer != writers.end()) {
      readers_[at(writer->second)].push_back(reader);
      ++waiting_[at(reader)];
    } else if (!is_known(name)) {
      throw InputError(fmt::format("node {} reads {}, which no node, input or constant provides",
                                   describe(nodes_[reader]), in_quotes(name)));
    }
  }

  // Follows unfinished writers backwards until a node repeats; that loop is the cycle.
  [[noreturn]] void fail_on_cycle() const {
    std::vector<int> writer_of(count(), -1);
    for (int i = 0; i < nodes_.size(); ++i) {
      for (const int reader : readers_[at(i)]) {
        if (waiting_[at(i)] > 0 && waiting_[at(reader)] > 0) {
          writer_of[at(reader)] = i;
        }
      }
    }
    int i = 0;
    while (waiting_[at(i)] == 0) {
      ++i;
    }
    std::vector<int> path;
    std::vector<bool> seen(count(), false);
    while (!seen[at(i)]) {
      seen[at(i)] = true;
      path.push_back(i);
      i = writer_of[at(i)];
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), i));
    std::reverse(path.begin(), path.end());
    std::vector<std::string> names;
    for (std::size_t k = 0; k < path.size() && k < 8; ++k) {
      names.push_back(describe(nodes_[path[k]]));
    }
    throw InputError(fmt::format("the graph has a cycle through {} {}{}",
                                 path.size() == 1 ? "node" : "nodes", listed(names),
                                 path.size() > names.size() ? " and others" : ""));
  }

  const NodeList& nodes_;
  std::vector<std::vector<int>> readers_;
  std::vector<int> waiting_;
};

}  // namespace

std::string describe(const ::onnx::NodeProto& node) {
  const std::string& name =
      !node.name().empty() || node.output_size() == 0 ? node.name() : node.output(0);
  return fmt::format("{} ({})", in_quotes(name), printable(node.op_type()));
}

std::vector<std::string> captured_names(const ::onnx::NodeProto& node) {
  std::vector<std::string> names;
  collect_sub_graphs(node, names);
  return names;
}

std::vector<int> execution_order(const NodeList& nodes,
                                 const std::function<bool(const std::string&)>& is_known) {
  return Sorter(nodes, is_known).sorted();
}

}  // namespace imbrex::onnx_reader
