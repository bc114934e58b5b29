"""Run the daemon: ticker, clock guard, watchdog, status file, desktop notice; and replay, a simulation of it over stored history.

Imports `daemon.app` and everything below it; only the commands import it.
"""
