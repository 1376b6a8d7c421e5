"""Latitude.sh for billfold: bare metal, virtual machines, storage; billed per project and cycle."""

from billfold_latitude.client import Latitude

__all__ = ["Latitude"]
