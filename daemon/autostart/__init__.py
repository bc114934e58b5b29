"""Starting Kept with the computer: what systemd, launchd and the Task Scheduler of Windows are told, each in a module of its own.

A `Job` is a value: a file and the commands that install, remove and look it up; `jobs.py` alone writes files and runs commands.
Imports `connectors.net`, `clock`, `errors` and nothing else of Kept; only `daemon.commands` imports it.
"""
