"""Compare what the providers say of the same money, and name the cause of each gap."""
