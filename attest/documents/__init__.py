"""Papers for people: the certificate, the demand as a PDF, and the work sheet.

None of them is evidence. Each takes a small frozen dataclass and gives the bytes of a PDF; the same
data give the same bytes.
"""
