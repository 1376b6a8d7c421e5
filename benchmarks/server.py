"""The other end.

Prebuilt bodies over HTTP/1.1 on loopback, in a process of its own, late where the path asks for it.

Base URLs are ``/<delay in ms>`` and ``/<delay>/of/<projects>x<products>``, so that every client
asks as it would ask the provider.
"""

from __future__ import annotations

import asyncio
import re
import sys
from urllib.parse import parse_qs, unquote

from benchmarks import bodies, usage_bodies

_REQUEST = re.compile(rb"GET /(\d+)(?:/of/(\d+x\d+))?(/[^ ?]*)(?:\?([^ ]*))? HTTP/1\.1\r\n")
_JSON, _JSON_API = b"application/json", b"application/vnd.api+json; charset=utf-8"


def _reply(path: str, query: dict[str, str]) -> tuple[bytes, bytes]:
    """Find a body and its media type.

    How much there is to read stands in the names: ``org-<pages>-<entries>``, ``acme-<leases>``,
    and in the last part of a UUID.
    """
    if path.startswith("/api/v0/billing/usage/"):
        return _usage_of_harmont(path.removeprefix("/api/v0/billing/usage/"), query), _JSON
    if path.startswith("/api/v1/organizations/"):
        return _aether(*path.removeprefix("/api/v1/organizations/").split("/billing/")), _JSON
    if path == "/billing/usage" and "organization_id" in query:
        org = query["organization_id"]
        return usage_bodies.usage_rows(org, _count(org)), _JSON
    if path.startswith("/api/v0/billing/transactions/"):
        _, pages, entries = path.rsplit("/", 1)[1].split("-")
        return bodies.ledger_page(int(query.get("cursor", "0")), int(pages), int(entries)), _JSON
    if path.startswith("/api/v0/billing/balance/"):
        return bodies.written({"balance_cents": 41_875}), _JSON
    if path == "/billing/usage":
        project = query["filter[project]"]
        return bodies.latitude_usage(project, int(project.rsplit("_", 1)[1])), _JSON_API
    if path == "/projects":
        projects, products = map(int, query["of"].split("x"))
        return bodies.latitude_projects(
            int(query["page[number]"]), int(query["page[size]"]), projects, products
        ), _JSON_API
    if path.startswith("/projects/"):
        return bodies.latitude_project(path.rsplit("/", 1)[1]), _JSON_API
    if path == "/v1/balance_transactions":
        after = query.get("starting_after")
        return bodies.stripe_page(
            0 if after is None else int(after.split("_")[1]) + 1, 50, 100
        ), _JSON
    raise ValueError(f"nothing is served at {path}")


def _count(uuid: str) -> int:
    return int(uuid.rsplit("-", 1)[1])


def _usage_of_harmont(what: str, query: dict[str, str]) -> bytes:
    org, _, kind = what.partition("/")
    if kind == "series":
        return usage_bodies.series(query["from"][:10], query["to"][:10])
    leases = int(org.rsplit("-", 1)[1])
    return usage_bodies.breakdown(leases, org) if kind else usage_bodies.summary(leases)


def _aether(org: str, kind: str) -> bytes:
    if kind == "usage":
        return usage_bodies.hours(org, _count(org))
    return usage_bodies.daily_spend()


_RAW: dict[bytes, tuple[float, bytes]] = {}


def _answer(line: bytes) -> tuple[float, bytes]:
    """Write the whole response to a request line, once for each line."""
    known = _RAW.get(line)
    if known is None:
        match = _REQUEST.match(line)
        assert match is not None, line
        delay, of, path, query = (part.decode() for part in match.groups(b""))
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        body, media = _reply(unquote(path), fields | {"of": of})
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (
            media,
            len(body),
        )
        known = _RAW[line] = int(delay) / 1000, head + body
    return known


class _Connection(asyncio.Protocol):
    """One keep-alive connection; requests have no body and are not pipelined."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.loop = asyncio.get_running_loop()
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.received.endswith(b"\r\n\r\n"):
            return
        line, self.received = self.received[: self.received.index(b"\n") + 1], b""
        delay, response = _answer(line)
        if delay:
            self.loop.call_later(delay, self._write, response)
        else:
            self._write(response)

    def _write(self, response: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(response)


async def main() -> None:
    """Serve until standard input ends; the first line on standard output is the base URL."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
