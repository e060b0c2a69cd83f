#pragma once

#include <string>

namespace imbrex::test {

// What a call throws, as text; empty when it throws nothing. Other exceptions pass.
template <class Exception, class Call>
std::string thrown(Call call) {
  try {
    call();
  } catch (const Exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace imbrex::test
