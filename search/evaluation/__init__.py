"""Evaluation: measures, judged questions, and the run that scores a searcher."""
