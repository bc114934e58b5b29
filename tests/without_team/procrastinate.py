"""Stands for a library that is not installed."""

raise ModuleNotFoundError("No module named 'procrastinate'", name="procrastinate")
