// Readers: files that are whole are read, and files that are not are refused in words.
#include "checks.hpp"
#include "examination.hpp"
#include "run/load_workload.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

namespace imbrex::conform {
namespace {

constexpr std::uint64_t kSpoilt = 60;  // files

const ParamSpec& path_parameter(const Component& component) {
  const auto found = std::find_if(component.params.begin(), component.params.end(),
                                  [](const auto& spec) { return spec.type == ParamType::path; });
  if (found == component.params.end()) {
    throw Skipped("it has no parameter that names a file");
  }
  return *found;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A file that is gone when this is.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& like)
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("imbrex-conform-{}{}", getpid(), like.extension().string())) {}
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }
  void fill(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }

 private:
  std::filesystem::path path_;
};

std::string spoilt(std::string content, Random& random) {
  if (content.empty()) {
    return content;
  }
  switch (random.below(4)) {
    case 0:
      return content.substr(0, random.below(content.size()));
    case 1:
      for (int i = 0; i < 8; ++i) {
        content[random.below(content.size())] = static_cast<char>(random.below(256));
      }
      return content;
    case 2:
      return content.erase(random.below(content.size()), random.below(64));
    default: {
      const std::size_t from = random.below(content.size());
      return content.insert(random.below(content.size()), content.substr(from, random.below(64)));
    }
  }
}

void reads_its_file(Examination& examination) {
  const auto services = examination.services();
  const auto workload = run::load_workload(examination.settings().front().subject, 1, *services);
  require(!workload->operators().empty(), [] { return std::string("it read no operator"); });
}

// A spoilt file may by chance still be one.
void require_answer(const recipe::PlannedComponent& reader, plugin::HostServices& services,
                    const std::string& how) {
  try {
    run::load_workload(reader, 1, services);
  } catch (const Error& error) {
    require(error.code() != ErrorCode::failed, [&] {
      return fmt::format("of {} it says: {}\nthrow an InputError that says what is wrong where",
                         how, error.what());
    });
  }
}

void spoilt_files(Examination& examination) {
  const auto services = examination.services();
  recipe::PlannedComponent reader = examination.settings().front().subject;
  const ParamSpec& spec = path_parameter(reader.config.component());
  const std::filesystem::path original(std::string(reader.config.value(spec).text));
  const std::string content = content_of(original);
  const Scratch scratch(original);
  ParamValue value;
  value.type = ParamType::path;
  value.text = scratch.path().native();
  spec.store(reader.config.get(), value);
  scratch.fill("");
  require_answer(reader, *services, "an empty file");
  for (std::uint64_t number = 0; number < kSpoilt; ++number) {
    Random random(examination.seed(), number);
    scratch.fill(spoilt(content, random));
    require_answer(reader, *services, fmt::format("a spoilt file ({})", number));
  }
}

constexpr std::string_view kReads[] = {"workload/reads-its-file"};
constexpr Check kChecks[] = {
    {"workload/reads-its-file", "The file of the recipe is read, and holds operators.",
     kinds_of({Kind::workload_reader}), reads_its_file},
    {"workload/spoilt-files-are-refused",
     "Files that are empty, cut off or spoilt are read or refused in words.",
     kinds_of({Kind::workload_reader}), spoilt_files, kReads, true},
};

}  // namespace

std::span<const Check> workload_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
