"""Configuration: ``billfold.toml``, or the environment, to accounts."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, cast

import attrs
from attrs import frozen
from cattrs import Converter, transform_error

from billfold.accounts.account import Account, TokenSource
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from billfold.adapter.declaration import Adapter
from billfold.adapter.registry import find, installed
from billfold.errors import ConfigError
from billfold.secret import hide_tokens

FILE = "billfold.toml"
VARIABLE = "BILLFOLD_CONFIG"
_COMMON = ("name", "provider", "base_url", "requests_per_minute")
_TOKENS = ("token_env", "token_file", "token_command", "token_keyring")


def load(path: str | PathLike[str] | None = None) -> tuple[Account, ...]:
    """Read the accounts from ``path``, else ``$BILLFOLD_CONFIG``, ``./billfold.toml``, the user's folder, the environment.

    Raises ConfigError that names the file, the account and the key, and every mistake of the file at once.
    """
    return made(entries(path))


@frozen
class Entry:
    """One account as it is written, not yet known to be right; ``name`` and ``provider`` are None where they are not text."""

    name: str | None
    provider: str | None
    make: Callable[[], Account]


def entries(path: str | PathLike[str] | None = None) -> tuple[Entry, ...]:
    """Find what :func:`load` would make, so that some accounts can be chosen first; mistakes in one wait for its ``make``."""
    file = _file(path)
    found = _in_file(file) if file is not None else _in_environment()
    if not found:
        names = ", ".join(find(provider).declares.token_env for provider in installed())
        raise ConfigError(f"no accounts: write a {FILE} (see the README), or set one of {names}")
    return found


def made(found: Iterable[Entry]) -> tuple[Account, ...]:
    """Make the accounts. Raises one ConfigError with every mistake, a line each."""
    accounts, mistakes = [], []
    for entry in found:
        try:
            accounts.append(entry.make())
        except ConfigError as error:
            mistakes.append(str(error))
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return tuple(accounts)


def _file(path: str | PathLike[str] | None) -> Path | None:
    named = path or os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    return next(
        (place for place in (Path(FILE), _user_file()) if place is not None and place.is_file()),
        None,
    )


def _user_file() -> Path | None:
    try:
        import platformdirs
    except (
        ImportError
    ):  # comes with the extra `cli`; the library alone looks no further than the working directory
        return None
    return platformdirs.user_config_path("billfold") / FILE


def from_toml(file: Path) -> tuple[Account, ...]:
    """Read one file. Paths of token files in it are relative to its folder."""
    return made(_in_file(file))


def _in_file(file: Path) -> tuple[Entry, ...]:
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{file}: cannot be read: {reason}") from None
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: is not TOML: {error}") from None
    if unknown := _unknown(written, ["accounts"]):
        raise ConfigError(f"{file}: {unknown}")
    tables = written.get("accounts")
    if (
        not isinstance(tables, list)
        or not tables
        or not all(isinstance(table, dict) for table in tables)
    ):
        raise ConfigError(f"{file}: has no accounts; each begins with a line [[accounts]]")
    found = tuple(_entry(file, table, number) for number, table in enumerate(tables, 1))
    names = [entry.name for entry in found if entry.name]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"{file}: two accounts are named {twice!r}; names are unique")
    return found


def _entry(file: Path, table: dict[str, Any], number: int) -> Entry:
    name, provider = (
        value if isinstance(value := table.get(key), str) else None for key in ("name", "provider")
    )
    label = f"account {name!r}" if name else f"account number {number}"

    def make() -> Account:
        try:
            return _account(table, file.parent)
        except ConfigError as error:
            raise ConfigError(
                f"{file}: {label}: {hide_tokens(str(error)).removeprefix(label + ': ')}"
            ) from None

    return Entry(name, provider, make)


def _account(table: dict[str, Any], folder: Path) -> Account:
    for key in ("name", "provider"):
        if not isinstance(table.get(key), str):
            raise ConfigError(f"needs a {key}, as text")
    if "token" in table:
        raise ConfigError(
            f"a token does not belong in this file; name where it is kept instead: {', '.join(_TOKENS)}"
        )
    kind = find(table["provider"])
    settings = {key: value for key, value in table.items() if key not in (*_COMMON, *_TOKENS)}
    known = [field.name for field in attrs.fields(cast(type[attrs.AttrsInstance], kind))]
    if unknown := _unknown(settings, [*known, *_COMMON, *_TOKENS]):
        raise ConfigError(unknown)
    limit = table.get("requests_per_minute")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool)):
        raise ConfigError("requests_per_minute is a whole number")
    base_url = table.get("base_url", _environment_url(kind))
    if base_url is not None and not isinstance(base_url, str):
        raise ConfigError("base_url is text")
    return Account(
        table["name"], adapter(kind, settings), _token(table, kind, folder), base_url, limit
    )


def _token(table: Mapping[str, Any], kind: type[Adapter], folder: Path) -> TokenSource:
    given = [key for key in _TOKENS if key in table]
    if len(given) > 1:
        raise ConfigError(f"has {' and '.join(given)}; give one place for the token")
    if not given:
        return FromEnv(kind.declares.token_env)
    key, value = given[0], table[given[0]]
    if key == "token_command":
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(part, str) for part in value)
        ):
            raise ConfigError(
                'token_command is a list of a program and its arguments, like ["pass", "show", "ci"]'
            )
        return FromCommand(tuple(value))
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{key} is text")
    if hide_tokens(value) != value and "/" not in value:
        raise ConfigError(
            f"{key} names where the token is kept; this looks like the token itself, which does not belong here"
        )
    if (
        key == "token_env" and not value.isidentifier()
    ):  # most likely the token itself, so it is not repeated
        raise ConfigError(
            f"token_env is the name of an environment variable, like {kind.declares.token_env}"
        )
    places: dict[str, Callable[[str], TokenSource]] = {
        "token_env": FromEnv,
        "token_file": lambda text: FromFile(folder / Path(text).expanduser()),
        "token_keyring": FromKeyring,
    }
    return places[key](value)


def _unknown(table: Iterable[str], known: Sequence[str]) -> str | None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            return f"unknown key {key!r}; {hint}"
    return None


def _strict(kind: type) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"is {kind.__name__}, not {type(value).__name__}")
        return value

    return structure


def _code_only(value: Any, _: Any) -> Any:
    raise TypeError("is a function: it is given in code, not in a file")


def _settings_converter() -> Converter:
    """Structure settings without cattrs' friendly coercion: a number is not a name."""
    converter = Converter()
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _strict(kind))
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[str, ...],
        lambda value, _: tuple(_strict(str)(item, str) for item in _strict(list)(value, list)),
    )
    converter.register_structure_hook_func(
        lambda kind: getattr(kind, "__origin__", None) is Callable, _code_only
    )
    return converter


_SETTINGS = _settings_converter()


def adapter(kind: type[Adapter], settings: Mapping[str, Any]) -> Adapter:
    """Make an adapter from its settings. Raises ConfigError that names the setting."""
    try:
        return _SETTINGS.structure(dict(settings), kind)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - cattrs wraps whatever a hook or an attrs validator raised
        lines = transform_error(error, format_exception=lambda wrong, _: str(wrong))
        raise ConfigError("; ".join(_readable(line) for line in lines)) from None


def _readable(line: str) -> str:
    what, _, path = line.rpartition(" @ ")
    return what if path == "$" else f"{path.removeprefix('$.')}: {what}"


def _environment_url(kind: type[Adapter]) -> str | None:
    return os.environ.get(kind.declares.url_env) or None


def from_environment() -> tuple[Account, ...]:
    """Make one account per provider whose token is in the environment; it is named after the provider."""
    return made(_in_environment())


def _in_environment() -> tuple[Entry, ...]:
    kinds = [find(provider) for provider in installed()]
    return tuple(
        Entry(kind.provider, kind.provider, partial(_from_environment, kind))
        for kind in kinds
        if os.environ.get(kind.declares.token_env)
    )


def _from_environment(kind: type[Adapter]) -> Account:
    declares = kind.declares
    settings = {
        key: os.environ[name] for key, name in declares.settings_env.items() if os.environ.get(name)
    }
    missing = [
        declares.settings_env.get(key, key) for key in declares.required if key not in settings
    ]
    if missing:
        raise ConfigError(
            f"{declares.token_env} is set, but {' and '.join(missing)} is not; {declares.title} needs it"
        )
    try:
        return Account(
            kind.provider,
            adapter(kind, settings),
            FromEnv(declares.token_env),
            _environment_url(kind),
        )
    except ConfigError as error:
        raise ConfigError(f"{declares.title}, from the environment: {error}") from None
