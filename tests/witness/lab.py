"""What the witnesses share: running the program, reading its captures with a parser of our own, and its key tables."""
import csv
import pathlib
import struct
import subprocess
import sys
import tempfile
from typing import NamedTuple

SKIPPED = 77  # the return code of a witness that is not installed
UDP, TCP, ESP, AH = 17, 6, 50, 51


def skip(why):
    print("skipped:", why)
    sys.exit(SKIPPED)


def run(program, scenario, *options, timeout=300):
    """The finished `ssx run`."""
    command = [program, "run", *options, scenario]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False)


class Capture:
    """The capture and the keys of one passing run; use it in a `with` statement."""

    def __init__(self, program, scenario, seed=None):
        self._folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._folder.name) / "out.pcapng"
        self.keys = pathlib.Path(self._folder.name) / "out.pcapng.keys"
        options = ["-q", "--capture", self.path] + ([] if seed is None else ["--seed", str(seed)])
        done = run(program, scenario, *options)
        if done.returncode != 0:
            raise AssertionError(f"{scenario}, seed {seed}: exit code {done.returncode}\n{done.stdout}{done.stderr}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def table(self, name):
        """The rows of a key table, a list of fields each."""
        with open(self.keys / name, encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def datagrams(self):
        return [packet.datagram for packet in read_pcapng(self.path.read_bytes())]


class Packet(NamedTuple):
    interface: int
    stamp: int
    datagram: bytes
    comment: str


def options_of(octets):
    """Code and value of each option of a pcapng block."""
    at = 0
    while at + 4 <= len(octets):
        code, length = struct.unpack_from("<HH", octets, at)
        if code == 0:
            return
        yield code, octets[at + 4 : at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def read_pcapng(octets):
    """The packets of a little-endian capture of whole IP datagrams; anything else fails."""
    packets, interfaces, at = [], 0, 0
    while at < len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        assert length % 4 == 0 and at + length <= len(octets), "a block leaves the file"
        assert struct.unpack_from("<I", octets, at + length - 4)[0] == length, "a block's two lengths differ"
        body = octets[at + 8 : at + length - 4]
        if at == 0:
            assert kind == 0x0A0D0D0A and body[:4] == bytes.fromhex("4d3c2b1a"), "no section header"
        elif kind == 1:
            assert struct.unpack_from("<H", body)[0] == 101, "another link type than RAW"
            interfaces += 1
        elif kind == 6:
            interface, high, low, captured, original = struct.unpack_from("<IIIII", body)
            assert interface < interfaces, "an interface that is not described"
            assert captured == original, "a packet that was cut"
            comments = [value.decode() for code, value in options_of(body[20 + (captured + 3) // 4 * 4 :]) if code == 1]
            packets.append(Packet(interface, high << 32 | low, body[20 : 20 + captured], "".join(comments)))
        else:
            raise AssertionError(f"an unknown block {kind:#x}")
        at += length
    return packets


class Ip(NamedTuple):
    source: bytes
    destination: bytes
    protocol: int
    payload: bytes


def read_ip(datagram):
    """The parts of an IPv4 or IPv6 datagram; the lengths in the header must be the datagram's."""
    if datagram[0] >> 4 == 4:
        header = (datagram[0] & 15) * 4
        assert struct.unpack_from(">H", datagram, 2)[0] == len(datagram), "IPv4 total length"
        assert struct.unpack_from(">H", datagram, 6)[0] & 0x3FFF == 0, "a fragment"
        return Ip(datagram[12:16], datagram[16:20], datagram[9], datagram[header:])
    assert datagram[0] >> 4 == 6, "no IP version"
    assert struct.unpack_from(">H", datagram, 4)[0] + 40 == len(datagram), "IPv6 payload length"
    protocol, payload = datagram[6], datagram[40:]
    while protocol in (0, 43, 60):  # hop-by-hop, routing, destination options
        protocol, payload = payload[0], payload[(payload[1] + 1) * 8 :]
    return Ip(datagram[8:24], datagram[24:40], protocol, payload)


def keying_message(ip):
    """The ISAKMP message in a datagram, or None (UDP 500; 4500 with the non-ESP marker of RFC 3948)."""
    if ip.protocol != UDP or len(ip.payload) < 8:
        return None
    source, destination = struct.unpack_from(">HH", ip.payload)
    if source == 500 and destination == 500:
        return ip.payload[8:]
    if 4500 in (source, destination) and ip.payload[8:12] == bytes(4):
        return ip.payload[12:]
    return None


def clear_payload(ip):
    """The octets that TCP or UDP carries in clear, keying aside; empty if there are none."""
    if ip.protocol == TCP:
        return ip.payload[(ip.payload[12] >> 4) * 4 :]
    if ip.protocol != UDP or keying_message(ip) is not None:
        return b""
    source, destination = struct.unpack_from(">HH", ip.payload)
    return b"" if 4500 in (source, destination) else ip.payload[8:]  # ESP in UDP


def sent_texts(scenario):
    """The octets that each host's program sends in its scenario, joined: {"client": b"…"}."""
    import yaml  # pylint: disable=import-outside-toplevel  # only the witnesses that read scenarios need it

    document = yaml.safe_load(pathlib.Path(scenario).read_text(encoding="utf-8"))
    texts = {}
    for name, program in document["programs"].items():
        steps = program["steps"] if isinstance(program, dict) else program
        host = program["host"] if isinstance(program, dict) else name
        for step in steps:
            if "send" in step:
                texts[host] = texts.get(host, b"") + step["send"]["data"].encode()
    addresses = {host: str(spec["addresses"][0]) for host, spec in document["hosts"].items()}
    return {addresses[host]: text for host, text in texts.items()}
