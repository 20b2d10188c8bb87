"""Course packs: passages that somebody collected, with headings and notes of their own."""
