"""The report: one self-contained HTML page over answers that were already given."""
