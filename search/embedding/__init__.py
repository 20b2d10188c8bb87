"""Embed: the default model and any other SentenceTransformer, behind one Encoder."""
