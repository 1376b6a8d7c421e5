"""b'nerd Cloud: hourly metering, two families of invoices, payment methods."""
