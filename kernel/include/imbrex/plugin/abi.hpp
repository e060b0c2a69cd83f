// What makes a plugin binary compatible with a kernel binary: an epoch, a tag naming the C++
// runtime flavour, and the export macro. descriptor.hpp adds a fingerprint of standard library
// types, type_table.hpp the boundary's own.
//
// Every polymorphic type that crosses the boundary has its key function in libimbrex.so, because
// only then do `catch` and vtables agree under every C++ runtime (plugin specification,
// section 1.2).
#pragma once

#include <cstdint>

// Moves with every change of a type or virtual table that crosses the plugin boundary (exact
// match).
#define IMBREX_ABI_EPOCH 3u

#define IMBREX_API __attribute__((visibility("default")))
// Of an exported class what nobody outside needs.
#define IMBREX_LOCAL __attribute__((visibility("hidden")))

#if defined(_LIBCPP_VERSION)
#define IMBREX_ABI_TAG_STDLIB "libc++"
#else
#define IMBREX_ABI_TAG_STDLIB "libstdc++"
#endif

#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI == 0
#define IMBREX_ABI_TAG_STRING "cxx98"
#else
#define IMBREX_ABI_TAG_STRING "cxx11"
#endif

#if defined(_GLIBCXX_DEBUG)
#define IMBREX_ABI_TAG_CONTAINERS "debug-stl"
#else
#define IMBREX_ABI_TAG_CONTAINERS "plain"
#endif

#if defined(__GXX_RTTI) || defined(__cpp_rtti)
#define IMBREX_ABI_TAG_RTTI "rtti"
#else
#define IMBREX_ABI_TAG_RTTI "no-rtti"
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IMBREX_ABI_TAG_SANITIZER "asan"
#elif __has_feature(thread_sanitizer)
#define IMBREX_ABI_TAG_SANITIZER "tsan"
#endif
#endif
#if !defined(IMBREX_ABI_TAG_SANITIZER)
#if defined(__SANITIZE_ADDRESS__)
#define IMBREX_ABI_TAG_SANITIZER "asan"
#elif defined(__SANITIZE_THREAD__)
#define IMBREX_ABI_TAG_SANITIZER "tsan"
#else
#define IMBREX_ABI_TAG_SANITIZER "unsanitized"
#endif
#endif

#if UINTPTR_MAX == 0xffffffffffffffffu
#define IMBREX_ABI_TAG_POINTER "64-bit"
#else
#define IMBREX_ABI_TAG_POINTER "32-bit"
#endif

// A string literal on purpose: an inline variable would be merged across libraries by the dynamic
// linker, and a plugin would then report the tag of the plugin loaded before it.
#define IMBREX_ABI_TAG                                                          \
  IMBREX_ABI_TAG_STDLIB "/" IMBREX_ABI_TAG_STRING "/" IMBREX_ABI_TAG_CONTAINERS \
                        "/" IMBREX_ABI_TAG_RTTI "/" IMBREX_ABI_TAG_SANITIZER    \
                        "/" IMBREX_ABI_TAG_POINTER
