"""Whatever a file of TOML holds: what it says, or a sentence."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.costs.allocation import Rules
from billfold.files.toml import parse_toml

HERE = Path("x.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = ", "is not TOML: "),
        (r'a = "C:\Users\x"', "write a path with backslashes in single quotes"),
        (f"a = {'9' * 5000}", "has a number that is too long to be one"),
        (f"a = 1e{'9' * 30}", "has a number that is too long to be one"),
        (f"a = {'[' * 5000}", "is nested too deeply"),
        (f"a = {'{a=' * 5000}", "is nested too deeply"),
        (f"{'.'.join('a' * 101)} = 1", "has a key of more than 100 parts"),
        (f"[{' . '.join('a' * 200_000)}]", "has a key of more than 100 parts"),
        ("[" + '"".' * 100 + "a]", "has a key of more than 100 parts"),
        ("x = { " + "'b' . " * 100 + "c = 1 }", "has a key of more than 100 parts"),
        ('x = """a"""\n[' + "a." * 100 + "a]", "has a key of more than 100 parts"),
        ("x = '''a'''\n[" + "a." * 100 + "a]", "has a key of more than 100 parts"),
        ('x = """a\\""""\n[' + "a." * 100 + "a]", "has a key of more than 100 parts"),
        ("x = 'a\\' # \"\n[" + "a." * 100 + "a]", "has a key of more than 100 parts"),
        ("a = 2026-99-99", "is not TOML: "),
        ('a = "\\ud800"', "is not TOML: "),
    ],
)
def test_what_is_no_toml_or_too_much_of_it_is_told(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=r"^x\.toml: ") as caught:
        parse_toml(text, HERE, parse_float=Decimal)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        f"{'.'.join('a' * 100)} = 1",
        f"x = '{'a' * 3_000_000}'",
        f"x = '{'a.' * 50}'",
        'x = """' + "a." * 200 + '"""',
        "x = '''" + "a." * 200 + "'''",
        "x = 1 # " + "a." * 200,
        "x = 1\n" + "# a.b\n" * 300_000,
        "x = '" + '"' * 3_000_000 + "'",
        "x = '" + '"a\\' * 1_000_000 + "'",
    ],
)
def test_what_is_long_takes_a_moment(text: str) -> None:
    began = time.process_time()
    assert parse_toml(text, HERE)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "value", ["9" * 5000, "[" * 5000, f"1e{'9' * 30}", "nan", "inf", "1979-05-27"]
)
def test_rules_are_read_as_carefully(tmp_path: Path, value: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(f"[[rule]]\nmatch = {{ account = 'ci' }}\nshare = {{ a = {value} }}\n")
    with pytest.raises(ConfigError, match=r"rules\.toml"):
        Rules.read(file)
