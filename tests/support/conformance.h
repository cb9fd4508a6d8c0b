// tests/support/conformance.h: which statement of docs/spec a test settles.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace ssx::testing_support {

/// The ids, separated by spaces, as one property of the running test: the XML report is the trace matrix.
inline void record_conformance(std::initializer_list<const char*> ids) {
  std::string joined;
  for (const char* id : ids) joined += (joined.empty() ? "" : " ") + std::string(id);
  ::testing::Test::RecordProperty("conformance", joined);
}

}  // namespace ssx::testing_support

/// CONFORMANCE("A-021") or CONFORMANCE("A-021", "A-022"), first thing in a test.
#define CONFORMANCE(...) ::ssx::testing_support::record_conformance({__VA_ARGS__})
