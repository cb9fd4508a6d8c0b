#!/usr/bin/env python3
"""AH, which tshark dissects but does not check: scapy verifies the ICV of every packet.

usage: scapy_verifies_ah.py PROGRAM SCENARIO
"""
import shutil
import sys

import lab
from associations import ah_associations, packet_of
from scapy.layers.ipsec import IPSecIntegrityError
from tshark_decrypts import reassemble, tshark


def opens(association, datagram):
    try:
        return lab.read_ip(bytes(association.decrypt(packet_of(datagram))))
    except IPSecIntegrityError:
        return None


def check_icvs(capture):
    associations = ah_associations(capture)
    datagrams = [datagram for datagram in capture.datagrams() if lab.read_ip(datagram).protocol == lab.AH]
    assert datagrams, "no AH packet was captured"
    for datagram in datagrams:
        header = lab.read_ip(datagram).payload
        spi = int.from_bytes(header[4:8], "big")
        opened = opens(associations[spi], datagram)
        assert opened, f"the ICV of SPI {spi:#x}, sequence number {int.from_bytes(header[8:12], 'big')}"
        assert opened.payload == header[(header[1] + 2) * 4 :], "another segment behind the header"
        damaged = datagram[:-1] + bytes([datagram[-1] ^ 1])
        assert opens(associations[spi], damaged) is None, "the witness takes a damaged packet for a good one"
    return datagrams


def main():
    program, scenario = sys.argv[1:]
    if shutil.which("tshark") is None:
        lab.skip("tshark is not installed")
    with lab.Capture(program, scenario) as capture:
        datagrams = check_icvs(capture)
        packets = tshark(capture.path, capture.keys, "ah", ["ip.src", "ipv6.src", "ah.spi", "ah.sequence", "ah.icv",
                                                           "ah.next_header", "tcp.checksum.status", "tcp.seq_raw", "tcp.payload"])
    assert len(packets) == len(datagrams), f"tshark saw {len(packets)} AH packets of {len(datagrams)}"
    segments = {}
    for packet, datagram in zip(packets, datagrams):
        header = lab.read_ip(datagram).payload
        fields = [f"0x{header[4:8].hex()}", str(int.from_bytes(header[8:12], "big")), header[12:24].hex(), "6", "1"]
        found = [packet[name] for name in ("ah.spi", "ah.sequence", "ah.icv", "ah.next_header", "tcp.checksum.status")]
        assert found == fields, f"tshark read {found}, the packet holds {fields}"
        payload = bytes.fromhex(packet["tcp.payload"])
        if payload:
            segments.setdefault(packet["ip.src"] or packet["ipv6.src"], []).append((int(packet["tcp.seq_raw"]), payload))
    found = {source: reassemble(parts) for source, parts in segments.items()}
    wanted = lab.sent_texts(scenario)
    assert wanted and found == wanted, f"the scenario sends {wanted}, tshark read {found}"
    print(f"{len(packets)} AH packets with good ICVs")


if __name__ == "__main__":
    main()
