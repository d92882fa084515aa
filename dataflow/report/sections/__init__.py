"""The sections of the page, one module each. A section without anything to tell is left out."""
