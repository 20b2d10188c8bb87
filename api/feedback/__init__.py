"""What readers report of a document or a hit, and what searches found nothing for."""
