#pragma once

#include <imbrex/values/workload_builder.hpp>

namespace imbrex {

// What has to be computed? Reads the file named in its parameters. [one thread per instance]
class IMBREX_API WorkloadReader {
 public:
  virtual ~WorkloadReader();
  // Fills the builder; `WorkloadBuilder::finish` is the kernel's call. Errors: InputError.
  virtual void read(WorkloadBuilder& builder) = 0;
};

}  // namespace imbrex
