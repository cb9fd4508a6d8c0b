#!/usr/bin/env python3
"""The program's exit code, and what it says beside it.

usage: exit_code.py CODE TEXT PROGRAM ARGUMENT...
"""
import subprocess
import sys


def main():
    code, text, *command = sys.argv[1:]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    output = done.stdout + done.stderr
    print(output)
    assert done.returncode == int(code), f"exit code {done.returncode}"
    assert text in output, f"no word of '{text}'"


if __name__ == "__main__":
    main()
