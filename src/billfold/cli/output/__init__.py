"""How answers are shown: tables, CSV, JSON and the terminal they go to."""
