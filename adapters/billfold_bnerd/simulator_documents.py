"""The simulator's legal documents, as EasyBill writes them, and their PDFs.

See CONTRACT.md, sections 2.4 and 2.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from attrs import frozen

from billfold.period import Period
from billfold_bnerd.simulator_data import CLOUD, Json, Records, uid

_DAY = timedelta(days=1)
_VAT = Decimal("1.19")
_MONTHS = range(1, 5)
_CORRECTED = 3  # the month whose invoice was wrong: cancelled, and written anew


def legal_documents(records: Records, org: str) -> list[Json]:
    """Return an organization's documents up to today, newest first; one was cancelled."""
    today = records.now.date()
    writer = _Writer(org, today)
    documents = [
        document
        for back in _MONTHS
        if (net := records.billed_total(org, back)) is not None
        for document in writer.month(records.month(back), back, net)
        if str(document["document_date"]) <= str(today)
    ]
    return sorted(documents, key=lambda document: str(document["document_date"]), reverse=True)


@frozen
class _Writer:
    org: str
    today: date

    def month(self, month: Period, back: int, net: Decimal) -> list[Json]:
        """Return a month's documents; some of them state the time that they bill."""
        billed = month if back % 2 else None
        issued = month.end.date() + _DAY
        if self.org != CLOUD or back != _CORRECTED:
            return [self._invoice(issued, net, billed)]
        wrong = net + 1500
        cancelled = self._invoice(issued, wrong, billed)
        cancellation = self._document("STORNO", "ST", issued + 4 * _DAY, -wrong)
        cancellation["ref_id"] = cancelled["id"]
        cancelled["cancel_id"] = cancellation["id"]
        return [cancelled, cancellation, self._invoice(issued + 5 * _DAY, net, billed)]

    def _invoice(self, issued: date, net: Decimal, billed: Period | None) -> Json:
        paid = issued + 7 * _DAY
        return self._document("INVOICE", "RE", issued, net) | {
            "due_date": (issued + 14 * _DAY).isoformat(),
            "paid_at": paid.isoformat() if paid <= self.today else None,
            "service_date": _service_date(billed),
        }

    def _document(self, kind: str, series: str, issued: date, net: Decimal) -> Json:
        number = f"{series}-{issued:%y}-{issued:%j}{1 if self.org == CLOUD else 2}"
        return {
            "id": self._id(number),
            "number": number,
            "type": kind,
            "status": None,  # belongs to offers, orders, deliveries and charges
            "is_draft": False,
            "cancel_id": None,
            "ref_id": None,
            "document_date": issued.isoformat(),
            "due_date": None,
            "paid_at": None,
            "amount": _cents(net * _VAT),
            "amount_net": _cents(net),
            "currency": "EUR",
        }

    def _id(self, number: str) -> object:
        digits = uid(number)
        return 70_000_000 + int(digits[:6], 16) if self.org == CLOUD else f"EB-{digits[:5]}"


def _service_date(billed: Period | None) -> Json:
    unstated: Json = {
        "type": "DEFAULT",
        "date": None,
        "date_from": None,
        "date_to": None,
        "text": None,
    }
    if billed is None:
        return unstated
    last = billed.end.date() - _DAY
    return unstated | {
        "type": "SERVICE",
        "date_from": billed.start.date().isoformat(),
        "date_to": last.isoformat(),
    }


def _cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def pdf(document: Json) -> bytes:
    """Return a document of one page as a PDF, small and complete enough for any viewer."""
    title = "Invoice" if document["type"] == "INVOICE" else "Cancellation"
    amount = f"{Decimal(str(document['amount'])).scaleb(-2)} {document['currency']}"
    return _page(
        [
            f"{title} {document['number']}",
            "b'nerd Cloud (simulated)",
            f"{document['document_date']}",
            f"Total, tax included: {amount}",
        ]
    )


def _page(lines: Sequence[str]) -> bytes:
    """Return the lines as a PDF, the first one larger; Latin-1 only."""
    written = [
        f"/F1 {20 if index == 0 else 11} Tf ({_escaped(line)}) Tj 0 -26 Td"
        for index, line in enumerate(lines)
    ]
    content = "\n".join(["BT 72 760 Td", *written, "ET"]).encode("latin-1")
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(*objects: bytes) -> bytes:
    """Return a file of numbered objects, with the table of where each begins."""
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (size, table, trailer)
