"""What we know: documents, sections, passages, sources, status and vocabulary."""
