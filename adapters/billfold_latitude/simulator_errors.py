"""How the simulator refuses: error bodies in the provider's many shapes, no two alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

import msgspec
from aiohttp import web

from billfold_latitude.simulator_lines import Row

JSON_API = "application/vnd.api+json"
# Numbers leave as the exact text of their Decimal.
_JSON = msgspec.json.Encoder(decimal_format="number")
_PAGE = (
    "<!DOCTYPE html><html><head><title>{0}</title></head><body>Error {0} at the edge</body></html>"
)
_EVERY_THIRD = 3

_ERRORS: Mapping[int, Row] = {
    400: {
        "code": "VALIDATION_ERROR",
        "status": "400",
        "title": "Bad parameter",
        "detail": "A parameter is not supported here.",
        "source": {"parameter": "page"},
        "meta": {"attribute": "page", "message": "unsupported"},
    },
    401: {"code": "UNAUTHORIZED", "message": "This key is not valid."},
    403: {
        "code": "USER_AUTHORIZATION_ERROR",
        "status": "forbidden",
        "detail": "Your role cannot read this.",
    },
    404: {
        "code": "not_found",
        "status": "404",
        "title": "Error",
        "detail": "No record matches.",
        "meta": {},
    },
    422: {
        "code": "UNPROCESSABLE",
        "detail": "A project is needed.",
        "source": {"pointer": "/filter/project"},
    },
    423: {
        "code": None,
        "status": "locked",
        "title": "Locked",
        "detail": "Try again later.",
        "meta": {},
    },
    429: {
        "code": "RATE_LIMIT_EXCEEDED",
        "title": "Too many requests",
        "status": "429",
        "detail": "Slow down.",
        "meta": {},
    },
}


def json_reply(value: object, code: int = 200, media_type: str = JSON_API) -> web.Response:
    """Return a reply with the headers that the provider's edge adds."""
    headers = {
        "X-Request-Id": f"5a1c7d90-6b1e-4f0a-9a53-simulated{code}",
        "Cache-Control": "max-age=0, private, must-revalidate",
    }
    return web.Response(
        body=_JSON.encode(value), status=code, content_type=media_type, headers=headers
    )


def refuse(code: int) -> web.Response:
    """Return the provider's error body for a status (CONTRACT.md, section 1.5)."""
    if code in (502, 503, 504):
        return web.Response(text=_PAGE.format(code), status=code, content_type="text/html")
    unexpected = {
        "code": "INTERNAL_ERROR",
        "status": str(code),
        "title": "Error",
        "detail": "Unexpected failure.",
    }
    error = _ERRORS.get(code, unexpected)
    return json_reply({"errors": [error]}, code, "application/json" if code == 423 else JSON_API)


def throttling() -> Callable[[int], web.Response]:
    """Return what answers 429 with a wait in seconds in the body, where the provider documents it.

    Every third answer also has the wait in ``retry-after-ms``, which the provider's own clients
    read (CONTRACT.md, section 1.4).
    """
    numbers = count(1)

    def throttle(seconds: int) -> web.Response:
        meta = {"retry_after": seconds}
        error = {"code": "RATE_LIMIT_EXCEEDED", "status": "429", "meta": meta}
        response = json_reply({"errors": [error]}, 429)
        if next(numbers) % _EVERY_THIRD == 0:
            response.headers["retry-after-ms"] = str(seconds * 1000)
        return response

    return throttle
