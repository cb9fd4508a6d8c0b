#!/usr/bin/env python3
"""docs/scenario.schema.json says what the parser does.

usage: scenario_schema.py PROGRAM ROOT

The schema is valid; every scenario of the repository is valid under it; every map has the keys that the parser names when it
refuses another one, every list of names is the list that the parser offers; and what is wrong is refused by both.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import lab

try:
    import jsonschema
    import yaml
except ImportError as missing:
    lab.skip(f"{missing.name} is not installed")

HOSTS = "hosts: {a: {addresses: [10.0.0.1]}, b: {addresses: [10.0.0.2]}}\n"
WHOLE = "scenario: S\n" + HOSTS + "programs: {a: []}\n"


def step(text):
    return "scenario: S\n" + HOSTS + f"programs: {{a: [{text}]}}\n"


def host(text):
    return f"scenario: S\nhosts: {{a: {{addresses: [10.0.0.1], {text}}}}}\nprograms: {{a: []}}\n"


def policy(text):
    return host(f"policies: {{p: {{{text}}}}}")


MAIN_MODE = "type: main-mode, methods: KERBEROS, proposals: "
QUICK_MODE = "type: quick-mode, proposals: "
MAIN_PROPOSAL = "cipher: 3DES, integrity: SHA1, dh_group: GROUP_2"
ADDRESS = '"10.0.0.2:1"'

# A file with the unknown key `zz` in one map, and where the schema describes this map.
UNKNOWN_KEYS = [
    (WHOLE + "zz: 1\n", "/properties"),
    (WHOLE + "users: {u: {password: p, zz: 1}}\n", "/properties/users/additionalProperties/properties"),
    (host("zz: 1"), "/$defs/host/properties"),
    (WHOLE + "network: {zz: 1}\n", "/properties/network/properties"),
    (WHOLE + "network: {links: [{from: a, to: b, zz: 1}]}\n", "/properties/network/properties/links/items/properties"),
    ("scenario: S\n" + HOSTS + "programs: {p: {host: a, steps: [], zz: 1}}\n", "/properties/programs/additionalProperties/anyOf/1/properties"),
    (policy(MAIN_MODE + "[], zz: 1"), "/$defs/policy/oneOf/0/properties"),
    (policy(QUICK_MODE + "[], zz: 1"), "/$defs/policy/oneOf/1/properties"),
    (policy(MAIN_MODE + "[{" + MAIN_PROPOSAL + ", zz: 1}]"), "/$defs/policy/oneOf/0/properties/proposals/items/properties"),
    (policy(QUICK_MODE + "[{protocol: ESP, zz: 1}]"), "/$defs/policy/oneOf/1/properties/proposals/items/properties"),
    (policy(QUICK_MODE + "[], extended_mode: {methods: SSL, zz: 1}"), "/$defs/policy/oneOf/1/properties/extended_mode/properties"),
    (step("WSASetSocketSecurity: {socket: s, settings: {zz: 1}}"), "/$defs/settings/anyOf/2/properties"),
    (WHOLE + "expect: [{protection: {from: a, to: b, protocol: AH, zz: 1}}]\n", "/$defs/expectation/properties/protection/properties"),
    (WHOLE + "expect: [{sa: {host: a, zz: 1}}]\n", "/$defs/expectation/properties/sa/properties"),
    (WHOLE + "expect: [{main_mode: {host: a, zz: 1}}]\n", "/$defs/expectation/properties/main_mode/properties"),
    (WHOLE + "expect: [{event: {host: a, kind: CLASSIFY_DROP, status: ERROR_IPSEC_BAD_SPI, zz: 1}}]\n",
     "/$defs/expectation/properties/event/properties"),
]
# The arguments that each call must have.
ARGUMENTS = {
    "socket": "as: s", "bind": f"socket: s, address: {ADDRESS}", "listen": "socket: s", "accept": "socket: s",
    "connect": f"socket: s, to: {ADDRESS}", "send": "socket: s, data: x", "sendto": f"socket: s, to: {ADDRESS}, data: x",
    "recv": "socket: s", "recvfrom": "socket: s", "shutdown": "socket: s, how: SD_SEND", "closesocket": "socket: s",
    "WSASetSocketSecurity": "socket: s, settings: NULL", "WSASetSocketPeerTargetName": "socket: s, name: n",
    "WSADeleteSocketPeerTargetName": "socket: s, peer: p", "WSAQuerySocketSecurity": "socket: s",
    "WSAImpersonateSocketPeer": "socket: s", "setsockopt": "socket: s, option: SO_ERROR, value: 1",
    "getsockopt": "socket: s, option: SO_ERROR, expect: 1",
}
WITHOUT_ARGUMENTS = {"WSARevertImpersonation", "sleep", "signal", "wait"}

# A file with the unknown name `zz` where one of a list must stand, and where the schema has this list.
UNKNOWN_NAMES = [
    (step("{listen: {socket: s}, fails: zz}"), "/$defs/step/properties/fails/enum"),
    (step("WSAQuerySocketSecurity: {socket: s, negotiation_error: zz}"), "/$defs/ipsecError/enum"),
    (step("WSAQuerySocketSecurity: {socket: s, flags: zz}"), "/$defs/step/properties/WSAQuerySocketSecurity/properties/flags/anyOf/0/enum"),
    (step("WSASetSocketSecurity: {socket: s, settings: {SecurityProtocol: zz}}"), "/$defs/settings/anyOf/2/properties/SecurityProtocol/enum"),
    (step("WSASetSocketSecurity: {socket: s, settings: {SecurityFlags: zz}}"), "/$defs/settings/anyOf/2/properties/SecurityFlags/anyOf/0/enum"),
    (step("WSASetSocketSecurity: {socket: s, settings: {IpsecFlags: zz}}"), "/$defs/settings/anyOf/2/properties/IpsecFlags/anyOf/0/enum"),
    (step("setsockopt: {socket: s, option: zz, value: 1}"), "/$defs/option/enum"),
    (step("socket: {as: s, family: zz}"), "/$defs/step/properties/socket/properties/family/enum"),
    (step("socket: {as: s, type: zz}"), "/$defs/step/properties/socket/properties/type/enum"),
    (step("shutdown: {socket: s, how: zz}"), "/$defs/step/properties/shutdown/properties/how/enum"),
    (host("credential: zz"), "/$defs/host/properties/credential/enum"),
    (policy(MAIN_MODE.replace("KERBEROS", "zz") + "[]"), "/$defs/policy/oneOf/0/properties/methods/anyOf/0/enum"),
    (policy(MAIN_MODE + "[], impersonation: zz"), "/$defs/policy/oneOf/0/properties/impersonation/enum"),
    (policy(MAIN_MODE + "[{cipher: zz}]"), "/$defs/policy/oneOf/0/properties/proposals/items/properties/cipher/enum"),
    (policy(MAIN_MODE + "[{cipher: DES, integrity: zz}]"), "/$defs/policy/oneOf/0/properties/proposals/items/properties/integrity/enum"),
    (policy(MAIN_MODE + "[{cipher: DES, integrity: MD5, dh_group: zz}]"),
     "/$defs/policy/oneOf/0/properties/proposals/items/properties/dh_group/enum"),
    (policy(QUICK_MODE + "[{protocol: zz}]"), "/$defs/policy/oneOf/1/properties/proposals/items/properties/protocol/enum"),
    (policy(QUICK_MODE + "[{protocol: ESP, cipher: zz}]"), "/$defs/policy/oneOf/1/properties/proposals/items/properties/cipher/enum"),
    (policy(QUICK_MODE + "[{protocol: ESP, integrity: zz}]"), "/$defs/policy/oneOf/1/properties/proposals/items/properties/integrity/enum"),
    (WHOLE + "expect: [{payload_in_clear: zz}]\n", "/$defs/expectation/properties/payload_in_clear/enum"),
    (WHOLE + "expect: [{protection: {from: a, to: b, protocol: zz}}]\n", "/$defs/expectation/properties/protection/properties/protocol/enum"),
    (WHOLE + "expect: [{sa: {host: a, protocol: zz}}]\n", "/$defs/expectation/properties/sa/properties/protocol/enum"),
    (WHOLE + "expect: [{sa: {host: a, cipher: zz}}]\n", "/$defs/expectation/properties/sa/properties/cipher/enum"),
    (WHOLE + "expect: [{sa: {host: a, integrity: zz}}]\n", "/$defs/expectation/properties/sa/properties/integrity/enum"),
    (WHOLE + "expect: [{main_mode: {host: a, cipher: zz}}]\n", "/$defs/expectation/properties/main_mode/properties/cipher/enum"),
    (WHOLE + "expect: [{main_mode: {host: a, dh_group: zz}}]\n", "/$defs/expectation/properties/main_mode/properties/dh_group/enum"),
    (WHOLE + "expect: [{main_mode: {host: a, extended_method: zz}}]\n", "/$defs/expectation/properties/main_mode/properties/extended_method/enum"),
    (WHOLE + "expect: [{event: {host: a, kind: zz}}]\n", "/$defs/expectation/properties/event/properties/kind/enum"),
]

# What both take.
GOOD = [
    WHOLE, WHOLE + "seed: 0x10\nreal_speed: 1000\ntime_limit: 0\n", WHOLE + "network: {delay: 1.5 ms, loss: 0, corruption: 0.1 %}\n",
    step("send: {socket: s, data: {hex: 00 ff}}"), step("send: {socket: s, data: {repeat: ab, times: 3}}"), step("send: {socket: s, data: 5}"),
    step("WSASetSocketSecurity: {socket: s, settings: {SecurityFlags: [GUARANTEE_ENCRYPTION, ALLOW_INSECURE]}}"),
    step("WSAQuerySocketSecurity: {socket: s, flags: 0, machine: none, within: 3 s}"), step("recv: {socket: s, end: yes}"),
    step("WSARevertImpersonation: {}"), step("{sleep: 2 h}, {signal: x}, {wait: x}"), host("ipsec: no, behaviour: {allow_insecure_wait: 3}"),
    step("connect: {socket: s, to: '[fd00::1]:1'}"),
]
# What both refuse.
BAD = [
    "{}", HOSTS, "scenario: S\nhosts: {}\nprograms: {}\n", WHOLE + "seed: -1\n", WHOLE + "seed: many\n", WHOLE + "time_limit: 20\n",
    WHOLE + "time_limit: 3 weeks\n", WHOLE + "real_speed: 1001\n", WHOLE + "conformance: C-001\n", WHOLE + "network: {loss: 20}\n",
    "scenario: S\nhosts: {a: {}}\nprograms: {}\n", "scenario: S\nhosts: {a: {addresses: []}}\nprograms: {}\n", host("real_port: 0"),
    host("ipsec: maybe"), policy("type: tunnel"), policy(QUICK_MODE + "[{protocol: AH, cipher: 3DES}]"), policy(QUICK_MODE + "{}"),
    policy(QUICK_MODE + "[], key: 12"), step("connect"), step("{socket: {as: s}, listen: {socket: s}}"), step("fails: WSAEINVAL"),
    step("{sleep: 1 s, fails: WSAEINVAL}"), step("listen: s"), step("listen: {}"), step("listen: {socket: s, backlog: 0}"),
    step("connect: {socket: s, to: 10.0.0.2}"), step("connect: {socket: s, to: 'fd00::1:1'}"),
    step("connect: {socket: s, to: '[10.0.0.2]:1'}"), step("WSARevertImpersonation: now"),
    step("send: {socket: s, data: {repeat: a}}"), step("send: {socket: s, data: {hex: ff, times: 1}}"), step("WSASetSocketSecurity: {socket: s}"),
    step("WSAQuerySocketSecurity: {socket: s, flags: 4294967296}"), WHOLE + "expect: {}\n", WHOLE + "expect: [secured]\n", WHOLE + "expect: [{}]\n",
    WHOLE + "expect: [{only_keying_from: a, payload_in_clear: never}]\n", WHOLE + "expect: [{sa: {host: a, count: 1001}}]\n",
    WHOLE + "expect: [{event: {host: a, kind: CLASSIFY_DROP}}]\n", WHOLE + "expect: [{sa: {cipher: 3DES}}]\n",
]


def at(schema, pointer):
    for part in pointer.split("/")[1:]:
        schema = schema[int(part)] if isinstance(schema, list) else schema[part]
    return schema


class Parser:
    """The program's own reading of a text."""

    def __init__(self, program, folder):
        self._program, self._path = program, pathlib.Path(folder) / "scenario.yaml"

    def complaint(self, text):
        """What is wrong with the text; empty if nothing is."""
        self._path.write_text(text, encoding="utf-8")
        done = subprocess.run([self._program, "check", self._path], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode in (0, 2), f"exit code {done.returncode} for\n{text}"
        return "" if done.returncode == 0 else done.stderr.strip()

    def names(self, text, start, end=None):
        """The list of names between `start` and `end` of the complaint about the text."""
        complaint = self.complaint(text)
        assert start in complaint, f"{complaint!r} has no {start!r}, for\n{text}"
        listed = complaint.split(start)[1]
        return (listed.split(end)[0] if end else listed).split(", ")


def check_names(schema, parser):
    calls = parser.names(step("zz: {}"), "expected the name of a call: ")
    properties = at(schema, "/$defs/step/properties")
    assert sorted(calls + ["fails"]) == sorted(properties), f"steps: {calls}, schema: {list(properties)}"
    assert set(calls) == set(ARGUMENTS) | WITHOUT_ARGUMENTS, "a call that this check does not know"
    places = [(step(f"{call}: {{{given}, zz: 1}}"), f"/$defs/step/properties/{call}/properties") for call, given in ARGUMENTS.items()]
    for text, pointer in UNKNOWN_KEYS + places:
        known = parser.names(text, "unknown key 'zz'; expected one of: ")
        assert sorted(known) == sorted(at(schema, pointer)), f"{pointer}: {sorted(at(schema, pointer))}, parser: {sorted(known)}"
    for text, pointer in UNKNOWN_NAMES:
        known = parser.names(text, ": one of ", "; found 'zz'")
        assert sorted(known) == sorted(at(schema, pointer)), f"{pointer}: {at(schema, pointer)}, parser: {known}"
    kinds = parser.names(WHOLE + "expect: [zz]\n", "expected one of: ")
    assert sorted(kinds) == sorted(at(schema, "/$defs/expectation/properties")), "kinds of expectation"


def every_map_is_closed(schema, place="#"):
    """A map in the schema without additionalProperties would let a misspelt key pass."""
    if isinstance(schema, dict):
        if "properties" in schema and "/dependentSchemas/" not in place and not place.endswith("/if") and not place.endswith("/then"):
            closed = "additionalProperties" in schema or place.endswith("/properties")
            assert closed, f"{place} takes any key"
        for key, value in schema.items():
            every_map_is_closed(value, f"{place}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            every_map_is_closed(value, f"{place}/{index}")


def main():
    program, root = sys.argv[1], pathlib.Path(sys.argv[2])
    schema = json.loads((root / "docs/scenario.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    every_map_is_closed(schema)
    validator = jsonschema.Draft202012Validator(schema)
    scenarios = sorted((root / "scenarios").glob("*.yaml"))
    assert scenarios, "no scenarios"
    for path in scenarios:
        text = path.read_text(encoding="utf-8")
        validator.validate(yaml.safe_load(text))
        assert text.startswith("# yaml-language-server: $schema=../docs/scenario.schema.json\n"), f"{path} does not name the schema"
    with tempfile.TemporaryDirectory() as folder:
        parser = Parser(program, folder)
        check_names(schema, parser)
        for text in GOOD:
            assert not parser.complaint(text), f"{parser.complaint(text)}\n{text}"
            validator.validate(yaml.safe_load(text))
        for text in BAD:
            assert parser.complaint(text), f"the parser takes\n{text}"
            assert not validator.is_valid(yaml.safe_load(text)), f"the schema takes\n{text}"
    print(f"{len(scenarios)} scenarios are valid; the schema names what the parser names")


if __name__ == "__main__":
    main()
