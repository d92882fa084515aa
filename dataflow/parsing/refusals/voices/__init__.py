"""Who speaks, of what, and that it is denied: the words of each language."""

from dataflow.parsing.refusals.voices.east_asian import CHINESE, JAPANESE, KOREAN
from dataflow.parsing.refusals.voices.germanic import DUTCH, ENGLISH, GERMAN
from dataflow.parsing.refusals.voices.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH
from dataflow.parsing.refusals.voices.russian_arabic import ARABIC, RUSSIAN

LATIN = (ENGLISH, SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE, DUTCH)
OTHER_SCRIPTS = (CHINESE, JAPANESE, KOREAN, RUSSIAN, ARABIC)
