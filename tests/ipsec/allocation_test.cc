// The per-packet path allocates nothing after its first packets.
#include <gtest/gtest.h>

#include "ipsec/allocations.h"
#include "ipsec/testbed.h"

namespace ssx::ipsec {
namespace {

TEST(SadAllocations, ProtectAndUnprotectAllocateNothingInSteadyState) {
  for (const Suite suite : {Suite::kEspNull, Suite::kEspAes, Suite::kAh, Suite::kEspAesAndAh}) {
    TwoHosts hosts;
    SaPair pair = pair_of_a(suite);
    pair.lifetime = {
        .seconds = 3600, .kilobytes = 8, .packets = 0};  // used up on the way: the schedule changes as well
    pair.idle_timeout_seconds = 300;
    const SaContextId context = hosts.install(pair);
    const OctetVector datagram = a_to_z(std::string(1000, 'x'));
    OutboundQuery query;
    query.packet = *tuple_of(datagram, false);
    OctetVector wire;
    wire.reserve(2000);
    hosts.opened.reserve(2000);
    const std::size_t before = allocations();
    for (int i = 0; i < 20; ++i) {
      const auto found = hosts.a.find_outbound(query);
      ASSERT_EQ(found, context);
      ASSERT_TRUE(hosts.a.protect(*found, datagram, hosts.random, kStart, wire));
      ASSERT_EQ(hosts.open_at_z(wire), kArrived);
    }
    EXPECT_EQ(allocations(), before) << static_cast<int>(suite);
    EXPECT_EQ(hosts.a.next_deadline(), kStart);
  }
  const std::size_t before = allocations();
  ::operator delete(::operator new(8));
  EXPECT_GT(allocations(), before) << "the counter counts";
}

}  // namespace
}  // namespace ssx::ipsec
