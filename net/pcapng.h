// net/pcapng.h: capture files. Source: IETF draft-ietf-opsawg-pcapng; link type RAW (101): whole IP datagrams.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "model/base/expected.h"
#include "model/base/octets.h"
#include "model/base/time.h"

namespace ssx::net {

// The blocks, as octets; always little endian, so that the same run gives the same file everywhere.
OctetVector pcapng_section_header(std::string_view application);
/// One interface a host; its name is the host's. Time stamps count nanoseconds.
OctetVector pcapng_interface(std::string_view name);
/// @param interface  number of the interface, in the order of their descriptions.
/// @param comment    shown by readers; may be empty.
OctetVector pcapng_packet(std::uint32_t interface, Instant at, Octets datagram, std::string_view comment);

/// A capture file that is written while the run goes on.
class PcapngFile {
 public:
  /// @errors a sentence that names the path and what the system said
  static expected<PcapngFile, std::string> create(const std::string& path);

  /// Adds a datagram as it left `host`; the first of a host describes its interface.
  void add(const std::string& host, Instant at, Octets datagram, std::string_view comment);
  /// Writes what is buffered. @errors a sentence: the disk is full, …
  expected<void, std::string> finish();

 private:
  PcapngFile(std::string path, std::ofstream file) : path_(std::move(path)), file_(std::move(file)) {}
  void write(Octets octets);

  std::string path_;
  std::ofstream file_;
  std::map<std::string, std::uint32_t> interfaces_;
};

}  // namespace ssx::net
