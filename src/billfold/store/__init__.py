"""The history: what was read is kept, so that a month can be answered that a provider forgot.

``sync`` asks and books, the book is signed and only ever added to, and ``stored_accounts`` are
accounts that read it, so that every view works over them unchanged. Needs the extra ``store``.
"""
