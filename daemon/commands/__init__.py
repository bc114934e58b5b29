"""The commands (contract, section 1): one file a command or group. Each reads its arguments, asks, and prints.

Imports everything; nothing imports it.
"""
