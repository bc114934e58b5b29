"""The commands: one file a command or group. Each reads its arguments, asks, and prints.

`main` lists them and imports only the one that is called. May import everything; nothing imports it.
"""
