"""How the user writes to people: the language, greeting, closing and signature of a draft, learnt from their sent mail.

Pure. `letters.draft` and `delivery` may import it; it imports `core`, `glossary`, `reading` and `letters.phrases`.
"""
