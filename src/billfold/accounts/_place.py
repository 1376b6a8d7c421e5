"""Where a file says that a token is kept and where it is sent, and whether that file may say so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from billfold.accounts._environment import environment_url
from billfold.accounts._file import ConfigFile
from billfold.accounts.tokens import FromCommand, FromEnv, FromFile, FromKeyring
from billfold.adapter.declaration import Adapter
from billfold.errors import ConfigError
from billfold.http.proxies import NO_PROXY
from billfold.http.urls import is_loopback, parse_base_url
from billfold.secret import hide_tokens

if TYPE_CHECKING:
    from billfold.http.login import TokenSource

TOKEN_KEYS = ("token_env", "token_file", "token_command", "token_keyring")
# Programs that print what they are told: what they are told is in the file.
_ECHOES = re.compile(r"(?:.*[/\\])?(?:echo|printf)(?:\.exe)?")


class Place(Struct, frozen=True):
    """A file, and the variables in which its accounts keep tokens."""

    file: ConfigFile
    variables: frozenset[str]

    def base_url(self, table: Mapping[str, Any], adapter: type[Adapter]) -> str | None:
        """Return the base URL of an account, None for the adapter's own. Raises ConfigError."""
        own = environment_url(adapter)
        base_url = table.get("base_url", own)
        if base_url is None:
            return None
        if not isinstance(base_url, str):
            raise ConfigError("base_url is text")
        if not self.file.trusted:
            self._require_own_address(base_url, adapter, own)
        return base_url

    def _require_own_address(self, base_url: str, adapter: type[Adapter], own: str | None) -> None:
        try:
            url = parse_base_url(base_url)
        except ConfigError as error:
            raise ConfigError(f"base_url: {error}") from None
        known = {parse_base_url(each).origin() for each in (adapter.declares.base_url, own) if each}
        if url.origin() not in known and not is_loopback(url.host or ""):
            raise ConfigError(
                f"base_url: {base_url!r} is not {adapter.declares.title}'s own address, and a file "
                f"found in the working directory sends a token nowhere else; {self.file.consent}"
            )

    def proxy(self, table: Mapping[str, Any]) -> str | None:
        """Return the proxy of an account, ``none`` for none, None for the environment's."""
        proxy = table.get("proxy")
        if proxy is not None and (not isinstance(proxy, str) or "@" in proxy):
            raise ConfigError(
                "proxy is text like http://proxy.example:3128, or none; "
                "a user name and password belong in HTTPS_PROXY"
            )
        if proxy not in (None, NO_PROXY) and not self.file.trusted:
            raise ConfigError(
                f"proxy: a file found in the working directory names none; {self.file.consent}"
            )
        return proxy

    def token(self, table: Mapping[str, Any], adapter: type[Adapter]) -> TokenSource:
        """Return where an account's token is read from. Raises ConfigError."""
        keys = [key for key in TOKEN_KEYS if key in table]
        if len(keys) > 1:
            raise ConfigError(f"has {' and '.join(keys)}; give one place for the token")
        if not keys:
            return FromEnv(adapter.declares.token_env)
        key, value = keys[0], table[keys[0]]
        if key == "token_command":
            return self._command(value)
        _require_place(key, value)
        if key == "token_env" and not value.isidentifier():
            # Most likely the token itself, so it is not repeated.
            raise ConfigError(
                "token_env is the name of an environment variable, like "
                f"{adapter.declares.token_env}"
            )
        sources: dict[str, Callable[[str], TokenSource]] = {
            "token_env": FromEnv,
            "token_file": self._token_file,
            "token_keyring": FromKeyring,
        }
        return sources[key](value)

    def _token_file(self, text: str) -> FromFile:
        try:
            return FromFile(self.file.path.parent / Path(text).expanduser())
        except RuntimeError:
            raise ConfigError(f"token_file: there is no home folder for {text!r}") from None

    def _command(self, value: Any) -> FromCommand:
        is_list = isinstance(value, list) and all(isinstance(part, str) for part in value)
        if not is_list or not value or not value[0].strip():
            raise ConfigError(
                "token_command is a list of a program and its arguments, "
                'like ["pass", "show", "ci"]'
            )
        if any("\0" in part for part in value):
            raise ConfigError("token_command has a character that no argument can have: \\0")
        if _ECHOES.fullmatch(value[0]) or any(map(_looks_like_token, value[1:])):
            raise ConfigError(
                "token_command has the token itself among its arguments, which does not belong "
                "here; it names a program that knows where the token is kept"
            )
        if not self.file.trusted:
            raise ConfigError(
                "token_command: a file found in the working directory runs no program; "
                f"{self.file.consent}"
            )
        return FromCommand(tuple(value), self.variables)


def _require_place(key: str, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{key} is text")
    if _looks_like_token(value):
        raise ConfigError(
            f"{key} names where the token is kept; "
            "this looks like the token itself, which does not belong here"
        )
    if "\0" in value:
        raise ConfigError(f"{key} has a character that no such name can have: \\0")
    if any(unicodedata.category(char) == "Cc" for char in value):
        raise ConfigError(
            f"{key} has a line break, a tab or the like; write a path with backslashes in "
            r"single quotes, like 'C:\Users\...', or with /"
        )


def _looks_like_token(text: str) -> bool:
    """Return whether a word of a text looks like a token; what has a slash is a path."""
    words = re.split(r"""[\s"'=]+""", text)
    return any(hide_tokens(word) != word for word in words if "/" not in word)
