"""The service: the running daemon. Ticker, watchdog, status file, desktop notice; and replay, its life over stored history.

Imports `app`, which puts one configuration to work, and everything below.
"""
