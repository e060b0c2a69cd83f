// What is asked of the design between the stages of a chain, and in whose name it is refused.
#pragma once

#include "run/admission.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace imbrex::run {

// Follows one chain. [one thread]
class StageAdmission {
 public:
  // The design that the first stage is given. A network that does not fit as it is, is nobody's
  // fault. Machines must outlive this.
  void begins(const Design& design, const BoundMachine& machine);
  // After the stage `where` has changed the design: what is decided must be right. Whether it fits
  // is asked when it is analysed, since a later stage may mend it.
  // Errors: BlamedError, InfeasibleError naming the stage.
  void require_left(const Design& design, const BoundMachine& machine, std::string_view where);
  // Before the analyzer `where` gets the design. Errors: InfeasibleError naming the stage that left
  // a design too large for the chip, or the analyzer.
  void require_whole(const Design& design, const BoundMachine& machine, const JobShape& shape,
                     std::string_view where) const;

 private:
  struct Left {
    std::string where;  // empty: the beginning
    Design design;
    const BoundMachine* machine;
  };
  const Left* culprit() const;

  // Kept, so that whether they fit is asked only of a chain that fails.
  std::vector<Left> trail_;
};

}  // namespace imbrex::run
