"""Several accounts behind one view: ``Billfold`` and what it hands out."""
