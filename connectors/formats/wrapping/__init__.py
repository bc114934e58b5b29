"""What wraps the words of a mail, opened within limits: S/MIME, OpenPGP in the text, winmail.dat and the rich text in it.

Imports `connectors.mail` and the formats around it; imported by `connectors.formats.body`.
"""
