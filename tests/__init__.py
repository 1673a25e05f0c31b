"""The tests mirror attest/; what several of them share lies beside this file."""
