// Capture files, octet for octet. Source: IETF draft-ietf-opsawg-pcapng 3.1, 4.1, 4.2, 4.3.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "net/pcapng.h"

namespace ssx::net {
namespace {

using std::chrono::nanoseconds;
using ::testing::StartsWith;

TEST(Pcapng, SectionHeaderOctets) {
  EXPECT_EQ(to_hex(pcapng_section_header("ssx")), to_hex(hex("0a0d0d0a"          // block type
                                                             "28000000"          // block total length: 40
                                                             "4d3c2b1a"          // byte-order magic, little endian
                                                             "0100 0000"         // version 1.0
                                                             "ffffffffffffffff"  // section length: not specified
                                                             "0400 0300"         // shb_userappl, 3 octets
                                                             "737378 00"         // "ssx", padded to 32 bits
                                                             "0000 0000"         // opt_endofopt
                                                             "28000000")));      // block total length again
}

TEST(Pcapng, InterfaceOctets) {
  EXPECT_EQ(to_hex(pcapng_interface("host")), to_hex(hex("01000000"   // interface description block
                                                         "28000000"   // block total length: 40
                                                         "6500 0000"  // link type 101 (RAW), reserved
                                                         "00000000"   // snap length: no limit
                                                         "0200 0400"  // if_name, 4 octets
                                                         "686f7374"   // "host"
                                                         "0900 0100"  // if_tsresol, 1 octet
                                                         "09 000000"  // 10^-9 s, padded
                                                         "0000 0000"  // opt_endofopt
                                                         "28000000")));
}

TEST(Pcapng, PacketOctets) {
  const Instant at{.since_epoch = nanoseconds(0x0102030405060708)};
  EXPECT_EQ(to_hex(pcapng_packet(3, at, hex("4500aabbcc"), "lost")), to_hex(hex("06000000"  // enhanced packet block
                                                                                "34000000"  // block total length: 52
                                                                                "03000000"  // interface
                                                                                "04030201"  // time stamp, upper 32 bits
                                                                                "08070605"  // time stamp, lower 32 bits
                                                                                "05000000"  // captured length
                                                                                "05000000"  // original length
                                                                                "4500aabbcc"  // the datagram
                                                                                "000000"      // padding to 32 bits
                                                                                "0100 0400"   // opt_comment, 4 octets
                                                                                "6c6f7374"    // "lost"
                                                                                "0000 0000"   // opt_endofopt
                                                                                "34000000")));
}

TEST(Pcapng, ADatagramOfAnyLengthEndsOn32Bits) {
  for (std::size_t length = 0; length < 9; ++length) {
    const OctetVector block = pcapng_packet(0, Instant{}, OctetVector(length, std::byte{0x45}), "");
    EXPECT_EQ(block.size(), 28 + (length + 3) / 4 * 4 + 4 + 4) << length;
    EXPECT_EQ(std::to_integer<std::size_t>(block[4]), block.size()) << length;
  }
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class CaptureFile : public ::testing::Test {
 protected:
  std::string path_ =
      ::testing::TempDir() + ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".pcapng";

  /// Three packets of two hosts: a UDP datagram that Wireshark knows nothing about, twice from a, once from b.
  void write_three() {
    auto file = PcapngFile::create(path_);
    ASSERT_TRUE(file.has_value());
    const OctetVector datagram = hex("4500 0020 0000 0000 8011 0000 0a000001 0a000002  c000 c001 000c 0000 61626364");
    file->add("a", Instant{.since_epoch = nanoseconds(1'000'000'001)}, datagram, "");
    file->add("b", Instant{.since_epoch = nanoseconds(1'500'000'000)}, datagram, "damaged on the way");
    file->add("a", Instant{.since_epoch = nanoseconds(2'000'000'000)}, datagram, "");
    ASSERT_TRUE(file->finish().has_value());
  }
};

TEST_F(CaptureFile, DescribesEachHostOnceBeforeItsFirstPacket) {
  write_three();
  const OctetVector datagram = hex("4500 0020 0000 0000 8011 0000 0a000001 0a000002  c000 c001 000c 0000 61626364");
  const auto packet = [&](std::uint32_t interface, std::int64_t at, std::string_view comment) {
    return pcapng_packet(interface, Instant{.since_epoch = nanoseconds(at)}, datagram, comment);
  };
  EXPECT_EQ(to_hex(as_octets(contents(path_))),
            to_hex(concatenate({pcapng_section_header("ssx"), pcapng_interface("a"), packet(0, 1'000'000'001, ""),
                                pcapng_interface("b"), packet(1, 1'500'000'000, "damaged on the way"),
                                packet(0, 2'000'000'000, "")})));
}

TEST_F(CaptureFile, TsharkReadsIt) {
  if (std::system("tshark -v >/dev/null 2>&1") != 0) GTEST_SKIP() << "tshark is not installed";
  write_three();
  const std::string out = path_ + ".fields";
  const std::string command =
      "tshark -n -r '" + path_ +
      "' -T fields -E separator='|' -e frame.time_epoch -e frame.interface_name -e ip.src -e ip.dst "
      "-e udp.dstport -e frame.comment >'" +
      out + "' 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(contents(out),
            "1.000000001|a|10.0.0.1|10.0.0.2|49153|\n"
            "1.500000000|b|10.0.0.1|10.0.0.2|49153|damaged on the way\n"
            "2.000000000|a|10.0.0.1|10.0.0.2|49153|\n");
}

TEST_F(CaptureFile, APathThatCannotBeWrittenIsNamedWithTheReason) {
  const std::string path = ::testing::TempDir() + "no-such-folder/out.pcapng";
  const auto file = PcapngFile::create(path);
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error(), "cannot write the capture file " + path + ": No such file or directory");
}

TEST_F(CaptureFile, AFullDiskIsSaidAtTheEnd) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  auto file = PcapngFile::create("/dev/full");
  ASSERT_TRUE(file.has_value());
  file->add("a", Instant{}, hex("45"), "");
  const auto finished = file->finish();
  ASSERT_FALSE(finished.has_value());
  EXPECT_THAT(finished.error(), StartsWith("cannot write the capture file /dev/full: "));
}

}  // namespace
}  // namespace ssx::net
