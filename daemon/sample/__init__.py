"""The bundled sample office: one salesperson, sixty days of mail and meetings, as a Maildir and a folder of .ics files.

The office is written by hand in the YAML files beside this module, one file for each client, and built into a folder with the same
bytes at every run. All companies and people are invented; their addresses end in .example, except one on a public domain.

A mail has `at` (its writer's local time), `from` (a name from the file's `people`), `text` (or `html`), and where needed `to`,
`cc`, `subject`, `re` (which earlier mail of the thread it answers, counted from 0; none for a broken thread), `quote` (top,
outlook, inline or none), `headers`, `attach`, `folder`, `threaded` (false: without References), and `case`, the hard case that it
is an example of.

Only the commands import this package; it imports nothing else of Kept.
"""

from __future__ import annotations

from daemon.sample.build import NOW, cases, write_office

__all__ = ["NOW", "cases", "write_office"]
