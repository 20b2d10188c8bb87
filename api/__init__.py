"""The rim: command line, HTTP API and web pages."""
