"""What billfold costs, beside what else one would use.

``make bench``. See README.md for how each number is made.
"""
