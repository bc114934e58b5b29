"""Due times: the phrases by which people say when something will be done, resolved to moments. `due_times` is the way in.

A folder of its own because it is a small library: it knows no messages and no speech acts. Imports the languages' words for times
and the reader's values; only `daemon.reading` imports it.
"""
