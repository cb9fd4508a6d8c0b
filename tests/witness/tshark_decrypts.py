#!/usr/bin/env python3
"""Wireshark's own reading of a protected connection, with the keys that the run left behind.

usage: tshark_decrypts.py PROGRAM SCENARIO

Every ESP packet has a good ICV and opens to a TCP segment with a good checksum; the octets of each direction are the texts
that the scenario sends; every AuthIP message dissects without complaint, the encrypted ones after they were opened.
"""
import collections
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import isakmp
import lab


def tshark(path, keys, display_filter, fields):
    """One dictionary per packet; a field that occurs several times is a list joined with commas."""
    command = ["tshark", "-n", "-r", path, "-Y", display_filter, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a"]
    for field in fields:
        command += ["-e", field]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "WIRESHARK_CONFIG_DIR": str(keys), "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, f"tshark: {done.stderr}"
    return [dict(zip(fields, line.split("\t"))) for line in done.stdout.splitlines()]


def reassemble(segments):
    """The octets of one direction from (sequence number, payload); repeated octets must be the same."""
    octets, first = {}, min(number for number, _ in segments)
    for number, payload in segments:
        for offset, octet in enumerate(payload):
            assert octets.setdefault(number - first + offset, octet) == octet, "a repetition with other octets"
    assert sorted(octets) == list(range(len(octets))), "octets are missing"
    return bytes(octets[index] for index in range(len(octets)))


def check_esp(capture, scenario):
    on_wire = [ip for ip in map(lab.read_ip, capture.datagrams()) if ip.protocol == lab.ESP]
    assert on_wire, "no ESP packet was captured"
    fields = ["frame.number", "ip.src", "ipv6.src", "esp.icv_good", "esp.icv_bad", "tcp.checksum.status", "tcp.seq_raw",
              "tcp.payload"]
    packets = tshark(capture.path, capture.keys, "esp", fields)
    assert len(packets) == len(on_wire), f"tshark saw {len(packets)} ESP packets of {len(on_wire)}"
    segments = collections.defaultdict(list)
    for packet in packets:
        assert packet["esp.icv_good"] == "1" and packet["esp.icv_bad"] == "0", f"the ICV is not good: {packet}"
        assert packet["tcp.checksum.status"] == "1", f"no TCP segment with a good checksum inside: {packet}"
        payload = bytes.fromhex(packet["tcp.payload"])
        if payload:
            segments[packet["ip.src"] or packet["ipv6.src"]].append((int(packet["tcp.seq_raw"]), payload))
    found = {source: reassemble(parts) for source, parts in segments.items()}
    wanted = lab.sent_texts(scenario)
    assert wanted and found == wanted, f"the scenario sends {wanted}, tshark read {found}"
    print(f"{len(packets)} ESP packets, {sum(map(len, found.values()))} octets of TCP payload")


def write_pcap(path, messages):
    """Messages as UDP datagrams from port 500 to 500 in a classic capture of raw IPv4."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for message in messages:
            udp = struct.pack(">HHHH", 500, 500, 8 + len(message), 0) + message
            datagram = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(4), bytes(4)) + udp
            file.write(struct.pack("<IIII", 0, 0, len(datagram), len(datagram)) + datagram)


def check_isakmp(capture):
    keys = {bytes.fromhex(cookie): bytes.fromhex(key) for cookie, key in capture.table("ikev1_decryption_table")}
    messages = [message for message in map(lab.keying_message, map(lab.read_ip, capture.datagrams())) if message]
    opened, wanted, encrypted = [], [], 0
    for message in messages:
        if isakmp.is_encrypted(message):
            first_type, chain = isakmp.open_message(message, keys)
            types = isakmp.payload_types(first_type, chain)
            assert types, "an encrypted message without a payload"
            wanted.append(types)
            opened.append(isakmp.in_clear(message, first_type, chain))
            encrypted += 1
        else:
            wanted.append(None)
            opened.append(message)
    assert encrypted, "no encrypted AuthIP message was captured"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "opened.pcap"
        write_pcap(path, opened)
        fields = ["isakmp.exchangetype", "isakmp.typepayload", "_ws.malformed", "isakmp.prop.number"]
        packets = tshark(path, capture.keys, "isakmp", fields)
    assert len(packets) == len(opened), f"tshark took {len(packets)} of {len(opened)} messages for ISAKMP"
    proposals = 0
    for packet, types in zip(packets, wanted):
        assert not packet["_ws.malformed"], f"malformed for tshark: {packet}"
        seen = [int(kind) for kind in packet["isakmp.typepayload"].split(",")]
        seen = [kind for kind in seen if kind not in (2, 3)]  # proposals and transforms stand inside an SA payload
        assert types is None or seen == types, f"payloads {types}, tshark read {seen}"
        proposals += types is not None and bool(packet["isakmp.prop.number"])
    assert proposals, "no proposal was read in an encrypted message"
    print(f"{len(messages)} AuthIP messages, {encrypted} of them encrypted")


def main():
    if shutil.which("tshark") is None:
        lab.skip("tshark is not installed")
    program, scenario = sys.argv[1:]
    with lab.Capture(program, scenario) as capture:
        check_esp(capture, scenario)
        check_isakmp(capture)


if __name__ == "__main__":
    main()
