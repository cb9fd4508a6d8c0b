// lab/records_json.h: records as JSON text and back: how a host process hands its part of a run to its parent.
#pragma once

#include <string>
#include <string_view>

#include "lab/records.h"
#include "model/base/expected.h"

namespace ssx::lab {

/// One line of JSON.
std::string to_json_line(const Records& records);
/// @errors a sentence: what of the text was not understood
expected<Records, std::string> records_from_json(std::string_view text);

/// Appends all of `part` to `whole`.
void merge(Records& whole, Records part);
/// Puts what came from several hosts in the order of time.
void sort_by_time(Records& records);

}  // namespace ssx::lab
