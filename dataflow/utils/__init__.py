"""Doors: the paths under which scripts written for the original import what lives elsewhere here."""
