"""The states of a named file in the groups that acts, letters and pages ask for.

Which state a file has, and why, is standing.py's.
"""

from attest.domain.standing import ACCEPTED, ATTESTED, ATTESTED_WITH_EXCEPTIONS, OPEN, REJECTED

# With the contractor: to be answered and signed for. Only these can be late, and are chased.
TO_ANSWER = (OPEN, REJECTED)
# With the controllers: signed for, and not yet reviewed by everybody whose review counts.
TO_REVIEW = (ATTESTED, ATTESTED_WITH_EXCEPTIONS)
# Signed for, whatever controllers said of it.
SIGNED = (*TO_REVIEW, ACCEPTED, REJECTED)
