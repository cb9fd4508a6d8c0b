// The handle table: stale, forged and foreign handles are found out.
#include "api/src/handle_table.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "support/conformance.h"

namespace ssx::api {
namespace {

HandleEntry socket_number(std::uint64_t number) {
  SocketEntry entry;
  entry.socket = SocketId{number};
  return entry;
}

std::uint64_t number_behind(const HandleTable& table, std::uint64_t handle) {
  const auto entry = table.find_as<SocketEntry>(handle);
  return entry ? entry->socket.value : 0;
}

TEST(HandleTable, HandlesAreMultiplesOfFourAndNeitherNullNorInvalid) {
  HandleTable table;
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 1; i <= 500; ++i) {
    const std::uint64_t handle = table.add(socket_number(i));
    EXPECT_EQ(handle % 4, 0U);
    EXPECT_NE(handle, 0U);
    EXPECT_NE(handle, ~std::uint64_t{0});
    EXPECT_TRUE(seen.insert(handle).second);
    EXPECT_EQ(number_behind(table, handle), i);
  }
  EXPECT_EQ(table.size(), 500U);
}

TEST(HandleTable, C028AStaleHandleNeverNamesALaterSocket) {
  CONFORMANCE("C-028");
  HandleTable table;
  std::set<std::uint64_t> stale;
  for (std::uint64_t i = 1; i <= 2000; ++i) {
    const std::uint64_t handle = table.add(socket_number(i));
    EXPECT_FALSE(stale.contains(handle));
    for (const std::uint64_t old : stale) ASSERT_FALSE(table.find(old).has_value());
    EXPECT_TRUE(table.remove(handle));
    EXPECT_FALSE(table.remove(handle));
    EXPECT_FALSE(table.replace(handle, socket_number(i)));
    stale.insert(handle);
  }
  EXPECT_EQ(table.size(), 0U);
}

TEST(HandleTable, C027ForgedHandlesAreUnknown) {
  CONFORMANCE("C-027");
  HandleTable table;
  const std::uint64_t handle = table.add(socket_number(1));
  for (int bit = 0; bit < 64; ++bit) {
    EXPECT_FALSE(table.find(handle ^ (std::uint64_t{1} << bit)).has_value()) << bit;
  }
  for (const std::uint64_t forged :
       {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}, ~std::uint64_t{3}, handle + 4}) {
    EXPECT_FALSE(table.find(forged).has_value()) << forged;
    EXPECT_FALSE(table.remove(forged)) << forged;
  }
  EXPECT_EQ(number_behind(table, handle), 1U);
}

TEST(HandleTable, C029ATokenIsNoSocket) {
  CONFORMANCE("C-029");
  HandleTable table;
  const std::uint64_t token = table.add(TokenEntry{});
  EXPECT_TRUE(table.find(token).has_value());
  EXPECT_FALSE(table.find_as<SocketEntry>(token).has_value());
  EXPECT_TRUE(table.find_as<TokenEntry>(token).has_value());
}

TEST(HandleTable, OfTwoThreadsThatCloseOneHandleExactlyOneSucceeds) {
  HandleTable table;
  for (std::uint64_t round = 1; round <= 200; ++round) {
    const std::uint64_t handle = table.add(socket_number(round));
    bool first = false;
    bool second = false;
    std::thread other([&] { first = table.remove(handle); });
    second = table.remove(handle);
    other.join();
    EXPECT_NE(first, second);
  }
  EXPECT_EQ(table.size(), 0U);
}

}  // namespace
}  // namespace ssx::api
