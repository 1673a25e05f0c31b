"""Evidence files as bytes: kept under their SHA-256, in a folder or in S3-compatible storage.

What a file is called, who added it and where it is used are rows (attest/database) and events of
a demand's log. Nothing here is ever opened or run, but for pictures (thumbnails.py), and those in
a process of their own.
"""
