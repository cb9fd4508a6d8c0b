#include "lab/records.h"

#include <algorithm>

namespace ssx::lab {

bool Records::passed() const {
  const auto is_fine = [](const auto& record) { return record.complaint.empty(); };
  return stuck.empty() && std::ranges::all_of(steps, is_fine) && std::ranges::all_of(expectations, is_fine);
}

}  // namespace ssx::lab
