"""A pack in the formats of others: one composed Paper, and a writer for each format."""
