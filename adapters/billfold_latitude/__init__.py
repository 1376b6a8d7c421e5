"""Latitude.sh: bare metal, billed per project and cycle."""
