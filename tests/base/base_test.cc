// The ground floor: octets, addresses, identifiers, time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/base/address.h"
#include "model/base/expected.h"
#include "model/base/guid.h"
#include "model/base/octets.h"
#include "model/base/time.h"

namespace ssx {
namespace {

using std::chrono_literals::operator""s;

TEST(OctetsTest, HexReadsWhatItWrites) {
  EXPECT_EQ(to_hex(hex("de ad\nBE ef")), "deadbeef");
  EXPECT_EQ(from_hex("abc"), std::nullopt);
  EXPECT_EQ(from_hex("zz"), std::nullopt);
}

TEST(ByteReaderTest, AfterAShortReadEverythingIsZeroAndNotOk) {
  const OctetVector octets = hex("01 0203 04");
  ByteReader in{octets};
  EXPECT_EQ(in.u8(), 1);
  EXPECT_EQ(in.u16(), 0x0203);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.u32(), 0U);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.u8(), 0);
}

TEST(ByteWriterTest, PatchesLengthsBehindTheFact) {
  OctetVector octets;
  ByteWriter out{octets};
  const std::size_t length_at = out.position();
  out.u16(0);
  out.u32(0x01020304);
  out.patch_u16(length_at, static_cast<std::uint16_t>(out.position()));
  EXPECT_EQ(to_hex(octets), "000601020304");
}

TEST(AddressTest, TextRoundTrips) {
  for (const char* text : {"0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "::1", "fd00::1",
                           "2001:db8:0:1::", "2001:db8:1:2:3:4:5:6", "1:0:0:2::3"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(to_string(*address), text);
  }
  EXPECT_EQ(to_string(parse_address("::ffff:10.0.0.1").value()), "::ffff:a00:1");
  EXPECT_EQ(to_string(parse_address("1:2:0:4:5:6:7:8").value()), "1:2:0:4:5:6:7:8");
}

TEST(AddressTest, MalformedTextIsNoAddress) {
  for (const char* text : {"", "10.0.0", "10.0.0.256", "10.0.0.1.2", "1:2:3", ":::", "1::2::3", "fd00::g",
                           "12345::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", ":1"}) {
    EXPECT_FALSE(parse_address(text).has_value()) << text;
  }
}

TEST(AddressTest, V4HostOrder) {
  EXPECT_EQ(parse_address("10.0.0.1")->v4_host_order(), 0x0A000001U);
  EXPECT_TRUE(parse_address("239.1.2.3")->is_multicast());
  EXPECT_TRUE(parse_address("ff02::1")->is_multicast());
}

TEST(GuidTest, ReadsAndWritesMicrosoftsForm) {
  constexpr Guid key = guid("b25ea800-0d02-46ed-92bd-7fa84bb73e9d");
  EXPECT_EQ(key.data1, 0xb25ea800U);
  EXPECT_EQ(to_string(key), "b25ea800-0d02-46ed-92bd-7fa84bb73e9d");
  EXPECT_EQ(parse_guid("{b25ea800-0d02-46ed-92bd-7fa84bb73e9d}"), key);
  EXPECT_FALSE(parse_guid("b25ea800-0d02-46ed-92bd-7fa84bb73e9").has_value());
}

TEST(TimeTest, InstantsAndSpans) {
  const Instant start{5s};
  EXPECT_EQ((start + 2s) - start, 2s);
  EXPECT_LT(start, start + 1s);
}

TEST(ExpectedTest, HoldsOneOfBoth) {
  const expected<int, char> value = 3;
  const expected<int, char> error = unexpected('x');
  EXPECT_EQ(*value, 3);
  EXPECT_EQ(error.error(), 'x');
  EXPECT_NE(value, error);
}

}  // namespace
}  // namespace ssx
