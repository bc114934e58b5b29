"""The configuration: a file, checked as a whole, becomes settings; settings become accounts, clients and charters as pure values.

One module for each part of the file (account_settings, client_settings, charter_settings, ...). Imports the pure packages and
`store`; `intake`, `delivery` and everything above may import it.
"""
