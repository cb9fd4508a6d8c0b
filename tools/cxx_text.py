"""C++ source as the style checks see it: without comments, with or without the contents of literals."""
import pathlib
import re

SOURCE_SUFFIXES = {".h", ".hpp", ".cc", ".cpp", ".c"}

_TOKEN = re.compile(
    r"""
    (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
  | (?P<raw>(?:u8|u|U|L)?R"(?P<fence>[^()\s\\]{0,16})\(.*?\)(?P=fence)")
  | (?P<word>[A-Za-z_]\w*(?![\w"']))
  | (?P<number>\.?[0-9](?:'?[\w.]|(?<=[eEpP])[+-])*)
  | (?P<literal>(?:u8|u|U|L)?(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    """,
    re.X | re.S,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<name>"[^"\n]*"|<[^>\n]*>)', re.M)


def _blank(text):
    """As many lines as `text`, and nothing else."""
    return " " + "\n" * text.count("\n")


def strip_comments(text):
    """The text without comments; lines keep their numbers, literals their contents."""
    return _TOKEN.sub(lambda m: _blank(m.group()) if m.group("comment") else m.group(), text)


def strip_literals(text):
    """The text without comments and without the contents of strings and characters."""

    def replace(match):
        if match.group("comment"):
            return _blank(match.group())
        if match.group("raw") or match.group("literal"):
            return '""' + "\n" * match.group().count("\n")
        return match.group()

    return _TOKEN.sub(replace, text)


def includes(text):
    """(line, name) of each include directive; the name with its quotes or angle brackets."""
    code = strip_comments(text)
    return [(line_of(code, m.start("name")), m.group("name")) for m in _INCLUDE.finditer(code)]


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def source_files(folder):
    return sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix in SOURCE_SUFFIXES and path.is_file())


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
