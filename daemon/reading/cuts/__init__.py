"""What is cut from a mail's text: quoted and forwarded mail, repeated words, signatures, disclaimers. `new_text` puts it together.

A folder of its own because it is the largest part of reading: it knows lines and words, no messages and no speech acts. Imports the
reader's lines and values; only `daemon.reading` imports it.
"""
