"""What is taken home: papers, bundles, extracts, packs."""
