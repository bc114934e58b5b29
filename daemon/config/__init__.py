"""The configuration: a file, checked whole, becomes settings; settings become the office as values (contract, section 4).

Imports everything that is pure, `store` excepted; `intake`, `delivery` and everything above may import it.
"""
