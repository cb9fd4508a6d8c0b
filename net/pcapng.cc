#include "net/pcapng.h"

#include <cerrno>
#include <cstring>

namespace ssx::net {
namespace {

constexpr std::uint32_t kSectionHeaderBlock = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceBlock = 1;
constexpr std::uint32_t kEnhancedPacketBlock = 6;
constexpr std::uint16_t kLinkTypeRaw = 101;
constexpr std::uint16_t kOptionEnd = 0;
constexpr std::uint16_t kOptionComment = 1;
constexpr std::uint16_t kOptionInterfaceName = 2;
constexpr std::uint16_t kOptionUserApplication = 4;
constexpr std::uint16_t kOptionTimeResolution = 9;

/// Little-endian fields; variable parts padded to 32 bits.
class BlockWriter {
 public:
  explicit BlockWriter(std::uint32_t type) {
    u32(type);
    u32(0);  // total length, patched by finish()
  }
  void u8(std::uint8_t value) { octets_.push_back(static_cast<std::byte>(value)); }
  void u16(std::uint16_t value) {
    u8(static_cast<std::uint8_t>(value));
    u8(static_cast<std::uint8_t>(value >> 8));
  }
  void u32(std::uint32_t value) {
    u16(static_cast<std::uint16_t>(value));
    u16(static_cast<std::uint16_t>(value >> 16));
  }
  void padded(Octets value) {
    append(octets_, value);
    while (octets_.size() % 4 != 0) u8(0);
  }
  void option(std::uint16_t code, Octets value) {
    u16(code);
    u16(static_cast<std::uint16_t>(value.size()));
    padded(value);
  }
  void text_option(std::uint16_t code, std::string_view text) {
    if (!text.empty()) option(code, as_octets(text.substr(0, 0xFFFF)));
  }
  OctetVector finish() {
    u16(kOptionEnd);
    u16(0);
    const auto length = static_cast<std::uint32_t>(octets_.size() + 4);
    u32(length);
    for (std::size_t i = 0; i < 4; ++i) octets_[4 + i] = octets_[octets_.size() - 4 + i];
    return std::move(octets_);
  }

 private:
  OctetVector octets_;
};

}  // namespace

OctetVector pcapng_section_header(std::string_view application) {
  BlockWriter block{kSectionHeaderBlock};
  block.u32(0x1A2B3C4D);  // byte-order magic
  block.u16(1);           // version 1.0
  block.u16(0);
  block.u32(0xFFFFFFFF);  // section length: not given
  block.u32(0xFFFFFFFF);
  block.text_option(kOptionUserApplication, application);
  return block.finish();
}

OctetVector pcapng_interface(std::string_view name) {
  BlockWriter block{kInterfaceBlock};
  block.u16(kLinkTypeRaw);
  block.u16(0);
  block.u32(0);  // no limit on the captured length
  block.text_option(kOptionInterfaceName, name);
  constexpr std::byte kNanoseconds{9};  // 10^-9 s
  block.option(kOptionTimeResolution, Octets(&kNanoseconds, 1));
  return block.finish();
}

OctetVector pcapng_packet(std::uint32_t interface, Instant at, Octets datagram, std::string_view comment) {
  const auto stamp = static_cast<std::uint64_t>(at.since_epoch.count());
  BlockWriter block{kEnhancedPacketBlock};
  block.u32(interface);
  block.u32(static_cast<std::uint32_t>(stamp >> 32));
  block.u32(static_cast<std::uint32_t>(stamp));
  block.u32(static_cast<std::uint32_t>(datagram.size()));
  block.u32(static_cast<std::uint32_t>(datagram.size()));
  block.padded(datagram);
  block.text_option(kOptionComment, comment);
  return block.finish();
}

expected<PcapngFile, std::string> PcapngFile::create(const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) return unexpected("cannot write the capture file " + path + ": " + std::strerror(errno));
  PcapngFile capture(path, std::move(file));
  capture.write(pcapng_section_header("ssx"));
  return expected<PcapngFile, std::string>(std::move(capture));
}

void PcapngFile::write(Octets octets) {
  const std::string text = to_text(octets);
  file_.write(text.data(), static_cast<std::streamsize>(text.size()));
}

void PcapngFile::add(const std::string& host, Instant at, Octets datagram, std::string_view comment) {
  const auto [entry, is_new] = interfaces_.emplace(host, static_cast<std::uint32_t>(interfaces_.size()));
  if (is_new) write(pcapng_interface(host));
  write(pcapng_packet(entry->second, at, datagram, comment));
}

expected<void, std::string> PcapngFile::finish() {
  file_.flush();
  if (!file_) return unexpected("cannot write the capture file " + path_ + ": " + std::strerror(errno));
  return {};
}

}  // namespace ssx::net
