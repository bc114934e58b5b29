"""The languages that are read: for each its words for times and its tables of rules, and how the language of a text is recognised.

A folder of its own because a further language is added here and nowhere else. Imports nothing else of Kept.
"""
