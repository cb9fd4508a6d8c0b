#!/usr/bin/env python3
"""No octet of TCP or UDP payload outside ESP, AH and keying, read from captures by a parser that is not the model's.

usage: no_clear_payload.py PROGRAM SCENARIOS SEEDS

Looks at every scenario in whose programs each socket has settings and none allows insecure traffic, on hosts that all have
IPsec, under seeds 1 to SEEDS. A scenario that fails its own expectations under a seed (a link may be too bad for it) is looked
at all the same: what it sent is what counts.
"""
import concurrent.futures
import os
import pathlib
import sys
import tempfile

import lab

try:
    import yaml
except ImportError:
    lab.skip("python3-yaml is not installed")


def steps_of(document):
    for program in document["programs"].values():
        yield from program["steps"] if isinstance(program, dict) else program


def allows_insecure(step):
    settings = step.get("WSASetSocketSecurity", {}).get("settings")
    flags = settings.get("SecurityFlags", []) if isinstance(settings, dict) else []
    return "ALLOW_INSECURE" in ([flags] if isinstance(flags, str) else flags if isinstance(flags, list) else [])


def must_be_protected(document):
    if any(not host.get("ipsec", True) for host in document["hosts"].values()):
        return False
    if any(allows_insecure(step) for step in steps_of(document)):
        return False
    for program in document["programs"].values():
        steps = program["steps"] if isinstance(program, dict) else program
        opened = {step["socket"]["as"] for step in steps if "socket" in step}
        secured = {step["WSASetSocketSecurity"]["socket"] for step in steps
                   if "WSASetSocketSecurity" in step and "fails" not in step}
        if not opened <= secured:
            return False
    return True


def look(program, scenario, seed):
    """(sentences about payload in clear, number of protected packets)"""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "out.pcapng"
        done = lab.run(program, scenario, "-q", "--seed", str(seed), "--capture", path)
        assert done.returncode in (0, 1), f"{scenario}, seed {seed}: exit code {done.returncode}: {done.stderr}"
        packets = lab.read_pcapng(path.read_bytes())
    assert packets, f"{scenario}, seed {seed}: nothing was captured"
    found, is_protected = [], 0
    for packet in packets:
        ip = lab.read_ip(packet.datagram)
        if lab.clear_payload(ip):
            found.append(f"{scenario}, seed {seed}: payload in clear after {packet.stamp / 1e9:.6f} s: {packet.datagram.hex()}")
        is_protected += ip.protocol in (lab.ESP, lab.AH)
    return found, is_protected


def main():
    program, folder, seeds = sys.argv[1:]
    scenarios = [path for path in sorted(pathlib.Path(folder).glob("*.yaml"))
                 if must_be_protected(yaml.safe_load(path.read_text(encoding="utf-8")))]
    assert len(scenarios) >= 5, f"only {len(scenarios)} scenarios to look at"
    jobs = [(program, scenario, seed) for scenario in scenarios for seed in range(1, int(seeds) + 1)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda job: look(*job), jobs))
    for sentence in [sentence for found, _ in results for sentence in found]:
        print(sentence)
    is_protected = sum(count for _, count in results)
    assert is_protected, "not one protected packet was seen"
    assert not any(found for found, _ in results)
    print(f"{len(jobs)} runs of {len(scenarios)} scenarios, {is_protected} protected packets, no payload in clear")


if __name__ == "__main__":
    main()
