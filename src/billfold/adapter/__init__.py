"""What an adapter is, and everything that one needs."""
