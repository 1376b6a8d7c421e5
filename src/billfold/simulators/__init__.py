"""Simulated providers on loopback, and the faults they can be told to have."""
