// Arrows between folders point one way (design, section 3): no folder of the kernel includes one
// that includes it, and plugins know the public headers and their own folder only.
#include "include_graph.hpp"

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

// The folder of the kernel that a file below kernel/ is in: "run", "app", or "imbrex" for the
// public headers.
std::string folder_of(const fs::path& file) {
  const fs::path inside = file.lexically_relative(kTree / "kernel");
  const auto first = inside.begin();
  return first->string() == "app" ? "app" : std::next(first)->string();
}

// The same for what a line includes; empty: no file of the kernel.
std::string target_folder(const Include& include) {
  if (!include.quoted) {
    return include.target.starts_with("imbrex/") ? "imbrex" : "";
  }
  const std::size_t slash = include.target.find('/');
  return slash == std::string::npos ? folder_of(include.file) : include.target.substr(0, slash);
}

IncludeGraph kernel_graph() {
  IncludeGraph graph;
  for (const char* part : {"include", "src", "app"}) {
    for (const Include& include : includes_below(kTree / "kernel" / part)) {
      const std::string from = folder_of(include.file);
      const std::string to = target_folder(include);
      if (!to.empty() && to != from) {
        graph[from].try_emplace(to,
                                include.file.filename().string() + " includes " + include.target);
      }
    }
  }
  return graph;
}

TEST(Includes, CirclesAreFoundAndNamed) {
  IncludeGraph graph;
  graph["app"]["run"] = "app.cpp includes run/run.hpp";
  graph["run"]["recipe"] = "run.cpp includes recipe/plan.hpp";
  graph["app"]["recipe"] = "app.cpp includes recipe/plan.hpp";
  EXPECT_TRUE(find_circle(graph).empty());
  graph["recipe"]["run"] = "plan.cpp includes run/run.hpp";
  const std::vector<std::string> circle = find_circle(graph);
  EXPECT_EQ(circle, (std::vector<std::string>{"recipe", "run", "recipe"}));
  EXPECT_EQ(explain(graph, circle),
            "recipe -> run (plan.cpp includes run/run.hpp) -> recipe (run.cpp includes "
            "recipe/plan.hpp)");
}

TEST(Includes, KernelFoldersHaveNoCircle) {
  const IncludeGraph graph = kernel_graph();
  // The reading works: these arrows are what the command is made of.
  ASSERT_TRUE(graph.contains("app") && graph.at("app").contains("run"));
  ASSERT_TRUE(graph.contains("run") && graph.at("run").contains("recipe"));
  ASSERT_TRUE(graph.at("run").contains("imbrex"));
  const std::vector<std::string> circle = find_circle(graph);
  EXPECT_TRUE(circle.empty()) << explain(graph, circle);
}

TEST(Includes, KernelFoldersExist) {
  for (const Include& include : includes_below(kTree / "kernel" / "src")) {
    const fs::path base = include.target.find('/') == std::string::npos ? include.file.parent_path()
                                                                        : kTree / "kernel" / "src";
    if (include.quoted) {
      EXPECT_TRUE(fs::exists(base / include.target)) << include.file << ": " << include.target;
    }
  }
}

TEST(Includes, PublicHeadersKnowPublicHeadersOnly) {
  for (const Include& include : includes_below(kTree / "kernel" / "include")) {
    EXPECT_FALSE(include.quoted) << include.file << ": " << include.target;
  }
}

// plugins/search/given/part/x.hpp -> plugins/search/given; plugins/search/x.hpp -> plugins/search.
fs::path component_folder(const fs::path& file) {
  fs::path folder = kTree / "plugins";
  const fs::path inside = file.lexically_relative(folder).parent_path();
  auto part = inside.begin();
  for (int depth = 0; depth < 2 && part != inside.end(); ++depth, ++part) {
    folder /= *part;
  }
  return folder;
}

// Its own files, and those that the components of one kind share: they lie in the kind's folder.
bool may_include(const fs::path& file, const fs::path& target) {
  const fs::path own = component_folder(file);
  const fs::path of_target = component_folder(target);
  return of_target == own || of_target == own.parent_path();
}

TEST(Includes, ComponentsDoNotKnowOneAnother) {
  const fs::path search = kTree / "plugins" / "search";
  EXPECT_TRUE(may_include(search / "a.cpp", search / "b.hpp"));
  EXPECT_TRUE(may_include(search / "given" / "a.cpp", search / "b.hpp"));
  EXPECT_TRUE(may_include(search / "given" / "part" / "a.cpp", search / "given" / "b.hpp"));
  EXPECT_FALSE(may_include(search / "a.cpp", search / "given" / "b.hpp"));
  EXPECT_FALSE(may_include(search / "given" / "a.cpp", search / "other" / "b.hpp"));
  EXPECT_FALSE(may_include(search / "a.cpp", kTree / "plugins" / "cost" / "b.hpp"));
}

TEST(Includes, PluginsKnowPublicHeadersAndTheFolderOfTheirKind) {
  std::size_t own = 0;
  for (const Include& include : includes_below(kTree / "plugins")) {
    if (include.quoted) {
      ++own;
      const fs::path target = (include.file.parent_path() / include.target).lexically_normal();
      EXPECT_TRUE(may_include(include.file, target)) << include.file << ": " << include.target;
      EXPECT_TRUE(fs::exists(target)) << include.file << ": " << include.target;
    } else if (include.target.starts_with("imbrex/")) {
      EXPECT_TRUE(fs::exists(kTree / "kernel" / "include" / include.target))
          << include.file << ": " << include.target;
    }
  }
  EXPECT_GT(own, 0u);
}

}  // namespace
}  // namespace imbrex::test
