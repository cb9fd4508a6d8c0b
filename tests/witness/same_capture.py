#!/usr/bin/env python3
"""The same seed gives the same capture and keys, octet for octet, from the builds of two compilers.

usage: same_capture.py PROGRAM PROGRAM SCENARIOS
"""
import concurrent.futures
import os
import pathlib
import sys
import tempfile

import lab

FILES = ("out.pcapng", "out.pcapng.keys/esp_sa", "out.pcapng.keys/ah_sa", "out.pcapng.keys/ikev1_decryption_table")


def capture(program, scenario, seed):
    with tempfile.TemporaryDirectory() as folder:
        done = lab.run(program, scenario, "-q", "--seed", str(seed), "--capture", pathlib.Path(folder) / FILES[0])
        assert done.returncode in (0, 1), f"{program} {scenario}: exit code {done.returncode}: {done.stderr}"
        return [(pathlib.Path(folder) / name).read_bytes() for name in FILES]


def compare(programs, scenario, seed):
    one, other = (capture(program, scenario, seed) for program in programs)
    assert lab.read_pcapng(one[0]), f"{scenario}: an empty capture"
    return [f"{scenario}, seed {seed}: {name} differs" for name, a, b in zip(FILES, one, other) if a != b]


def main():
    programs, folder = sys.argv[1:3], sys.argv[3]
    for program in programs:
        if not os.access(program, os.X_OK):
            lab.skip(f"{program} is not built")
    scenarios = sorted(pathlib.Path(folder).glob("*.yaml"))
    assert scenarios, "no scenarios"
    jobs = [(programs, scenario, seed) for scenario in scenarios for seed in (1, 2)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [sentence for sentences in pool.map(lambda job: compare(*job), jobs) for sentence in sentences]
    assert not found, "\n".join(found)
    print(f"{len(jobs)} runs of {len(scenarios)} scenarios, the same from both builds")


if __name__ == "__main__":
    main()
