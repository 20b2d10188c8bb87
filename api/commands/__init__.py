"""The commands of ``kjelda``, one module each; api.cli loads one when it is called."""
