// Bind conflicts: api-contract.md 1.9, all 36 cells, written out a second time as one row a cell.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "model/host/port_table.h"
#include "support/conformance.h"

namespace ssx::host {
namespace {

using Outcome = std::optional<SocketError>;
const Outcome kOk;
const Outcome kInUse = SocketError::kAddressInUse;
const Outcome kDenied = SocketError::kAccessDenied;

struct Row {
  Sharing first;
  bool first_wild;
  Outcome none_wild, none_spec, reuse_wild, reuse_spec, exclusive_wild, exclusive_spec;
};

const std::vector<Row>& table() {
  static const std::vector<Row> rows = {
      {Sharing::kNone, true, kInUse, kOk, kDenied, kOk, kInUse, kOk},
      {Sharing::kNone, false, kOk, kInUse, kOk, kDenied, kInUse, kInUse},
      {Sharing::kReuse, true, kInUse, kOk, kOk, kOk, kInUse, kOk},
      {Sharing::kReuse, false, kOk, kInUse, kOk, kOk, kInUse, kInUse},
      {Sharing::kExclusive, true, kInUse, kDenied, kDenied, kDenied, kInUse, kDenied},
      {Sharing::kExclusive, false, kOk, kInUse, kOk, kDenied, kInUse, kInUse},
  };
  return rows;
}

const IpAddress kOne = IpAddress::v4(0x0A000001);
const IpAddress kOther = IpAddress::v4(0x0A000002);
const IpAddress kAny = IpAddress::any(IpVersion::kV4);

PortTable::Binding binding(std::uint64_t socket, const IpAddress& address, Sharing sharing, std::uint16_t port = 80) {
  return {SocketId{socket}, IpProtocol::kTcp, {address, port}, sharing};
}

Outcome second_bind(const PortTable::Binding& first, const PortTable::Binding& second) {
  PortTable ports;
  EXPECT_TRUE(ports.bind(first));
  const auto bound = ports.bind(second);
  return bound ? kOk : Outcome(bound.error());
}

TEST(BindConflicts, AllThirtySixCellsHold) {
  CONFORMANCE("C-254", "C-255", "C-256", "C-257", "C-258");
  for (const Row& row : table()) {
    const struct {
      Sharing sharing;
      bool wild;
      Outcome expected;
    } columns[] = {{Sharing::kNone, true, row.none_wild},           {Sharing::kNone, false, row.none_spec},
                   {Sharing::kReuse, true, row.reuse_wild},         {Sharing::kReuse, false, row.reuse_spec},
                   {Sharing::kExclusive, true, row.exclusive_wild}, {Sharing::kExclusive, false, row.exclusive_spec}};
    for (const auto& column : columns) {
      const std::string cell = "first " + std::to_string(int(row.first)) + (row.first_wild ? " wild" : " specific") +
                               ", second " + std::to_string(int(column.sharing)) +
                               (column.wild ? " wild" : " specific");
      EXPECT_EQ(bind_conflict(row.first, row.first_wild, column.sharing, column.wild, true), column.expected) << cell;
      EXPECT_EQ(second_bind(binding(1, row.first_wild ? kAny : kOne, row.first),
                            binding(2, column.wild ? kAny : kOne, column.sharing)),
                column.expected)
          << cell;
    }
  }
}

TEST(BindConflicts, C259DifferentSpecificAddressesNeverConflict) {
  CONFORMANCE("C-259");
  for (const auto first : {Sharing::kNone, Sharing::kReuse, Sharing::kExclusive}) {
    for (const auto second : {Sharing::kNone, Sharing::kReuse, Sharing::kExclusive}) {
      EXPECT_EQ(second_bind(binding(1, kOne, first), binding(2, kOther, second)), kOk);
    }
  }
}

TEST(BindConflicts, ProtocolsPortsAndIpVersionsDoNotConflict) {
  const PortTable::Binding first = binding(1, kAny, Sharing::kExclusive);
  PortTable::Binding udp = binding(2, kAny, Sharing::kExclusive);
  udp.protocol = IpProtocol::kUdp;
  PortTable::Binding v6 = binding(2, IpAddress::any(IpVersion::kV6), Sharing::kExclusive);
  EXPECT_EQ(second_bind(first, udp), kOk);
  EXPECT_EQ(second_bind(first, v6), kOk);
  EXPECT_EQ(second_bind(first, binding(2, kAny, Sharing::kExclusive, 81)), kOk);
}

TEST(BindConflicts, AReleasedPortIsFree) {
  PortTable ports;
  ASSERT_TRUE(ports.bind(binding(1, kAny, Sharing::kExclusive)));
  ASSERT_FALSE(ports.bind(binding(2, kAny, Sharing::kExclusive)));
  ports.release(SocketId{1});
  EXPECT_FALSE(ports.is_bound(IpProtocol::kTcp, 80));
  EXPECT_TRUE(ports.bind(binding(2, kAny, Sharing::kExclusive)));
}

TEST(DynamicPorts, EveryPortIsGivenOnceAndThenNone) {
  PortTable ports;
  std::uint64_t socket = 1;
  std::vector<bool> given(65536, false);
  for (int i = kDynamicPortFirst; i <= kDynamicPortLast; ++i) {
    const auto port = ports.bind(binding(socket++, kAny, Sharing::kNone, 0));
    ASSERT_TRUE(port);
    ASSERT_GE(*port, kDynamicPortFirst);
    ASSERT_FALSE(given[*port]) << *port;
    given[*port] = true;
    if (i == kDynamicPortFirst + 500) break;  // the table is searched in a line
  }
  for (std::uint32_t port = kDynamicPortFirst + 501U; port <= kDynamicPortLast; ++port) {
    ASSERT_TRUE(ports.bind(binding(1'000'000, kAny, Sharing::kNone, static_cast<std::uint16_t>(port))));
  }
  const auto none = ports.bind(binding(socket, kAny, Sharing::kNone, 0));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(), SocketError::kNoBufferSpace);
}

}  // namespace
}  // namespace ssx::host
