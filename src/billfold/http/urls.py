"""Where requests may go.

Base URLs, ids quoted so that they lead nowhere else, and URLs that a provider names. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import quote

from yarl import URL

from billfold.errors import ConfigError, DriftError, RequestError

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*\.?")


@lru_cache(maxsize=1024)  # each call of the facade needs those of its accounts
def parse_base_url(base_url: str) -> URL:
    """Return a provider's base URL; its path, if any, is kept.

    Raises ConfigError unless it is absolute https (plain http only to loopback) without user, query
    or fragment.
    """
    if "@" in base_url:  # before anything else, so that no message repeats a password
        raise ConfigError("a base URL holds no user name, password, query or fragment")
    if not base_url.isprintable() or " " in base_url:
        raise ConfigError(f"{base_url!r} is not a URL: it has a space or a control character")
    try:
        url = URL(base_url)
        host = url.host or ""  # decoded only when it is asked for
    except ValueError as error:
        raise ConfigError(f"{base_url!r} is not a URL: {error}") from None
    if url.scheme not in ("https", "http") or not _is_host(url.raw_host or ""):
        raise ConfigError(f"{base_url!r} is not a base URL; write it like https://api.example.com")
    if url.query_string or url.fragment:
        raise ConfigError("a base URL holds no user name, password, query or fragment")
    if url.scheme == "http" and not is_loopback(host):
        raise ConfigError(
            f"{base_url!r} would be asked unencrypted; use https (plain http only to loopback)"
        )
    return URL(str(url).rstrip("/"), encoded=True)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_host(host: str) -> bool:
    return ":" in host or _HOST.fullmatch(host) is not None  # yarl reads IPv6 addresses


def segment(value: str) -> str:
    """Return one path segment, quoted, so that an id can never reach another path.

    Raises RequestError for an id that cannot be part of a URL.
    """
    try:
        quoted = quote(value, safe="")
    except UnicodeEncodeError:
        quoted = ""
    if quoted in ("", ".", ".."):
        raise RequestError(f"{value!r} cannot be part of a URL; check the id")
    return quoted


def relative(base_url: URL, url: str) -> tuple[str, list[tuple[str, str]]]:
    """Return path (below ``base_url``) and query of a URL that a provider named.

    Raises DriftError for a URL that is not below ``base_url``: the token is sent nowhere else.
    """
    try:
        target = base_url.join(URL(url))
    except ValueError:
        raise DriftError("the reply names a URL that cannot be read") from None
    base_path = base_url.raw_path.rstrip("/")
    if target.origin() != base_url.origin() or not target.raw_path.startswith(f"{base_path}/"):
        raise DriftError("the reply names a URL that is not at the provider's own address")
    return target.raw_path.removeprefix(base_path), list(target.query.items())


# One link of a Link header: its URL, and its parameters, whose values may be quoted.
_LINK = re.compile(r"""<([^>]*)>((?:\s*;\s*[^\s,;="]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)""")
_REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))""", re.IGNORECASE)


def parse_links(headers: Iterable[str], request_url: URL) -> dict[str, str]:
    """Return the URLs of ``Link`` headers by their relations, in lower case (RFC 8288).

    A link may have several relations; of several links of one relation the first counts. A
    relative URL is resolved, one that cannot be read stays as it is, for who follows it to refuse.
    """
    links: dict[str, str] = {}
    for header in headers:
        for url, parameters in _LINK.findall(header):
            match = _REL.search(parameters)
            relations = "" if match is None else match[1] or match[2] or ""
            for relation in relations.lower().split():
                links.setdefault(relation, _resolved(url, request_url))
    return links


def _resolved(url: str, request_url: URL) -> str:
    try:
        return str(request_url.join(URL(url)))
    except ValueError:
        return url
