"""Who speaks, of what, and that it is denied: the words of each language."""

from dataflow.parsing.refusals.voices.germanic import DUTCH, ENGLISH, GERMAN
from dataflow.parsing.refusals.voices.other_scripts import ARABIC, CHINESE, JAPANESE, KOREAN, RUSSIAN
from dataflow.parsing.refusals.voices.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH

LATIN = (ENGLISH, SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE, DUTCH)
OTHER_SCRIPTS = (CHINESE, JAPANESE, KOREAN, RUSSIAN, ARABIC)
