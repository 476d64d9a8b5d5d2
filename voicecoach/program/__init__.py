"""Programmes: routines laid over weeks, which grow step by step."""
