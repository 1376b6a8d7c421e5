"""Requests: the only room that opens a socket."""

import billfold.http.authorities  # noqa: F401 - before aiohttp, whose own it then knows
