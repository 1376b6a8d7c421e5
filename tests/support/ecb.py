"""Files as the ECB publishes them."""

import zipfile
from io import BytesIO

HEADER = "Date,USD,GBP,"


def ecb_zip(*rows: str, header: str = HEADER) -> bytes:
    """Return a ZIP of one CSV; rows are given the newest first."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", "\n".join([header, *rows]) + "\n")
    return written.getvalue()
