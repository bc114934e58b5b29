"""Store who may enter the dashboard: links that sign in once, and the browsers that are signed in.

Imports what the store does. The store itself imports it.
"""
