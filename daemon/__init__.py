"""Kept: reads the user's mail and calendar, works out what every client is owed, and says so in time."""

__version__ = "0.1.0"
