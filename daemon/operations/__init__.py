"""What a user asks of Kept and says to it, as functions over the application and values: the commands and the web pages share them.

Imports everything up to `daemon.service` and `daemon.team`. Imported by `daemon.commands` and `daemon.web`, which take arguments, ask and show.
"""
