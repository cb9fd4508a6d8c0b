// net/key_files.h: the keys of a capture in the form that Wireshark and tshark read.
#pragma once

#include <string>
#include <vector>

#include "model/base/expected.h"
#include "model/host/host.h"

namespace ssx::net {

/// A line of Wireshark's table esp_sa: addresses, SPI, algorithms and keys of one SA of one direction; nothing for AH.
std::string esp_sa_line(const host::EspSaKeys& sa);
/// A line of the table ah_sa, in the form of esp_sa without a cipher: addresses, SPI, integrity algorithm and key of
/// one AH SA of one direction; nothing for ESP. Wireshark checks no AH: the table is for other readers of the capture.
std::string ah_sa_line(const host::EspSaKeys& sa);
/// A line of Wireshark's table ikev1_decryption_table: initiator cookie and cipher key.
std::string ikev1_decryption_line(const authip::KeyLog& keys);

/// Writes a Wireshark configuration folder beside a capture: tables esp_sa and ikev1_decryption_table, preferences that
/// switch decryption on, and ah_sa. `WIRESHARK_CONFIG_DIR=<folder> wireshark <capture>` shows the plaintext.
/// @errors a sentence that names the path
expected<void, std::string> write_key_folder(const std::string& folder, const std::vector<host::KeysLogged>& keys);

}  // namespace ssx::net
