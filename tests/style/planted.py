"""A small tree of files in a temporary folder, to show the checks what they must find."""
import pathlib
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent.parent.parent / "tools"


class Tree:
    def __init__(self, files):
        self._files = files

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._folder.name)
        for name, text in self._files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def run(self, tool, *arguments):
        """The finished tool; its last argument is the tree."""
        command = [sys.executable, TOOLS / tool, *arguments, self.path]
        return subprocess.run(command, capture_output=True, text=True, check=False)
