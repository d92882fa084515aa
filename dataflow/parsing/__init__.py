"""From a model's text to data: reasoning taken off, JSON of any health, question-answer pairs, articles, schemas."""
