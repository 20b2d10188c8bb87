"""Find it: analyse, embed, index, fuse, rank, excerpt and evaluate."""
