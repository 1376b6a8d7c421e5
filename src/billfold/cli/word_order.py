"""Where options and amounts may stand among the words of a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import islice
from typing import Any

from typer import Typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

_MOST_NAMED = 3
_NEGATIVE = re.compile(r"-[.,]?\d")


def global_options_anywhere(whole: Callable[[], Typer]) -> type[TyperGroup]:
    """Return the class of the program, whose own options are taken behind the command, too.

    ``whole`` makes the program with all commands, of which an error may name some.
    """

    class GlobalOptionsAnywhere(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            """Parse what ``args`` say, the program's own options first."""
            theirs = _names_of(self, args)
            names = {name: each for each in self.params for name in each.opts if name not in theirs}
            flags = {name for name, each in names.items() if _is_flag(each)}
            valued = names.keys() - flags
            with _naming_what_is_meant(whole):
                return super().parse_args(ctx, own_first(args, flags, valued))

        def invoke(self, ctx: Any) -> Any:
            """Run the command that was chosen."""
            with _naming_what_is_meant(whole):
                return super().invoke(ctx)

    return GlobalOptionsAnywhere


@contextmanager
def _naming_what_is_meant(whole: Callable[[], Typer]) -> Iterator[None]:
    """Let an error about an option name the commands that have it, or the option most like it."""
    try:
        yield
    except Exception as error:
        # Where the class is that says so has changed between versions of typer.
        option = getattr(error, "option_name", None)
        if option and hasattr(error, "possibilities"):
            program = get_command(whole())
            command = getattr(getattr(error, "ctx", None), "command", program)
            # By its attributes, as its class is not known; they are named now.
            message = _no_such_option(option, program, command)
            vars(error).update(message=message, possibilities=None)
        raise


def _no_such_option(option: str, program: Any, command: Any) -> str:
    having = [name for name, each in _commands(program) if option in _options(each)]
    if having:
        more = f" and {len(having) - _MOST_NAMED} more" if having[_MOST_NAMED:] else ""
        named = ", ".join(f"billfold {name}" for name in having[:_MOST_NAMED])
        return f"No such option here: {option}. It belongs to {named}{more}"
    there = sorted(_options(command) | _options(program) | {"--help"})
    similar = get_close_matches(option, there, 1) if option.startswith("--") else []
    return f"No such option: {option}." + "".join(f" Did you mean {each}?" for each in similar)


def _commands(program: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command below a program, with the words that call it."""
    for name, command in getattr(program, "commands", {}).items():
        yield before + name, command
        yield from _commands(command, f"{before}{name} ")


def _options(command: Any) -> set[str]:
    return {name for param in command.params for name in param.opts}


def _names_of(program: Any, words: Iterable[str]) -> set[str]:
    """Return the options of the command that words name: they are meant before the program's."""
    command = program
    for word in words:
        command = getattr(command, "commands", {}).get(word, command)
    return set() if command is program else _options(command)


def _is_flag(param: Any) -> bool:
    return bool(getattr(param, "is_flag", False))


def own_first(words: Sequence[str], flags: Collection[str], valued: Collection[str]) -> list[str]:
    """Return the words with the program's own options before the command; behind ``--`` is none."""
    own: list[str] = []
    others: list[str] = []
    left = iter(words)
    for word in left:
        name, equals, _ = word.partition("=")
        if word == "--":
            others += [word, *left]
        elif word in flags or (equals and name in valued):
            own.append(word)
        elif word in valued:
            own += [word, *islice(left, 1)]
        else:
            others.append(word)
    return [*own, *others]


class WithAmounts(TyperCommand):
    """A command whose arguments may be negative amounts: ``-12.34`` is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what ``args`` say, negative amounts behind the options."""
        valued = {
            name
            for param in self.params
            if not getattr(param, "is_flag", False)
            for name in param.opts
        }
        return super().parse_args(ctx, amounts_last(args, valued))


def amounts_last(words: Iterable[str], valued: Collection[str]) -> list[str]:
    """Return the words with negative amounts behind ``--``, where nothing is an option.

    Those behind an option that is ``valued`` are its value, and stay.
    """
    before: list[str] = []
    amounts: list[str] = []
    words = iter(words)
    for word in words:
        if word == "--":
            break
        is_value = bool(before) and before[-1] in valued
        (amounts if _NEGATIVE.match(word) and not is_value else before).append(word)
    behind = [*amounts, *words]
    return [*before, "--", *behind] if behind else before
