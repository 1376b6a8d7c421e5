"""Where requests may go: base URLs, and ids quoted so that they never lead anywhere else. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

from yarl import URL

from billfold.errors import ConfigError, RequestError

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


def origin(base_url: str) -> URL:
    """Read a provider's base URL; its path, if any, is kept.

    Raises ConfigError unless it is absolute https (plain http only to loopback) without user, query or fragment.
    """
    if "@" in base_url:  # before anything else, so that no message repeats a password
        raise ConfigError("a base URL holds no user name, password, query or fragment")
    try:
        url = URL(base_url)
    except ValueError as error:
        raise ConfigError(f"{base_url!r} is not a URL: {error}") from None
    if url.scheme not in ("https", "http") or not url.host:
        raise ConfigError(f"{base_url!r} is not a base URL; write it like https://api.example.com")
    if url.query_string or url.fragment:
        raise ConfigError("a base URL holds no user name, password, query or fragment")
    if url.scheme == "http" and not _LOOPBACK.fullmatch(url.host):
        raise ConfigError(
            f"{base_url!r} would send the token unencrypted; use https (plain http only to loopback)"
        )
    return URL(str(url).rstrip("/"), encoded=True)


def segment(value: str) -> str:
    """Quote one path segment, so that an id can never reach another path. Raises RequestError where that cannot be done."""
    try:
        quoted = quote(value, safe="")
    except UnicodeEncodeError:
        quoted = ""
    if quoted in ("", ".", ".."):
        raise RequestError(f"{value!r} cannot be part of a URL; check the id")
    return quoted
