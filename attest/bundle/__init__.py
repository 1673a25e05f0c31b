"""The bundle: its layout, packing, and the verifier. The standard library and PyNaCl only."""
