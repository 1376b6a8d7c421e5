"""The proxy that the environment names: ``HTTPS_PROXY``, ``ALL_PROXY``, not for ``NO_PROXY``."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

from yarl import URL

from billfold.errors import ConfigError
from billfold.http.urls import is_loopback


def environment_proxy(url: URL) -> URL | None:
    """Return the proxy to reach a base URL through, or None; never one to loopback.

    Raises ConfigError for one that is no http or https proxy, without its user name and password.
    """
    host = url.host
    if host is None or is_loopback(host) or proxy_bypass(host):
        return None
    named = getproxies()
    text = named.get(url.scheme) or named.get("all")
    if not text:
        return None
    try:
        proxy = URL(text if "://" in text else f"http://{text}")
    except ValueError:
        proxy = URL()
    if proxy.scheme not in ("http", "https") or not proxy.host:
        scheme = f"a {proxy.scheme} proxy" if proxy.host else "no URL of a proxy"
        raise ConfigError(
            f"the environment's proxy for {host} (HTTPS_PROXY or ALL_PROXY) is {scheme}; "
            "write it like http://proxy.example:3128, or name the host in NO_PROXY"
        )
    return proxy
