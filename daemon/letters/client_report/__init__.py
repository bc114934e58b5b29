"""The client report: `page` is what the client reads and the mail that brings it, `document` its figures for --json, `words` its languages.

Part of `daemon.letters`.
"""
