"""JSON for standard output; JSON itself escapes ASCII control characters, this module others."""

from __future__ import annotations

import json
from typing import Any

from billfold.answer import Answer

# JSON lets DEL and the C1 controls stand as they are, and a terminal may obey them.
# Escaped they mean the same.
_CONTROLS = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


def answer_json(answer: Answer[Any]) -> str:
    """Return an answer as JSON (schema ``billfold.answer/1``)."""
    return answer.to_json(indent=2).translate(_CONTROLS) + "\n"


def document_json(document: dict[str, Any]) -> str:
    """Return any versioned object as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False).translate(_CONTROLS) + "\n"


def listing_json(kind: str, rows: list[dict[str, Any]]) -> str:
    """Return rows that no account was asked for as JSON, with a schema of their own."""
    return document_json({"schema": f"billfold.{kind}/1", kind: rows})
