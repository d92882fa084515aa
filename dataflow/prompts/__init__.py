"""The words we say to models, one file per task. A change of words is a change of questions: they are asked anew."""
