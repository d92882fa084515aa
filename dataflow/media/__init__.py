"""Images and videos made into model input: probe, sample frames, resize, encode, fetch. Pixels live only here.

`MEDIA_VERSION` is part of the ledger key. Raise it when the bytes that a model is shown for the same file and plan
change: another frame choice, scaler, colour conversion or encoder setting. Leave it for speed, messages and fixes of
files that could not be read at all.
"""

MEDIA_VERSION = 2
