"""Faults of HTTP: another status, other headers or another body, whatever was requested."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aiohttp.web import Request, Response, StreamResponse

from billfold.secret import Secret
from billfold.simulators.faults.fault import AUTH, HABITS, REFUSE, Effect, Handler, token_of

HTML = b"<html><body><h1>Bad gateway</h1></body></html>"
ELSEWHERE = "https://elsewhere.invalid/"
_TEXTS = ("message", "detail", "title", "code", "request_id", "error")


def _instead(answer: Callable[[Request], Response]) -> Effect:
    """Answer this, and do not ask the provider."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        return answer(request)

    return effect


def raw(body: bytes, *, code: int = 200, media_type: str = "application/json") -> Effect:
    """Answer these bytes."""
    return _instead(lambda _: Response(body=body, status=code, content_type=media_type))


def html(code: int = 502) -> Effect:
    """Answer a proxy's page."""
    return raw(HTML, code=code, media_type="text/html")


empty = raw(b"")


def redirect(to: str = ELSEWHERE) -> Effect:
    """Send the client to another origin."""
    return _instead(lambda _: Response(status=307, headers={"Location": to}))


def status(
    code: int,
    *,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    retry_after: str | None = None,
) -> Effect:
    """Answer a status with the provider's own error body, or with the given JSON."""

    def answer(request: Request) -> Response:
        response = request.app[REFUSE](code) if body is None else _json(body, code)
        response.headers.update(headers or {})
        if retry_after is not None:
            response.headers["Retry-After"] = retry_after
        return response

    return _instead(answer)


def _json(body: object, code: int) -> Response:
    return Response(body=json.dumps(body).encode(), status=code, content_type="application/json")


def error_in_200() -> Effect:
    """Answer 200 with the provider's own error body."""

    def answer(request: Request) -> Response:
        response = request.app[REFUSE](500)
        response.set_status(200)
        return response

    return _instead(answer)


def throttled(seconds: int) -> Effect:
    """Answer 429 with a ``Retry-After`` in seconds."""
    return status(429, retry_after=str(seconds))


def throttled_until(seconds: int, *, skew: int = 0) -> Effect:
    """Answer 429 with a ``Retry-After`` as an HTTP date.

    The server's clock is ``skew`` seconds ahead.
    """

    def answer(request: Request) -> Response:
        # An HTTP date has whole seconds.
        now = datetime.now(UTC).replace(microsecond=0)
        response = request.app[REFUSE](429)
        response.headers["Date"] = _http_date(now, skew)
        response.headers["Retry-After"] = _http_date(now, skew + seconds)
        return response

    return _instead(answer)


def throttled_in_body(seconds: int) -> Effect:
    """Answer 429 with the wait only in the provider's own body, if its bodies ever say it."""

    def answer(request: Request) -> Response:
        throttle = request.app[HABITS].throttle
        return request.app[REFUSE](429) if throttle is None else throttle(seconds)

    return _instead(answer)


def skewed(seconds: int) -> Effect:
    """Answer rightly, under a ``Date`` that is so far ahead."""

    async def effect(request: Request, handler: Handler) -> StreamResponse:
        response = await handler(request)
        response.headers["Date"] = _http_date(datetime.now(UTC), seconds)
        return response

    return effect


def _http_date(now: datetime, seconds: int) -> str:
    return format_datetime(now + timedelta(seconds=seconds), usegmt=True)


def echoed(code: int) -> Effect:
    """Answer a status with the provider's own error body, and the token in all of its texts."""

    def answer(request: Request) -> Response:
        credential = _credential(request)
        body = request.app[REFUSE](code).body
        error = json.loads(body) if isinstance(body, bytes) and body else dict.fromkeys(_TEXTS, "")
        response = _json(_with_texts(error, credential), code)
        response.set_status(code, reason=f"no {credential}")
        response.headers.update({"X-Request-Id": credential, "Retry-After": credential})
        return response

    return _instead(answer)


def _credential(request: Request) -> str:
    """Return the header's value that carries the token, and the token itself if that is encoded."""
    token = token_of(request)
    if not token:
        return ""
    values = [request.headers[name] for name in request.app[AUTH].headers(Secret(token))]
    return " ".join(values if any(token in value for value in values) else [*values, token])


def _with_texts(value: object, text: str) -> object:
    if isinstance(value, dict):
        return {key: _with_texts(member, text) for key, member in value.items()}
    if isinstance(value, list):
        return [_with_texts(member, text) for member in value]
    return text if isinstance(value, str) else value
