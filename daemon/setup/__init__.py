"""The questions of `kept init`: what people type becomes settings, log-ins are tried at once, clients are found in past mail.

`interview.py` shows the order of the questions. It asks on the terminal and writes the configuration, and nothing else: no mail, no event.
Imports the connectors, `config`, `core`, `glossary`, `letters` and `intake`; only `daemon.commands` imports it.
"""
