"""Faults of HTTP: another status, other headers or another body, whatever was requested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp import web

from billfold.secret import Secret
from billfold.simulators.faults.fault import AUTH, HABITS, REFUSE, Effect, Handler

HTML = b"<html><body><h1>Bad gateway</h1></body></html>"
ELSEWHERE = "https://elsewhere.invalid/"
_TEXTS = ("message", "detail", "title", "code", "request_id", "error")


def raw(body: bytes, *, code: int = 200, media_type: str = "application/json") -> Effect:
    """Answer these bytes."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(body=body, status=code, content_type=media_type)

    return effect


def html(code: int = 502) -> Effect:
    """Answer a proxy's page."""
    return raw(HTML, code=code, media_type="text/html")


empty = raw(b"")


def status(
    code: int,
    *,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    retry_after: str | None = None,
) -> Effect:
    """Answer a status, with the provider's own error body or with the given JSON."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        if body is None:
            response = request.app[REFUSE](code)
        else:
            response = web.Response(
                body=json.dumps(body).encode(), status=code, content_type="application/json"
            )
        response.headers.update(headers or {})
        if retry_after is not None:
            response.headers["Retry-After"] = retry_after
        return response

    return effect


def throttled(seconds: int) -> Effect:
    """Answer 429 with a ``Retry-After`` in seconds."""
    return status(429, retry_after=str(seconds))


def throttled_until(seconds: int, *, skew: int = 0) -> Effect:
    """Answer 429 with a ``Retry-After`` as an HTTP date.

    The server's clock is ``skew`` seconds ahead.
    """

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        # An HTTP date has whole seconds.
        server_time = (datetime.now(UTC) + timedelta(seconds=skew)).replace(microsecond=0)
        response = request.app[REFUSE](429)
        response.headers["Date"] = _http_date(server_time)
        response.headers["Retry-After"] = _http_date(server_time + timedelta(seconds=seconds))
        return response

    return effect


def throttled_in_body(seconds: int) -> Effect:
    """Answer 429 with the wait only in the provider's own body, if its bodies ever say it."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        throttle = request.app[HABITS].throttle
        return request.app[REFUSE](429) if throttle is None else throttle(seconds)

    return effect


def skewed(seconds: int) -> Effect:
    """Answer rightly, under a ``Date`` that is so far ahead."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers["Date"] = _http_date(datetime.now(UTC) + timedelta(seconds=seconds))
        return response

    return effect


def redirect(to: str = ELSEWHERE) -> Effect:
    """Send the client to another origin."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": to})

    return effect


def echoed(code: int) -> Effect:
    """Answer a status in the provider's own error body, with the request's token in every text."""

    async def effect(request: web.Request, handler: Handler) -> web.StreamResponse:
        credential = _credential(request)
        body = request.app[REFUSE](code).body
        error = json.loads(body) if isinstance(body, bytes) and body else dict.fromkeys(_TEXTS, "")
        return web.Response(
            body=json.dumps(_with_texts(error, credential)).encode(),
            status=code,
            reason=f"no {credential}",
            content_type="application/json",
            headers={"X-Request-Id": credential, "Retry-After": credential},
        )

    return effect


def _credential(request: web.Request) -> str:
    """Return the header's value that carries the token, and the token itself if that is encoded."""
    auth = request.app[AUTH]
    token = auth.token_of(request.headers)
    if not token:
        return ""
    values = [request.headers[name] for name in auth.headers(Secret(token))]
    return " ".join(values if any(token in value for value in values) else [*values, token])


def _with_texts(value: object, text: str) -> object:
    if isinstance(value, dict):
        return {key: _with_texts(member, text) for key, member in value.items()}
    if isinstance(value, list):
        return [_with_texts(member, text) for member in value]
    return text if isinstance(value, str) else value


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
