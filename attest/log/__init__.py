"""One Merkle log a demand: the tree, its leaves and its checkpoints (docs/formats.md §4)."""
