"""The proxy that the environment names, or that a caller or a file gives."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

from yarl import URL

from billfold.errors import ConfigError
from billfold.http.urls import is_loopback

NO_PROXY = "none"


def chosen_proxy(named: str | None, url: URL, *, owned: bool) -> URL | None:
    """Return the proxy that somebody named, else the environment's.

    A borrowed session has its own instead of that. Raises ConfigError for one that cannot be used.
    """
    if named is not None:
        return given_proxy(named, url)
    return environment_proxy(url) if owned else None


def environment_proxy(url: URL) -> URL | None:
    """Return what ``HTTPS_PROXY`` or ``ALL_PROXY`` name for a URL that ``NO_PROXY`` does not.

    None is no proxy, as always to loopback. Raises ConfigError for one that is no http or https
    proxy, without its user name and password.
    """
    host = url.host
    if host is None or is_loopback(host) or proxy_bypass(host):
        return None
    named = getproxies()
    text = named.get(url.scheme) or named.get("all")
    if not text:
        return None
    try:
        return parse_proxy(text)
    except ConfigError as error:
        raise ConfigError(
            f"the environment's proxy for {host} (HTTPS_PROXY or ALL_PROXY) {error}, "
            "or name the host in NO_PROXY"
        ) from None


def given_proxy(text: str, url: URL) -> URL | None:
    """Return the proxy that somebody named for a base URL, or None; never one to loopback.

    ``none`` is no proxy, whatever the environment says. Raises ConfigError as parsing does.
    """
    proxy = None if text == NO_PROXY else parse_proxy(text)
    return None if url.host is None or is_loopback(url.host) else proxy


def require_proxy(text: str, what: str) -> None:
    """Raise ConfigError unless this is the URL of a proxy, or ``none``."""
    if text != NO_PROXY:
        try:
            parse_proxy(text)
        except ConfigError as error:
            raise ConfigError(f"{what} {error}") from None


def parse_proxy(text: str) -> URL:
    """Return the URL of a proxy; without a scheme it is http.

    Raises ConfigError for one that is no http or https proxy, without its user name and password.
    """
    try:
        proxy = URL(text if "://" in text else f"http://{text}")
        host = proxy.host  # decoded only when it is asked for
    except ValueError:
        proxy, host = URL(), None
    if proxy.scheme not in ("http", "https") or not host:
        scheme = f"a {proxy.scheme} proxy" if host else "no URL of a proxy"
        raise ConfigError(f"is {scheme}; write it like http://proxy.example:3128")
    return proxy
