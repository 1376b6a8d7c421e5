"""JSON on standard output: ASCII control characters are escaped by JSON itself, the others here."""

from __future__ import annotations

import json
from typing import Any

from billfold.answer import Answer

# JSON lets DEL and the C1 controls stand as they are; a terminal may obey them. Escaped they mean the same.
_CONTROLS = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


def text(answer: Answer[Any]) -> str:
    """Write an answer (schema ``billfold.answer/1``)."""
    return answer.to_json(indent=2).translate(_CONTROLS) + "\n"


def document(written: dict[str, Any]) -> str:
    """Write any versioned object."""
    return json.dumps(written, indent=2, ensure_ascii=False).translate(_CONTROLS) + "\n"


def listing(kind: str, rows: list[dict[str, Any]]) -> str:
    """Write rows that no account was asked for, with a schema of their own."""
    return document({"schema": f"billfold.{kind}/1", kind: rows})
