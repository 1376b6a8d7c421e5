"""What the body of an error says, in the envelope or outside of it (section 1.4). Pure."""

from msgspec import Raw

from billfold.adapter import RateLimitedError
from billfold.wire import Problem, decode_or_none
from billfold_bnerd import wire


def problem(body: bytes) -> Problem:
    """Return what an error body says."""
    reply, items = _error_reply(body)
    codes = [code for item in items if (code := _text(item.code))]
    messages = [*map(_sentence, items), _text(reply.error) or "", _text(reply.message) or ""]
    spoken = "; ".join(dict.fromkeys(filter(None, messages)))
    # A rate limit may come under any status, and is worth waiting for.
    kind = RateLimitedError if "rate_limited" in codes else None
    return Problem(codes[0] if codes else None, spoken or None, _text(reply.request_id), kind=kind)


def _error_reply(body: bytes) -> tuple[wire.ErrorReply, list[wire.ErrorItem]]:
    """Return an error body and its errors, each read by itself: objects, or plain sentences."""
    reply = decode_or_none(Raw(body), wire.ErrorReply) or wire.ErrorReply()
    several = decode_or_none(reply.errors, tuple[Raw, ...]) or _by_field(reply.errors)
    items = [_item(raw) for raw in (*several, reply.error)]
    return reply, [item for item in items if item is not None]


def _by_field(errors: Raw) -> tuple[Raw, ...]:
    """Return errors that stand under their fields' names, or one error by itself."""
    named = decode_or_none(errors, dict[str, Raw]) or {}
    if not named or not named.keys().isdisjoint(("code", "message")):
        return (errors,)
    return (Raw(b'{"meta":{"validation_errors":' + bytes(errors) + b"}}"),)


def _item(raw: Raw) -> wire.ErrorItem | None:
    item = decode_or_none(raw, wire.ErrorItem)
    said = None if item is not None else decode_or_none(raw, str)
    return wire.ErrorItem(message=raw) if said is not None else item


def _sentence(item: wire.ErrorItem) -> str:
    message = _text(item.message) or _text(item.code) or ""
    meta = decode_or_none(item.meta, wire.ErrorMeta) or wire.ErrorMeta()
    wrong = (meta.validation_errors or {}).items()
    fields = "; ".join(f"{name} {_joined(messages)}" for name, messages in wrong)
    fields = fields or _text(item.field) or ""
    return f"{message} ({fields})" if fields and message else (message or fields).strip()


def _joined(messages: tuple[str, ...] | str) -> str:
    return messages if isinstance(messages, str) else " and ".join(messages)


def _text(field: Raw) -> str | None:
    return decode_or_none(field, str)
