"""Measures the announcer beside other programs that answer for addresses on a LAN."""
