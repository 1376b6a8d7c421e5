"""Requests: the only room that opens a socket."""
