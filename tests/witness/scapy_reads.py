#!/usr/bin/env python3
"""scapy opens ESP packets and finds in them what tshark finds.

usage: scapy_reads.py PROGRAM SCENARIO
"""
import shutil
import sys

import lab
from associations import esp_associations, packet_of
from tshark_decrypts import tshark

FIELDS = ["esp.spi", "esp.sequence", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags",
          "tcp.window_size_value", "tcp.checksum", "tcp.payload"]


def tcp_fields(segment):
    """The same fields from the octets of a TCP header (RFC 9293 3.1), as tshark writes them."""
    def number(start, end):
        return int.from_bytes(segment[start:end], "big")

    return [str(number(0, 2)), str(number(2, 4)), str(number(4, 8)), str(number(8, 12)), f"0x{number(12, 14) & 0xFFF:04x}",
            str(number(14, 16)), f"0x{number(16, 18):04x}", segment[(segment[12] >> 4) * 4 :].hex()]


def main():
    program, scenario = sys.argv[1:]
    if shutil.which("tshark") is None:
        lab.skip("tshark is not installed")
    with lab.Capture(program, scenario) as capture:
        associations = esp_associations(capture)
        seen_by_tshark = tshark(capture.path, capture.keys, "esp", FIELDS)
        datagrams = [datagram for datagram in capture.datagrams() if lab.read_ip(datagram).protocol == lab.ESP]
    assert datagrams and len(datagrams) == len(seen_by_tshark), "no ESP packets, or not the same number"
    for datagram, wanted in zip(datagrams, seen_by_tshark):
        header = lab.read_ip(datagram).payload
        spi, sequence = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
        opened = lab.read_ip(bytes(associations[spi].decrypt(packet_of(datagram))))  # raises where the ICV is wrong
        assert opened.protocol == lab.TCP, f"protocol {opened.protocol} inside"
        found = [f"0x{spi:08x}", str(sequence)] + tcp_fields(opened.payload)
        assert found == list(wanted.values()), f"scapy reads {found}, tshark {wanted}"
    print(f"{len(datagrams)} ESP packets, the same for scapy and tshark")


if __name__ == "__main__":
    main()
