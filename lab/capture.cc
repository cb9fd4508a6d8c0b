#include <algorithm>

#include "lab/run.h"
#include "net/key_files.h"
#include "net/pcapng.h"

namespace ssx::lab {
namespace {

std::string_view comment_of(sim::WireFate fate) {
  switch (fate) {
    case sim::WireFate::kSent: return "";
    case sim::WireFate::kLost: return "lost on the way";
    case sim::WireFate::kCorrupted: return "damaged on the way";
    case sim::WireFate::kNoSuchHost: return "no host has this address";
  }
  return "";
}

}  // namespace

expected<void, std::string> write_capture(const std::string& path, const Records& records) {
  auto file = net::PcapngFile::create(path);
  if (!file) return unexpected(file.error());
  for (const WireRecord& record : records.wire)
    file->add(record.host, record.at, record.datagram, comment_of(record.fate));
  if (auto finished = file->finish(); !finished) return finished;
  return net::write_key_folder(path + ".keys", records.keys);
}

}  // namespace ssx::lab
