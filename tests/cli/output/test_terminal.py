"""What reaches a terminal, a pipe, and nobody."""

import os
import select
import sys
from collections.abc import Callable, Iterator

import pytest
from rich.text import Text

from billfold import (
    Answer,
    Coverage,
    State,
    Stream,
    Usage,
)
from billfold.cli.output.notes import answer_notes
from billfold.cli.output.terminal import (
    print_error,
    print_stderr,
    print_stdout,
    printable,
    show_waiting,
    write_stdout,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bücher & Töne", "Bücher & Töne"),
        ("\x1b]0;owned\x07", "\N{REPLACEMENT CHARACTER}]0;owned\N{REPLACEMENT CHARACTER}"),
        ("\x9b31m", "\N{REPLACEMENT CHARACTER}31m"),
        ("two\nlines\ttabbed", "two lines tabbed"),
        ("right\u202eleft", "right\N{REPLACEMENT CHARACTER}left"),
    ],
)
def test_text_from_outside_is_harmless(text, shown) -> None:
    assert printable(text) == shown


def test_no_line_is_written_for_nothing(capsys) -> None:
    print_stderr()
    usage: Answer[Usage] = Answer(
        Stream.USAGE, None, (), (Coverage("a", "p", Stream.USAGE, State.COMPLETE),)
    )
    assert answer_notes(usage) == []
    assert capsys.readouterr().err == ""


def test_a_reader_that_left_ends_the_program_as_sigpipe_would(monkeypatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(SystemExit) as left:
            write_stdout("anything")
        assert left.value.code == 141
        out.write("more, to nobody")


def test_nobody_on_standard_error_is_no_reason_to_fail(monkeypatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=1) as err:
        monkeypatch.setattr(sys, "stderr", err)
        print_error("a mistake")
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)


def test_closed_streams_are_no_reason_to_fail(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    write_stdout("x")
    print_error("x")
    with show_waiting("x"):
        pass
    assert sys.stdout is None


@pytest.fixture
def terminal(monkeypatch) -> Iterator[Callable[[str], str]]:
    """Make a stream a terminal of 80 columns; reading gives what arrived there."""
    ours, theirs = os.openpty()
    os.set_blocking(ours, False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    with os.fdopen(theirs, "w", encoding="ascii") as stream:

        def attach(name: str) -> str:
            monkeypatch.setattr(sys, name, stream)
            return name

        def read(name: str) -> str:
            stream.flush()
            arrived = b""
            while select.select([ours], [], [], 0.2)[
                0
            ]:  # a terminal hands on what was written a piece at a time
                arrived += os.read(ours, 1 << 16)
            return arrived.decode()

        yield lambda name: attach(name) if getattr(sys, name) is not stream else read(name)
    os.close(ours)


def test_a_terminal_gets_colours_and_only_what_it_can_show(terminal) -> None:
    terminal("stdout")
    print_stdout(Text("Büro", "bold red"))
    assert terminal("stdout") == "\x1b[1;31mB?ro\x1b[0m\r\n"


def test_no_color_is_honoured(terminal, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    terminal("stdout")
    print_stdout(Text("red", "red"))
    assert terminal("stdout") == "red\r\n"


def test_somebody_who_waits_sees_what_for(terminal) -> None:
    terminal("stderr")
    with show_waiting("asking ci ..."):
        pass
    assert "asking ci ..." in terminal("stderr")


def test_somebody_who_waits_sees_how_far_it_has_come(terminal) -> None:
    terminal("stderr")
    with show_waiting("reading ...") as show:
        show("usage: 1 of 8")
    assert "usage: 1 of 8" in terminal("stderr")
