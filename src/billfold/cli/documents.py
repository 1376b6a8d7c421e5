"""The PDFs of invoices, saved to a folder: each whole or not there, and none replaced."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from billfold.errors import BillfoldError, ConfigError
from billfold.files import atomic_write
from billfold.model import Invoice, InvoiceKind

if TYPE_CHECKING:
    from billfold.facade.billfold import Billfold
    from billfold.http.deadline import Deadline

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]|^[.-]")
_MOST_CHARACTERS = 80


class Outcome(StrEnum):
    """What became of a document: ``there`` is one that was saved before, byte by byte the same."""

    SAVED = "saved"
    THERE = "there"
    FAILED = "failed"


@frozen
class SavedDocument:
    """An invoice's document, and the file it is in; ``reason`` says why it is not."""

    invoice: Invoice
    file: Path
    outcome: Outcome
    reason: str | None = None


def require_folder(folder: Path) -> None:
    """Make a folder for documents if there is none. Raises ConfigError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made a folder: {error.strerror}") from None


async def save_documents(
    fold: Billfold, invoices: Sequence[Invoice], folder: Path, limit: Deadline
) -> tuple[SavedDocument, ...]:
    """Save the documents of legal invoices, one after the other; only they have any.

    One that cannot be had is no reason to stop. Raises ConfigError for a file that cannot be
    written.
    """
    legal = [invoice for invoice in invoices if invoice.kind is InvoiceKind.LEGAL]
    names = file_names(legal)
    return tuple(
        [
            await _save(fold, invoice, folder / name, limit)
            for invoice, name in zip(legal, names, strict=True)
        ]
    )


async def _save(fold: Billfold, invoice: Invoice, file: Path, limit: Deadline) -> SavedDocument:
    try:
        chunks = [
            chunk async for chunk in fold.document(invoice.account, invoice.id, deadline=limit)
        ]
    except BillfoldError as error:
        return SavedDocument(invoice, file, Outcome.FAILED, error.message)
    return _keep(SavedDocument(invoice, file, Outcome.SAVED), b"".join(chunks))


def _keep(document: SavedDocument, content: bytes) -> SavedDocument:
    """Write a document's file unless there is one, and say what was found."""
    file = document.file
    if os.path.lexists(file):
        if file.is_file() and file.read_bytes() == content:
            return evolve(document, outcome=Outcome.THERE)
        reason = f"{file} is there with another content, and was not replaced"
        return evolve(document, outcome=Outcome.FAILED, reason=reason)
    with atomic_write(file) as written:
        written.write(content)
    return document


def file_names(invoices: Sequence[Invoice]) -> list[str]:
    """Return a file's name for each, by account and number, safe and unique on any system.

    One that is not safe, or not unique, ends with a digest of what makes the invoice unique.
    """
    names = [f"{invoice.account}-{invoice.number or invoice.id}" for invoice in invoices]
    safe = [_UNSAFE.sub("_", name)[:_MOST_CHARACTERS] for name in names]
    count = Counter(map(str.casefold, safe))
    return [
        f"{shown}.pdf"
        if shown == name and count[shown.casefold()] == 1
        else f"{shown}-{_digest(invoice)}.pdf"
        for invoice, name, shown in zip(invoices, names, safe, strict=True)
    ]


def _digest(invoice: Invoice) -> str:
    identity = "\0".join((invoice.provider, invoice.account, invoice.id))
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:8]
