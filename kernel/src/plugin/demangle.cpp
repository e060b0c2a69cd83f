#include "plugin/demangle.hpp"

#include <cstdlib>
#include <memory>

#include <cxxabi.h>

namespace imbrex::plugin {

std::string demangle(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? std::string(text.get()) : name;
}

}  // namespace imbrex::plugin
