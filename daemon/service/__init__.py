"""Run the daemon: scheduler, watchdog, status file, desktop notice; and replay, a simulation of it over stored history.

Imports `app`, which puts one configuration to work, and everything below.
"""
