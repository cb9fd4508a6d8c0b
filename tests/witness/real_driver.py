#!/usr/bin/env python3
"""A scenario holds under the real driver, too: one process per host, UDP on 127.0.0.1 as the wire, real time.

usage: real_driver.py PROGRAM SCENARIO
"""
import sys

import lab


def main():
    program, scenario = sys.argv[1:]
    done = lab.run(program, scenario, "--real")
    print(done.stdout + done.stderr)
    assert done.returncode == 0, f"exit code {done.returncode}"
    assert done.stdout.splitlines()[-1] == f"PASS {scenario}", "no verdict"


if __name__ == "__main__":
    main()
